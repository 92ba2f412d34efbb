package net.donut.lab.clab.run;

import java.util.ArrayList;
import java.util.List;
import net.donut.lab.clab.model.NodeSysctl;
import net.donut.lab.clab.plan.Plan;
import net.donut.lab.net.Command;
import net.donut.lab.net.Namespace;

/// Settings of nodes that the kernel does not have.
final class MissingSettings {
  private MissingSettings() {}

  /// Looks for them in the networks of a plan, which must be there: some are of interfaces.
  ///
  /// @return a sentence each
  static List<String> notes(Plan plan) {
    List<String> notes = new ArrayList<>();
    for (Plan.Node node : plan.nodes()) {
      missing(node)
          .forEach(key ->
              notes.add(
                  "%s: topology.nodes.%s.sysctls.%s: has no effect: the kernel has no such setting"
                      .formatted(node.definition().place(), node.name(), key)));
    }
    return notes;
  }

  private static List<String> missing(Plan.Node node) {
    StringBuilder script = new StringBuilder();
    for (NodeSysctl setting : node.definition().start().sysctls()) {
      script.append(
          "[ -e '/proc/sys/%s' ] || echo '%s'\n".formatted(setting.path(), setting.key()));
    }
    return script.isEmpty()
        ? List.of()
        : Command.run(new Namespace(node.namespace()).inside(List.of("sh")), script.toString())
            .lines()
            .toList();
  }
}

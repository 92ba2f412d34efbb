package net.donut.lab.clab.container;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import net.donut.lab.clab.plan.Plan;
import net.donut.lab.docker.Docker;
import net.donut.lab.net.LabException;

/// The nodes of kind `ext-container`: containers that others started under the node's name. A lab
/// puts ends of links into their networks and changes nothing else of them.
record ExternalContainers(Docker docker) {

  /// Throws LabException with every container that is missing, does not run or cannot have its
  /// links.
  void require(Plan plan) {
    List<String> faults = new ArrayList<>();
    for (Plan.Node node : plan.external()) {
      for (String fault : faults(plan, node)) {
        faults.add(
            "%s: topology.nodes.%s: %s".formatted(node.definition().place(), node.name(), fault));
      }
    }
    if (!faults.isEmpty()) {
      throw new LabException(String.join("\n", faults));
    }
  }

  private List<String> faults(Plan plan, Plan.Node node) {
    String name = node.container();
    return ContainerState.find(docker, name)
        .map(state -> faults(plan, node, state))
        .orElseGet(() ->
            List.of(
                "there is no container '%s' (expected: one that runs): start it with: docker run"
                        .formatted(name)
                    + " --detach --name %s IMAGE".formatted(name)));
  }

  private static List<String> faults(Plan plan, Plan.Node node, ContainerState state) {
    String name = node.container();
    if (!state.status().equals("running")) {
      String verb = state.status().equals("paused") ? "unpause" : "start";
      return List.of(
          "container '%s' is %s (expected: running): docker %s %s"
              .formatted(name, state.status(), verb, name));
    }
    if (state.networkMode().equals("host")) {
      return List.of(
          "container '%s' has no network of its own (expected: one started without --network host)"
              .formatted(name));
    }
    Holders.requireHere(state);
    Set<String> taken = interfaces(state.pid());
    return plan.links().stream()
        .flatMap(link -> link.ends().stream())
        .filter(end -> end.namespace().equals(node.namespace()) && taken.contains(end.device()))
        .map(end ->
            "container '%s' has an interface %s already (expected: a free name in its links)"
                .formatted(name, end.device()))
        .toList();
  }

  private static Set<String> interfaces(long pid) {
    Path file = Path.of("/proc", Long.toString(pid), "net", "dev");
    try (Stream<String> lines = Files.lines(file)) {
      return lines
          .skip(2)
          .map(line -> line.substring(0, line.indexOf(':')).strip())
          .collect(Collectors.toUnmodifiableSet());
    } catch (IOException e) {
      throw LabException.of(file, e);
    }
  }

  /// Names their networks.
  void name(Plan plan) {
    Holders holders = new Holders(docker);
    plan.external().forEach(node -> holders.name(node.container(), node.namespace()));
  }
}

package net.donut.lab.clab.model;

import java.util.EnumMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/// Takes nodes that cannot run here out of a topology, with everything that hangs on them: their
/// links, nodes that live in their network, and what waits for them.
public final class LeftOut {
  private final Set<String> names;
  private final TopologyProblems problems;

  private LeftOut(Set<String> names, TopologyProblems problems) {
    this.names = new HashSet<>(names);
    this.problems = problems;
  }

  /// The topology without these nodes, and a warning for each thing that goes with them.
  public static ClabTopology take(
      ClabTopology topology, Set<String> names, TopologyProblems problems) {
    return names.isEmpty() ? topology : new LeftOut(names, problems).take(topology);
  }

  private ClabTopology take(ClabTopology topology) {
    addGuests(topology.nodes());
    List<NodeDefinition> nodes =
        topology.nodes().stream()
            .filter(node -> !names.contains(node.name()))
            .map(this::withoutWaits)
            .toList();
    List<LinkDefinition> links = topology.links().stream().filter(this::stays).toList();
    return new ClabTopology(
        topology.name(),
        topology.prefix(),
        topology.file(),
        topology.text(),
        topology.management(),
        nodes,
        links);
  }

  /// Whoever lives in the network of a node that is left out has none.
  private void addGuests(List<NodeDefinition> nodes) {
    boolean more = true;
    while (more) {
      more = false;
      for (NodeDefinition node : nodes) {
        if (node.network().mode() instanceof NetworkMode.Of(String host)
            && names.contains(host)
            && names.add(node.name())) {
          problems.warning(
              node.place(),
              "topology.nodes.%s: lives in the network of %s: skipped, with its links"
                  .formatted(node.name(), host));
          more = true;
        }
      }
    }
  }

  private boolean stays(LinkDefinition link) {
    boolean stays = !names.contains(link.a().node()) && !names.contains(link.b().node());
    if (!stays) {
      problems.warning(link.place(), "link " + link.name() + ": skipped, with a node of its");
    }
    return stays;
  }

  private NodeDefinition withoutWaits(NodeDefinition node) {
    NodeDefinition.Life life = node.life();
    Map<Stage, Stage.Rules> stages = new EnumMap<>(Stage.class);
    life.stages().forEach((stage, rules) -> stages.put(stage, withoutWaits(node, rules)));
    return node.with(
        new NodeDefinition.Life(life.startupDelaySeconds(), life.restart(), life.health(), stages));
  }

  private Stage.Rules withoutWaits(NodeDefinition node, Stage.Rules rules) {
    List<Stage.Wait> waits =
        rules.waits().stream().filter(wait -> !names.contains(wait.node())).toList();
    rules.waits().stream()
        .filter(wait -> names.contains(wait.node()))
        .forEach(wait ->
            problems.warning(
                wait.place(),
                "topology.nodes.%s: does not wait for %s, which is skipped"
                    .formatted(node.name(), wait.node())));
    return new Stage.Rules(waits, rules.commands());
  }
}

package net.donut.lab.chaos;

import java.util.List;
import java.util.stream.Stream;
import net.donut.lab.run.DonutLab;
import net.donut.lab.topology.LabLink;
import net.donut.lab.topology.LabNode;
import net.donut.lab.topology.Topology;

/// What faults can be done to, by name.
final class Targets {
  private Targets() {}

  static List<String> routers(Topology topology) {
    return topology.edges().map(LabNode.Edge::name).toList();
  }

  static List<String> programs(Topology topology) {
    return Stream.concat(
            topology.edges().map(edge -> DonutLab.agentOf(edge.name())),
            Stream.of(DonutLab.CONTROLLER))
        .toList();
  }

  /// Every link but those to hosts.
  static List<String> links(Topology topology) {
    return topology.links().stream()
        .filter(link -> !(link.kind() instanceof LabLink.Kind.Access))
        .map(LabLink::name)
        .toList();
  }

  static List<String> neighbors(Topology topology) {
    return topology.ourPeerings().map(link -> link.b().node()).toList();
  }

  /// Gives `name` back if it is one of those allowed.
  static String oneOf(String what, String name, List<String> allowed) {
    if (!allowed.contains(name)) {
      throw new IllegalArgumentException(
          what + ": '" + name + "' (expected one of: " + String.join(", ", allowed) + ")");
    }
    return name;
  }
}

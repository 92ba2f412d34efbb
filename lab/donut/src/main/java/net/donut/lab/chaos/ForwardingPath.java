package net.donut.lab.chaos;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.UnaryOperator;
import net.donut.lab.topology.LabLink;
import net.donut.lab.topology.LabNode;
import net.donut.lab.topology.Topology;

/// The path of an address through our routers.
sealed interface ForwardingPath {
  /// It is handed to a neighbor.
  record Leaves(List<String> routers, LabLink exit) implements ForwardingPath {}

  /// The last router has no route for it, or one that discards.
  record Ends(List<String> routers) implements ForwardingPath {}

  /// It comes back to a router it had passed, the last one.
  record Circles(List<String> routers) implements ForwardingPath {}

  /// Follows an address from a router on.
  ///
  /// @param device the interface by which a router sends it on; empty for none
  static ForwardingPath follow(Topology topology, String from, UnaryOperator<String> device) {
    List<String> passed = new ArrayList<>(List.of(from));
    while (true) {
      String at = passed.getLast();
      Optional<LabLink> link = leaving(topology, at, device.apply(at));
      if (link.isEmpty()) {
        return new Ends(List.copyOf(passed));
      }
      String next = link.get().peer(at).node();
      if (!(topology.node(next) instanceof LabNode.Edge)) {
        return new Leaves(List.copyOf(passed), link.get());
      }
      boolean again = passed.contains(next);
      passed.add(next);
      if (again) {
        return new Circles(List.copyOf(passed));
      }
    }
  }

  private static Optional<LabLink> leaving(Topology topology, String router, String device) {
    return topology
        .linksOf(router)
        .filter(link -> link.end(router).device().equals(device))
        .findFirst();
  }
}

package net.donut.lab.chaos;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.UnaryOperator;
import net.donut.lab.topology.Link;
import net.donut.lab.topology.Node;
import net.donut.lab.topology.Topology;

/// The way of an address through our routers.
sealed interface Way {
  /// It is handed to a neighbor.
  record Leaves(List<String> routers, Link exit) implements Way {}

  /// The last router has no route for it, or one that discards.
  record Ends(List<String> routers) implements Way {}

  /// It comes back to a router it had passed, the last one.
  record Circles(List<String> routers) implements Way {}

  /// Follows an address from a router on.
  ///
  /// @param device the interface by which a router sends it on; empty for none
  static Way follow(Topology topology, String from, UnaryOperator<String> device) {
    List<String> passed = new ArrayList<>(List.of(from));
    while (true) {
      String at = passed.getLast();
      Optional<Link> link = leaving(topology, at, device.apply(at));
      if (link.isEmpty()) {
        return new Ends(List.copyOf(passed));
      }
      String next = link.get().peer(at).node();
      if (!(topology.node(next) instanceof Node.Edge)) {
        return new Leaves(List.copyOf(passed), link.get());
      }
      boolean again = passed.contains(next);
      passed.add(next);
      if (again) {
        return new Circles(List.copyOf(passed));
      }
    }
  }

  private static Optional<Link> leaving(Topology topology, String router, String device) {
    return topology
        .linksOf(router)
        .filter(link -> link.end(router).device().equals(device))
        .findFirst();
  }
}

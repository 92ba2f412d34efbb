package net.donut.core;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import net.donut.core.policy.NeighborConfig;
import net.donut.core.policy.Policy;
import net.donut.model.Family;
import net.donut.model.IpAddress;

/// The neighbors by number and by name, our own networks first. Owned by the engine's thread.
final class CoreNeighbors {
  static final int MOST = 0xffff;

  private final List<Neighbor> all = new ArrayList<>();
  private final Map<String, Neighbor> byName = new HashMap<>();

  CoreNeighbors() {
    all.add(new Neighbor(Neighbor.OWN, "own"));
  }

  /// Takes over the neighbors of a policy; returns those that are no longer in it.
  List<Neighbor> configure(Policy policy, Routers routers) {
    Map<String, NeighborConfig> configs = new HashMap<>();
    policy.neighbors().forEach(config -> configs.put(config.name(), config));
    List<Neighbor> gone = new ArrayList<>();
    for (Neighbor neighbor : all.subList(1, all.size())) {
      if (neighbor.isConfigured() && !configs.containsKey(neighbor.name)) {
        gone.add(neighbor);
      }
    }
    for (NeighborConfig config : policy.neighbors()) {
      Neighbor neighbor = byName.computeIfAbsent(config.name(), this::add);
      neighbor.configure(config, routers.index(config.router()));
    }
    return gone;
  }

  private Neighbor add(String name) {
    if (all.size() > MOST) {
      throw new IllegalArgumentException("neighbors: more than " + MOST + " since the start");
    }
    Neighbor neighbor = new Neighbor(all.size(), name);
    all.add(neighbor);
    return neighbor;
  }

  /// One more than the largest number.
  int size() {
    return all.size();
  }

  Neighbor get(int index) {
    return all.get(index);
  }

  List<Neighbor> all() {
    return all;
  }

  /// The neighbors of the policy, without our own networks.
  List<Neighbor> configured() {
    return all.stream().filter(n -> !n.isOwn() && n.isConfigured()).toList();
  }

  /// Throws IllegalArgumentException naming those known.
  Neighbor named(String name) {
    Neighbor found = byName.get(name);
    if (found == null || !found.isConfigured()) {
      TreeSet<String> names = new TreeSet<>();
      configured().forEach(neighbor -> names.add(neighbor.name));
      throw new IllegalArgumentException("neighbor: " + name + " (expected: one of " + names + ")");
    }
    return found;
  }

  /// The position of each neighbor in the order of the last steps: BGP identifier, those not known
  /// last, then address, then name.
  int[] tieOrder(Family family) {
    List<Neighbor> sorted = new ArrayList<>(all);
    Comparator<Neighbor> byIdentifier =
        Comparator.comparing(
            neighbor -> neighbor.identifier(family),
            Comparator.nullsLast(Comparator.<IpAddress>naturalOrder()));
    sorted.sort(
        byIdentifier
            .thenComparing(neighbor -> neighbor.address(family))
            .thenComparing(neighbor -> neighbor.name));
    int[] order = new int[all.size()];
    for (int i = 0; i < sorted.size(); i++) {
      order[sorted.get(i).index] = i;
    }
    return order;
  }
}

package net.donut.controller.northbound;

import java.util.Comparator;
import net.donut.api.agent.v1.FibEntry;
import net.donut.api.agent.v1.FibNextHop;
import org.jspecify.annotations.Nullable;

/// What the kernel of a router makes of the next hops of a prefix now. A kernel acts on a lost link
/// or a dead gateway before the controller hears of it.
record KernelHops(@Nullable FibEntry entry) {

  static KernelHops of(@Nullable FibEntry entry) {
    return new KernelHops(entry != null && entry.getInKernel() ? entry : null);
  }

  /// Whether packets go by a next hop of ours: it has buckets of the group in use, or is the first
  /// that is alive where the kernel does not count.
  boolean carries(int index) {
    FibNextHop hop = find(index);
    if (entry == null || hop == null || !hop.getAlive()) {
      return false;
    }
    boolean counted = entry.getNextHopsList().stream().anyMatch(one -> one.getBuckets() > 0);
    return counted ? hop.getBuckets() > 0 : hop.equals(firstAlive(entry));
  }

  /// Why packets cannot go by a next hop of ours, empty where nothing is known against it.
  String obstacle(int index) {
    FibNextHop hop = find(index);
    return hop == null || hop.getAlive()
        ? ""
        : "the router has marked its next hop %s as dead".formatted(hop.getAddress());
  }

  private @Nullable FibNextHop find(int index) {
    if (entry == null) {
      return null;
    }
    return entry.getNextHopsList().stream()
        .filter(hop -> hop.getNextHopIndex() == index)
        .findFirst()
        .orElse(null);
  }

  private static @Nullable FibNextHop firstAlive(FibEntry entry) {
    return entry.getNextHopsList().stream()
        .filter(FibNextHop::getAlive)
        .min(Comparator.comparingInt(FibNextHop::getRank))
        .orElse(null);
  }
}

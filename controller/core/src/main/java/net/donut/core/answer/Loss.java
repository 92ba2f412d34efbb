package net.donut.core.answer;

import java.util.Set;
import java.util.TreeSet;

/// Prefixes that nobody announces since neighbors were lost, and the numbers of those neighbors
/// that announced one of them.
public record Loss(Set<Integer> neighbors, long prefixes) {
  public static final Loss NONE = new Loss(Set.of(), 0);

  public Loss {
    neighbors = Set.copyOf(neighbors);
  }

  public Loss plus(Loss other) {
    TreeSet<Integer> all = new TreeSet<>(neighbors);
    all.addAll(other.neighbors);
    return new Loss(all, prefixes + other.prefixes);
  }
}

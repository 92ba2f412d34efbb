package net.donut.agent.fib;

import net.donut.model.Family;

/// Hashes whose sums compare two sets of entries whatever their order.
public final class Digests {
  private Digests() {}

  /// The hash of one route: its network instance's table, its prefix and its group.
  public static long route(
      int table, Family family, long high, long low, int length, long nextHopGroup) {
    long hash = mix(table * 31L + family.afi());
    hash = mix(hash ^ high);
    hash = mix(hash ^ low);
    hash = mix(hash ^ length);
    return mix(hash ^ nextHopGroup);
  }

  /// The finalizer of SplitMix64.
  private static long mix(long value) {
    long z = value + 0x9e3779b97f4a7c15L;
    z = (z ^ (z >>> 30)) * 0xbf58476d1ce4e5b9L;
    z = (z ^ (z >>> 27)) * 0x94d049bb133111ebL;
    return z ^ (z >>> 31);
  }
}

package net.donut.agent.fib;

import java.util.ArrayList;
import java.util.List;

/// Weights of a protected group: levels of members, of which the first that lives carries
/// everything. Pure.
final class Weights {
  /*
   * The kernel gives a member round(BUCKETS * weight / total) buckets of a resilient group. A level
   * below must round to none while one member above lives: with S the sum of all weights below,
   *
   *   BUCKETS * S / (w + S) < 1/2   <=>   w > (2 * BUCKETS - 1) * S
   *
   * so the smallest weight of a level is 15 S + 1: one member a level gives 256, 16, 1. It stays
   * true when the kernel drops members, whichever they are. Eight buckets also spread up to eight
   * equals evenly enough, and the number need not change when a group grows (the kernel would refuse
   * that).
   */
  static final int BUCKETS = 8;

  /// The largest weight of kernels before 6.12.
  static final int NARROW = 256;

  /// The largest weight of later ones.
  static final int WIDE = 65536;

  private Weights() {}

  /// The weight of each member of each level, the first level first. Levels that cannot be kept
  /// apart from those above within `largest` are left out at the end.
  static List<int[]> of(List<long[]> shares, int largest) {
    for (int kept = shares.size(); kept > 1; kept--) {
      List<int[]> weights = tryLevels(shares.subList(0, kept), largest);
      if (weights.size() == kept) {
        return weights;
      }
    }
    return tryLevels(shares.subList(0, Math.min(1, shares.size())), largest);
  }

  /// From the last level up; a shorter list when a level did not fit.
  private static List<int[]> tryLevels(List<long[]> shares, int largest) {
    List<int[]> weights = new ArrayList<>();
    long below = 0;
    for (int level = shares.size() - 1; level >= 0; level--) {
      long unit = (2L * BUCKETS - 1) * below + 1;
      if (unit > largest) {
        return weights;
      }
      int[] scaled = scale(shares.get(level), unit, largest);
      weights.addFirst(scaled);
      for (int weight : scaled) {
        below += weight;
      }
    }
    return weights;
  }

  /// Weights in the proportion of the shares, the smallest `unit` and none above `largest`; a
  /// proportion too steep for that is flattened.
  private static int[] scale(long[] shares, long unit, int largest) {
    long smallest = Long.MAX_VALUE;
    long greatest = 1;
    for (long share : shares) {
      smallest = Math.min(smallest, share);
      greatest = Math.max(greatest, share);
    }
    double factor = Math.min((double) unit / smallest, (double) largest / greatest);
    int[] weights = new int[shares.length];
    for (int i = 0; i < shares.length; i++) {
      weights[i] = (int) Math.clamp(Math.round(shares[i] * factor), unit, largest);
    }
    return weights;
  }
}

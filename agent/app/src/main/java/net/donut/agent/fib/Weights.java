package net.donut.agent.fib;

import java.util.ArrayList;
import java.util.List;

/// Weights of a protected group: levels of members, of which the first that lives carries
/// everything. Pure.
final class Weights {
  /*
   * A member weighs `ratio` times all weights below it and one more. That stays true when the kernel
   * drops members, whichever they are.
   *
   * The kernel gives a member round(BUCKETS * weight / total) buckets of a resilient group. A level
   * below must round to none while one member above lives: with S the sum of all weights below,
   *
   *   BUCKETS * S / (w + S) < 1/2   <=>   w > (2 * BUCKETS - 1) * S
   *
   * so the ratio is 15: one member a level gives 256, 16, 1. Eight buckets also spread up to eight
   * equals evenly enough, and the number need not change when a group grows (the kernel would refuse
   * that).
   *
   * A hash-threshold group has no buckets to round: what is below gets its share always. The ratio is
   * 255, the most for which two levels fit a narrow weight: 256, 1, and a share of 1/257. No sink may
   * stand there, or it swallows that share.
   */
  static final int BUCKETS = 8;

  /// The largest weight of kernels before 6.12.
  static final int NARROW = 256;

  /// The largest weight of later ones.
  static final int WIDE = 65536;

  /// What the weights of a kind of group keep to.
  ///
  /// @param buckets of a resilient group; 0 for a hash-threshold group
  /// @param largest the largest weight the kernel takes
  record Rule(int buckets, int largest) {
    static Rule resilient(int largest) {
      return new Rule(BUCKETS, largest);
    }

    static Rule hashThreshold(int largest) {
      return new Rule(0, largest);
    }

    /// Whether every level has a share of the flows, however small.
    boolean leaks() {
      return buckets == 0;
    }

    /// How many times all weights below it a member weighs at the least.
    int ratio() {
      return leaks() ? NARROW - 1 : 2 * buckets - 1;
    }
  }

  private Weights() {}

  /// The weight of each member of each level, the first level first. Levels that cannot be kept
  /// apart from those above within the largest weight are left out at the end.
  static List<int[]> of(List<long[]> shares, Rule rule) {
    for (int kept = shares.size(); kept > 1; kept--) {
      List<int[]> weights = tryLevels(shares.subList(0, kept), rule);
      if (weights.size() == kept) {
        return weights;
      }
    }
    return tryLevels(shares.subList(0, Math.min(1, shares.size())), rule);
  }

  /// From the last level up; a shorter list when a level did not fit.
  private static List<int[]> tryLevels(List<long[]> shares, Rule rule) {
    List<int[]> weights = new ArrayList<>();
    long below = 0;
    for (int level = shares.size() - 1; level >= 0; level--) {
      long unit = rule.ratio() * below + 1;
      if (unit > rule.largest()) {
        return weights;
      }
      int[] scaled = scale(shares.get(level), unit, rule.largest());
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

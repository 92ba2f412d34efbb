package net.donut.core.decision;

import net.donut.model.Origin;

/// The steps before MED, packed so that the lower number wins: one comparison stands for six steps.
public final class Rank {
  /*
   * bit  60      drained
   * bit  59      passed over by an override
   * bits 55..58  not used
   * bits 52..54  band
   * bit  51      graceful shutdown
   * bits 19..50  degree of preference, inverted
   * bits  2..18  AS_PATH length, at most 131071
   * bits  0..1   ORIGIN
   */
  private static final long DRAINED = 1L << 60;
  private static final long PASSED_OVER = 1L << 59;

  private static final int BAND_SHIFT = 52;
  private static final int SHUTDOWN_SHIFT = 51;
  private static final int DEGREE_SHIFT = 19;
  private static final int LENGTH_SHIFT = 2;
  private static final int LONGEST = (1 << 17) - 1;
  private static final long DEGREE_MASK = 0xffff_ffffL;

  private Rank() {}

  /// `degree` is 0..4294967295, higher is better.
  @SuppressWarnings("EnumOrdinal") // The order of Origin is the order of preference by definition.
  public static long of(
      int band, BestPath.Shutdown shutdown, long degree, int asPathLength, Origin origin) {
    return (long) band << BAND_SHIFT
        | (shutdown == BestPath.Shutdown.GRACEFUL ? 1L << SHUTDOWN_SHIFT : 0)
        | (DEGREE_MASK - degree) << DEGREE_SHIFT
        | (long) Math.min(asPathLength, LONGEST) << LENGTH_SHIFT
        | origin.ordinal();
  }

  /// What operators said of a path, to be added to its rank.
  public static long of(BestPath.Word word) {
    return switch (word) {
      case NONE -> 0;
      case PASSED_OVER -> PASSED_OVER;
      case DRAINED -> DRAINED;
    };
  }

  /// The first step at which two different ranks differ.
  static Step step(long one, long other) {
    long difference = one ^ other;
    if ((difference & DRAINED) != 0) {
      return Step.DRAINED;
    }
    if ((difference & PASSED_OVER) != 0) {
      return Step.OVERRIDE;
    }
    if (difference >>> BAND_SHIFT != 0) {
      return Step.BAND;
    }
    if (difference >>> SHUTDOWN_SHIFT != 0) {
      return Step.GRACEFUL_SHUTDOWN;
    }
    if (difference >>> DEGREE_SHIFT != 0) {
      return Step.PREFERENCE;
    }
    return difference >>> LENGTH_SHIFT != 0 ? Step.AS_PATH_LENGTH : Step.ORIGIN;
  }
}

package net.donut.bgp;

import java.time.Instant;

/// When something happened: the wall clock's time for operators, and the monotonic clock's for
/// comparisons, since the wall clock may jump.
///
/// @param nanos of `System.nanoTime`, which has a meaning only inside one process
public record Moment(Instant wallClock, long nanos) {
  public static Moment now() {
    return new Moment(Instant.now(), System.nanoTime());
  }

  public boolean isAfter(Moment other) {
    return nanos - other.nanos > 0;
  }
}

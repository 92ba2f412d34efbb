package net.donut.bgp;

import java.time.Instant;

/// When something happened: the wall clock's time for operators, and the monotonic clock's for
/// comparisons, since the wall clock may jump.
///
/// @param nanos of `System.nanoTime`, which has a meaning only inside one process
public record ClockReading(Instant wallClock, long nanos) {
  public static ClockReading now() {
    return new ClockReading(Instant.now(), System.nanoTime());
  }

  public boolean isAfter(ClockReading other) {
    return nanos - other.nanos > 0;
  }
}

package net.donut.core.policy;

import java.time.Duration;

/// How long things are kept: `staleHold` is how long the routes of a lost neighbor wait, masked,
/// for its return.
public record Timers(Duration staleHold) {
  public static final Timers DEFAULT = new Timers(Duration.ofSeconds(60));

  public Timers {
    if (staleHold.isNegative()) {
      throw new IllegalArgumentException("stale-hold: " + staleHold + " (expected: 0s or more)");
    }
  }
}

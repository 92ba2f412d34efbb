package net.donut.core.policy;

import java.time.Duration;
import net.donut.model.ReturnHolds;

/// How long things are kept or held back.
///
/// @param staleHold how long the routes of a lost neighbor wait, masked, for its return
/// @param returnHold how long what returned must stay well before it carries traffic
public record Timers(Duration staleHold, ReturnHolds.Range returnHold) {
  public static final Timers DEFAULT =
      new Timers(Duration.ofSeconds(60), ReturnHolds.Range.DEFAULT);

  public Timers {
    if (staleHold.isNegative()) {
      throw new IllegalArgumentException("stale-hold: " + staleHold + " (expected: 0s or more)");
    }
  }
}

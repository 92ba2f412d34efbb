package net.donut.agent.rib;

import java.util.concurrent.TimeUnit;

/// Whether a neighbor withdraws so much at once that it is likely to be losing its way out, and the
/// rest of its routes to follow. Pure; time comes in.
///
/// A burst begins with [#FEWEST] withdrawals within a second that are also [#PERCENT] of the table,
/// or with [#PLENTY] of any table, and ends with a second that has less than a tenth of that and
/// leaves nothing to tell.
final class WithdrawalBurst {
  static final int FEWEST = 1_500;
  static final int PERCENT = 2;
  static final int PLENTY = 5_000;
  static final long WINDOW_NANOS = TimeUnit.SECONDS.toNanos(1);

  private long windowNanos;
  private long withdrawn;
  private long enough;
  private boolean running;

  /// Routes were withdrawn and so many are left. Returns whether a burst begins with that.
  boolean withdrew(long count, long left, long nowNanos) {
    if (!running && nowNanos - windowNanos >= WINDOW_NANOS) {
      begin(nowNanos);
    }
    withdrawn += count;
    if (running) {
      return false;
    }
    enough = Math.clamp((left + withdrawn) * PERCENT / 100, FEWEST, PLENTY);
    running = withdrawn >= enough;
    return running;
  }

  private void begin(long nowNanos) {
    windowNanos = nowNanos;
    withdrawn = 0;
  }

  /// Lets time pass. `told` says whether a controller has heard of everything. Returns whether the
  /// burst ends now.
  boolean ends(boolean told, long nowNanos) {
    if (!running || nowNanos - windowNanos < WINDOW_NANOS) {
      return false;
    }
    boolean calm = told && withdrawn < enough / 10;
    begin(nowNanos);
    running = !calm;
    return calm;
  }

  /// The session ended: nothing is known any more. Returns whether a burst ends with it.
  boolean reset() {
    boolean ended = running;
    running = false;
    withdrawn = 0;
    return ended;
  }
}

package net.donut.lab.chaos;

/// How long an address may still be without an exit: a while after each fault that takes exits
/// away, counted only when the programs that have to heal it run. A fault that takes none gives
/// none.
final class Grace {
  /// For a control plane that is whole.
  static final long HEAL_NANOS = 3_000_000_000L;

  /// What a program that came back may take until it heals: a controller waits up to 30 s for the
  /// sessions it has not heard.
  static final long RESYNC_NANOS = 35_000_000_000L;

  private long left;
  private long counted;
  private int stopped;
  private long wholeFrom;

  /// @param now as of `System.nanoTime`, as in every method
  Grace(long now) {
    counted = now;
    wholeFrom = now;
  }

  /// Exits went, or returned: both move routes.
  void exitsChanged(long now) {
    count(now);
    left = HEAL_NANOS;
  }

  void programStopped(long now) {
    count(now);
    stopped++;
  }

  void programReturned(long now) {
    count(now);
    stopped--;
    wholeFrom = now + RESYNC_NANOS;
  }

  boolean excuses(long now) {
    count(now);
    return left > 0;
  }

  private void count(long now) {
    if (stopped == 0) {
      long from = counted - wholeFrom > 0 ? counted : wholeFrom;
      left -= Math.max(0, now - from);
    }
    counted = now;
  }
}

package net.donut.controller.rib;

import java.util.concurrent.TimeUnit;

/// How long the sessions of an agent are waited for: so long as they may need to come up, and
/// longer while a table is arriving. Times are nanoseconds of `System.nanoTime`.
final class SessionWait {
  static final long LEAST_NANOS = TimeUnit.SECONDS.toNanos(30);

  /// A table is arriving while less time than this passes between its routes.
  private static final long SILENCE_NANOS = TimeUnit.SECONDS.toNanos(5);

  /// A neighbor that never sends an end marker is not waited for forever.
  private static final long MOST_NANOS = TimeUnit.MINUTES.toNanos(10);

  private final long last;
  private long ends;

  SessionWait(long now) {
    ends = now + LEAST_NANOS;
    last = now + MOST_NANOS;
  }

  /// A session brought routes of a table that is not complete.
  void tableArrives(long now) {
    ends = Math.max(ends, Math.min(now + SILENCE_NANOS, last));
  }

  boolean isOver(long now) {
    return now >= ends;
  }

  /// When it is over, unless a table arrives.
  long ends() {
    return ends;
  }
}

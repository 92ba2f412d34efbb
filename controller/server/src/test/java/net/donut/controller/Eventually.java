package net.donut.controller;

import java.time.Duration;
import java.util.concurrent.locks.LockSupport;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;

/// Looks until an assertion about another thread or process holds, at most ten seconds.
public final class Eventually {
  private static final long DEADLINE_NANOS = Duration.ofSeconds(10).toNanos();
  private static final long LOOK_NANOS = Duration.ofMillis(5).toNanos();

  private Eventually() {}

  public static void eventually(ThrowingCallable assertion) throws Throwable {
    long deadline = System.nanoTime() + DEADLINE_NANOS;
    while (true) {
      try {
        assertion.call();
        return;
      } catch (AssertionError e) {
        if (System.nanoTime() > deadline) {
          throw e;
        }
        LockSupport.parkNanos(LOOK_NANOS);
      }
    }
  }
}

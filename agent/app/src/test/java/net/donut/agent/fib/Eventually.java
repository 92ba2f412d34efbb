package net.donut.agent.fib;

import java.time.Duration;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;

/// Waits for what other threads and the kernel do, with a deadline.
public final class Eventually {
  private static final Duration DEADLINE = Duration.ofSeconds(20);

  private Eventually() {}

  public static void until(String what, BooleanSupplier condition) {
    until(what, () -> "", condition);
  }

  /// Polls until the condition holds; `state` explains a failure.
  public static void until(String what, Supplier<?> state, BooleanSupplier condition) {
    long end = System.nanoTime() + DEADLINE.toNanos();
    while (!condition.getAsBoolean()) {
      if (System.nanoTime() - end > 0) {
        throw new AssertionError("not within " + DEADLINE + ": " + what + " " + state.get());
      }
      java.util.concurrent.locks.LockSupport.parkNanos(Duration.ofMillis(5).toNanos());
    }
  }
}

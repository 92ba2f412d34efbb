package net.donut.lab.net;

import java.time.Duration;
import java.util.function.BooleanSupplier;

/// Waiting, always with an end.
public final class Pause {
  private Pause() {}

  /// Lets time pass. Throws LabException when the thread is asked to end.
  public static void of(Duration duration) {
    try {
      Thread.sleep(duration);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new LabException("interrupted", e);
    }
  }

  /// Polls until a condition holds. Throws LabException with `what` when it does not in time.
  public static void until(String what, Duration limit, BooleanSupplier condition) {
    long deadline = System.nanoTime() + limit.toNanos();
    while (!condition.getAsBoolean()) {
      if (System.nanoTime() > deadline) {
        throw new LabException(what + ": not within " + limit.toSeconds() + " s");
      }
      of(Duration.ofMillis(20));
    }
  }
}

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

  /// Does what must be done also on a thread that was asked to end, and asks it again afterwards.
  public static void undisturbed(Runnable work) {
    boolean interrupted = Thread.interrupted();
    try {
      work.run();
    } finally {
      if (interrupted) {
        Thread.currentThread().interrupt();
      }
    }
  }

  /// Waits for the end of a thread, also on a thread that was asked to end.
  public static void join(Thread thread) {
    boolean interrupted = false;
    while (thread.isAlive()) {
      try {
        thread.join();
      } catch (InterruptedException e) {
        interrupted = true;
      }
    }
    if (interrupted) {
      Thread.currentThread().interrupt();
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

package net.donut.tls;

import java.time.Duration;
import java.util.concurrent.locks.LockSupport;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;

/// Waits for something another process or thread does, up to a deadline.
public final class Eventually {
  private static final long POLL_NANOS = 10_000_000;

  private Eventually() {}

  /// Tries an assertion until it holds; after `patience` its failure is thrown.
  public static void eventually(Duration patience, ThrowingCallable assertion) {
    long deadline = System.nanoTime() + patience.toNanos();
    while (true) {
      try {
        assertion.call();
        return;
      } catch (AssertionError e) {
        if (System.nanoTime() > deadline) {
          throw e;
        }
      } catch (RuntimeException | Error e) {
        throw e;
      } catch (Throwable e) {
        throw new IllegalStateException(e);
      }
      LockSupport.parkNanos(POLL_NANOS);
    }
  }
}

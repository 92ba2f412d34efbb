package net.donut.lab.run;

import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/// Makes SIGINT and SIGTERM end a lab in order: the thread that runs it is interrupted, and the
/// process ends when that thread has put everything away, or after a limit.
public final class InterruptGuard implements AutoCloseable {
  private static final long LIMIT_SECONDS = 40;

  private final CountDownLatch done = new CountDownLatch(1);
  private final Thread hook;

  public InterruptGuard() {
    Thread owner = Thread.currentThread();
    hook =
        Thread.ofPlatform()
            .name("lab-end")
            .unstarted(() -> {
              owner.interrupt();
              try {
                boolean _ = done.await(LIMIT_SECONDS, TimeUnit.SECONDS);
              } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
              }
            });
    Runtime.getRuntime().addShutdownHook(hook);
  }

  @Override
  public void close() {
    done.countDown();
    try {
      Runtime.getRuntime().removeShutdownHook(hook);
    } catch (IllegalStateException e) {
      // The process is ending already: the hook waits for nothing any more.
      done.countDown();
    }
  }
}

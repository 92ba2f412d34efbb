package net.donut.agent.bfd;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;
import net.donut.bfd.BfdSettings.AdminState;
import net.donut.wire.bfd.BfdState;

/// Counts false downs while this virtual machine collects a large heap on every processor, and
/// shows how long a thread in it was stopped meanwhile: `BfdUnderLoad [MILLIS [MULTIPLIER
/// [SECONDS]]]`. The neighbor is BIRD; what it thinks of us counts as well.
final class BfdUnderLoad {
  private static final int LIVE_ARRAYS = 4_000_000;

  private BfdUnderLoad() {}

  public static void main(String[] arguments) {
    int millis = arguments.length > 0 ? Integer.parseInt(arguments[0]) : 50;
    int multiplier = arguments.length > 1 ? Integer.parseInt(arguments[1]) : 3;
    int seconds = arguments.length > 2 ? Integer.parseInt(arguments[2]) : 30;
    try (BfdNetwork network = new BfdNetwork();
        BfdHarness harness = new BfdHarness(network)) {
      BfdNeighbor.BIRD.start(network, millis, multiplier);
      harness.link().configure(BfdHarness.both(millis, AdminState.ENABLED));
      harness.awaitBoth("up", status -> status.state() == BfdState.UP);
      harness.await("up at BIRD", () -> BfdNeighbor.BIRD.isUp(network, BfdNetwork.OURS6));
      long until = System.nanoTime() + TimeUnit.SECONDS.toNanos(seconds);
      AtomicLong longest = new AtomicLong();
      List<Thread> threads = new ArrayList<>(garbage(until));
      threads.add(Thread.ofPlatform().start(() -> longest.set(longestStop(until, millis))));
      for (Thread thread : threads) {
        join(thread);
      }
      System.out.printf(
          "%d ms x %d, %d s: losses v4 %d, v6 %d; a thread in the loaded machine was late by %d ms"
              + " at most%n",
          millis,
          multiplier,
          seconds,
          harness.status("v4").losses(),
          harness.status("v6").losses(),
          TimeUnit.NANOSECONDS.toMillis(longest.get()));
    }
  }

  private static List<Thread> garbage(long until) {
    List<Thread> threads = new ArrayList<>();
    for (int i = 0; i < Runtime.getRuntime().availableProcessors(); i++) {
      threads.add(
          Thread.ofPlatform()
              .start(() -> {
                byte[][] live = new byte[LIVE_ARRAYS][];
                for (int at = 0; System.nanoTime() < until; at = (at + 7) % LIVE_ARRAYS) {
                  live[at] = new byte[64];
                }
              }));
    }
    return threads;
  }

  /// What a sender in this virtual machine would suffer.
  private static long longestStop(long until, int millis) {
    long longest = 0;
    for (long now = System.nanoTime(); now < until; ) {
      LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(millis));
      long then = System.nanoTime();
      longest = Math.max(longest, then - now - TimeUnit.MILLISECONDS.toNanos(millis));
      now = then;
    }
    return longest;
  }

  private static void join(Thread thread) {
    try {
      thread.join();
    } catch (InterruptedException e) {
      throw new AssertionError(e);
    }
  }
}

package net.donut.tls;

import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;

/// How many lines a second a peer may make us log: any thread of gRPC may ask, so the second and
/// its count are one atomic word.
final class LogBudget {
  private static final int LINES_A_SECOND = 5;
  private static final int COUNT_BITS = 20;

  private final AtomicLong secondAndCount = new AtomicLong();

  boolean take() {
    long second = TimeUnit.NANOSECONDS.toSeconds(System.nanoTime());
    long next =
        secondAndCount.updateAndGet(now ->
            now >> COUNT_BITS == second
                ? Math.min(now + 1, (second << COUNT_BITS) + LINES_A_SECOND + 1)
                : (second << COUNT_BITS) + 1);
    return (next & ((1 << COUNT_BITS) - 1)) <= LINES_A_SECOND;
  }
}

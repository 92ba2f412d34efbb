package net.donut.agent.fib;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.locks.LockSupport;
import net.donut.fixtures.Eventually;
import net.donut.fixtures.NeedsKernel;
import net.donut.model.IpAddress;
import net.donut.netlink.KernelEvent;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// Seeded disorder: links that flap, hands that edit, clients that change their minds, restarts.
/// When it is quiet the kernel is as intended.
@NeedsKernel
class FibChaosTest {
  private static final int STEPS = 60;

  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3})
  void after_disorder_the_kernel_is_as_intended(long seed) throws InterruptedException {
    Random random = new Random(seed);
    try (TestRouter router = new TestRouter()) {
      program(router, random);
      for (int step = 0; step < STEPS; step++) {
        disturb(router, random);
        LockSupport.parkNanos(Duration.ofMillis(random.nextInt(60)).toNanos());
      }
      router.restoreLeft();
      router.restoreRight();
      program(router, random);
      router.fib().sweepUnclaimed();

      Eventually.until(
          "all installed, seed " + seed,
          () -> router.counters() + " " + drift(router),
          () ->
              router.counters().installed() == router.counters().intended()
                  && router.counters().unclaimed() == 0
                  && drift(router).isEmpty());
      assertThat(router.counters().intended()).isEqualTo(301 + 1);
      assertThat(router.buckets(1_000_000_001)).contains(" x8");
    }
  }

  private static void program(TestRouter router, Random random) throws InterruptedException {
    router.gateway(1, TestRouter.LEFT);
    router.gateway(2, TestRouter.RIGHT, "right");
    router.gateway(3, IpAddress.parse("fd00:1::2"), "left");
    router.gateway(4, IpAddress.parse("fd00:2::2"), "right");
    router.group(2, 0, 2);
    router.group(1, 2, 1);
    router.group(4, 0, 4);
    router.group(3, 4, 3);
    router.manyRoutes(300, random.nextBoolean() ? 1 : 2);
    router.route("10.99.0.0/16", 3);
    router.route("2001:db8::/32", random.nextBoolean() ? 3 : 4);
  }

  private static void disturb(TestRouter router, Random random) throws InterruptedException {
    switch (random.nextInt(12)) {
      case 0, 1 -> router.cutLeft();
      case 2, 3 -> router.restoreLeft();
      case 4 -> router.cutRight();
      case 5 -> router.restoreRight();
      case 6 -> tryIp(router, "route del 20.0.7.0/24 metric 20");
      case 7 -> tryIp(router, "nexthop del id 1000000001");
      case 8 -> tryIp(router, "nexthop del id 1200000002");
      case 9 -> router.manyRoutes(300, 1 + random.nextInt(2));
      case 10 ->
          router
              .fib()
              .ask(plane -> {
                plane.handle(new KernelEvent.Overrun());
                return true;
              });
      default -> {
        if (random.nextInt(4) == 0) {
          router.restart();
          program(router, random);
        } else {
          router.group(1, random.nextBoolean() ? 2 : 0, 1);
        }
      }
    }
  }

  /// What is to be edited may be gone at that moment.
  private static void tryIp(TestRouter router, String words) {
    try {
      router.ip(words);
    } catch (IllegalStateException e) {
      assertThat(e).hasMessageMatching("(?s).*(No such|does not exist).*");
    }
  }

  private static List<InspectEntry> drift(TestRouter router) {
    List<InspectEntry> entries = new ArrayList<>();
    try {
      router.inspect(new InspectQuery.Drift(), entries);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    return entries;
  }
}

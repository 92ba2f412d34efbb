package net.donut.agent.fib;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import net.donut.fixtures.Eventually;
import net.donut.fixtures.NeedsKernel;
import net.donut.fixtures.RunsAlone;
import net.donut.model.IpAddress;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/// How traffic leaves gateways that failed and returns to them, in a real kernel.
@NeedsKernel
@RunsAlone
class FailoverTest {
  private static final int GROUP_1 = 1_000_000_001;
  private static final int GROUP_1_IPV6 = 1_100_000_001;
  private static final String HOP_1 = "1200000001";
  private static final String HOP_2 = "1200000002";
  private static final String HOP_3 = "1200000003";
  private static final Adjacency LEFT = new Adjacency(TestRouter.LEFT, "left");
  private static final String SESSIONS = "sessions";

  private TestRouter router;

  @SuppressWarnings("NullAway.Init")
  FailoverTest() {}

  @BeforeEach
  void start() throws InterruptedException {
    router = new TestRouter();
  }

  @AfterEach
  void stop() {
    router.close();
  }

  /// Group 1 leads left, then right, then to the third.
  private void chain() throws InterruptedException {
    router.gateway(1, TestRouter.LEFT);
    router.gateway(2, TestRouter.RIGHT);
    router.gateway(3, TestRouter.THIRD);
    router.group(3, 0, 3);
    router.group(2, 3, 2);
    router.group(1, 2, 1);
  }

  private void judge(Failure failure, Adjacency... failed) {
    router.fib().judge(SESSIONS, Set.of(failed), failure);
  }

  private void untilBuckets(int group, String expected) {
    Eventually.until(
        "buckets " + expected,
        () -> router.ip("nexthop show") + router.buckets(group),
        () -> router.buckets(group).equals(expected));
  }

  @Test
  void traffic_leaves_a_gateway_whose_session_ended_and_keeps_it_for_when_nothing_else_is_left()
      throws InterruptedException {
    chain();
    router.manyRoutes(100, 1);

    judge(Failure.SESSION_ENDED, LEFT);

    untilBuckets(GROUP_1, HOP_2 + " x8");
    router.cutRight();
    untilBuckets(GROUP_1, HOP_3 + " x8");
    router.cutThird();
    untilBuckets(GROUP_1, HOP_1 + " x8");
    assertThat(router.kernelRoutes()).isEqualTo(100);
    assertThat(router.counters().installed()).isEqualTo(100);
  }

  @Test
  void a_gateway_that_packets_do_not_reach_is_out_of_every_group() throws InterruptedException {
    chain();
    router.group(4, 0, 1, 2);
    router.manyRoutes(100, 1);

    judge(Failure.UNREACHABLE, LEFT);

    untilBuckets(GROUP_1, HOP_2 + " x8");
    untilBuckets(1_000_000_004, HOP_2 + " x8");
    assertThat(router.ip("nexthop show")).doesNotContain(HOP_1);
    assertThat(router.ip("link show left")).contains("LOWER_UP");
    assertThat(router.kernelRoutes()).isEqualTo(100);
  }

  @Test
  void good_news_waits_for_the_hold_and_then_moves_every_group_back() throws InterruptedException {
    for (Failure failure : Failure.values()) {
      chain();
      router.manyRoutes(10, 1);
      judge(failure, LEFT);
      untilBuckets(GROUP_1, HOP_2 + " x8");
      long good = System.nanoTime();

      judge(failure);

      untilBuckets(GROUP_1, HOP_1 + " x8");
      assertThat(Duration.ofNanos(System.nanoTime() - good)).isGreaterThan(TestRouter.HOLD);
      assertThat(router.kernelRoutes()).isEqualTo(10);
    }
  }

  @Test
  void the_hold_grows_when_a_link_flaps_and_no_route_is_touched() throws InterruptedException {
    chain();
    router.manyRoutes(50, 1);
    Duration[] away = new Duration[3];

    for (int i = 0; i < away.length; i++) {
      router.cutLeft();
      untilBuckets(GROUP_1, HOP_2 + " x8");
      Eventually.until("heard", () -> router.life(1) == FibHop.Life.DOWN);
      long returned = System.nanoTime();
      router.restoreLeft();
      untilBuckets(GROUP_1, HOP_1 + " x8");
      away[i] = Duration.ofNanos(System.nanoTime() - returned);
    }

    assertThat(away[0]).isGreaterThan(TestRouter.HOLD);
    assertThat(away[1]).isGreaterThan(TestRouter.HOLD.multipliedBy(2));
    assertThat(away[2]).isGreaterThan(TestRouter.HOLD.multipliedBy(4));
    assertThat(router.kernelRoutes()).isEqualTo(50);
    assertThat(router.counters().repaired()).isZero();
  }

  @Test
  void the_end_of_an_ipv4_gateway_leaves_the_ipv6_gateway_of_the_neighbor_alone()
      throws InterruptedException {
    chain();
    router.gateway(4, IpAddress.parse("fd00:1::2"));
    router.gateway(5, IpAddress.parse("fd00:2::2"));
    router.group(5, 0, 5);
    router.group(4, 5, 4);
    router.route("2001:db8::/32", 4);
    router.route("20.0.0.0/24", 1);

    judge(Failure.SESSION_ENDED, LEFT);

    untilBuckets(GROUP_1, HOP_2 + " x8");
    assertThat(router.buckets(1_100_000_004)).isEqualTo("1300000004 x8");
  }

  @Test
  void an_ipv4_group_leaves_an_ipv6_gateway() throws InterruptedException {
    router.gateway(1, IpAddress.parse("fd00:1::2"), "left");
    router.gateway(2, TestRouter.RIGHT);
    router.group(2, 0, 2);
    router.group(1, 2, 1);
    router.route("20.0.0.0/24", 1);
    router.route("2001:db8::/32", 1);
    assertThat(router.buckets(GROUP_1)).isEqualTo("1300000001 x8");

    judge(Failure.SESSION_ENDED, new Adjacency(IpAddress.parse("fd00:1::2"), "left"));

    untilBuckets(GROUP_1, HOP_2 + " x8");
    // IPv6 routes cannot use the IPv4 backup: the lost gateway is all there is.
    assertThat(router.buckets(GROUP_1_IPV6)).isEqualTo("1300000001 x8");
  }

  @Test
  void only_the_gateway_on_the_named_interface_fails() throws InterruptedException {
    IpAddress linkLocal = IpAddress.parse("fe80::2");
    router.gateway(1, linkLocal, "left");
    router.gateway(2, linkLocal, "right");
    router.group(2, 0, 2);
    router.group(1, 2, 1);
    router.route("2001:db8::/32", 1);

    judge(Failure.SESSION_ENDED, new Adjacency(linkLocal, "right"));
    judge(Failure.UNREACHABLE, new Adjacency(linkLocal, "right"));

    Eventually.until("right is out", () -> !router.ip("nexthop show").contains("1300000002"));
    assertThat(router.buckets(GROUP_1_IPV6)).isEqualTo("1300000001 x8");
  }

  @Test
  void the_worst_that_any_source_says_counts() throws InterruptedException {
    chain();
    router.manyRoutes(10, 1);
    router.fib().judge("sessions", Set.of(LEFT), Failure.SESSION_ENDED);
    router.fib().judge("bfd left", Set.of(LEFT), Failure.UNREACHABLE);
    Eventually.until("out", () -> !router.ip("nexthop show").contains(HOP_1));

    router.fib().judge("bfd left", Set.of(), Failure.UNREACHABLE);
    Eventually.until("in again", () -> router.ip("nexthop show").contains(HOP_1));
    Eventually.until(
        "behind the others, as its session is still gone",
        () -> router.ip("nexthop show id " + GROUP_1).contains("/" + HOP_1));

    assertThat(router.buckets(GROUP_1)).isEqualTo(HOP_2 + " x8");
  }

  @Test
  void a_hop_behind_a_sink_carries_when_its_session_ended_and_while_it_is_held()
      throws InterruptedException {
    router.gateway(1, TestRouter.LEFT);
    router.hop(9, new HopSpec.Direct("lo"));
    router.group(9, 0, 9);
    router.group(1, 9, 1);
    router.manyRoutes(10, 1);

    judge(Failure.SESSION_ENDED, LEFT);
    Eventually.until("lost", () -> router.life(1) == FibHop.Life.LOST);
    assertThat(router.buckets(GROUP_1)).isEqualTo(HOP_1 + " x8");

    judge(Failure.SESSION_ENDED);
    Eventually.until("held", () -> router.life(1) != FibHop.Life.LOST);
    assertThat(router.buckets(GROUP_1)).isEqualTo(HOP_1 + " x8");
  }

  @Test
  void a_hundred_groups_leave_a_gateway_by_one_write_each() throws InterruptedException {
    chain();
    for (int id = 101; id <= 200; id++) {
      router.group(id, 2, 1);
    }
    router.manyRoutes(2000, 101);
    long writes = router.counters().kernelWrites();

    judge(Failure.SESSION_ENDED, LEFT);

    untilBuckets(1_000_000_200, HOP_2 + " x8");
    for (int id = 101; id <= 200; id++) {
      assertThat(router.buckets(1_000_000_000 + id)).isEqualTo(HOP_2 + " x8");
    }
    // Group 1 has no route but a kernel group of its own.
    assertThat(router.counters().kernelWrites() - writes).isEqualTo(101);
  }

  @Test
  void bad_news_overtakes_requests_that_wait() throws InterruptedException {
    chain();
    CountDownLatch go = new CountDownLatch(1);
    List<FibHop.Life> left = new CopyOnWriteArrayList<>();
    List<FibHop.Life> right = new CopyOnWriteArrayList<>();
    router.fib().submit(() -> awaitQuietly(go));
    for (int i = 0; i < 1000; i++) {
      router
          .fib()
          .submit(() -> {
            left.add(router.lifeNow(1));
            right.add(router.lifeNow(2));
          });
    }

    judge(Failure.SESSION_ENDED, LEFT);
    router.cutRight();
    int requests = 1000;
    Eventually.until("link events wait", () -> router.fib().depth() > requests);
    go.countDown();

    Eventually.until("all ran", () -> right.size() == requests);
    assertThat(left.subList(100, requests)).containsOnly(FibHop.Life.LOST);
    assertThat(right.subList(100, requests)).containsOnly(FibHop.Life.DOWN);
  }

  private static void awaitQuietly(CountDownLatch latch) {
    try {
      assertThat(latch.await(20, TimeUnit.SECONDS)).isTrue();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}

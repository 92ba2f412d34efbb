package net.donut.agent.fib;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Map;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import net.donut.fixtures.Eventually;
import net.donut.fixtures.NeedsKernel;
import net.donut.fixtures.RunsAlone;
import net.donut.model.IpAddress;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/// What the kernel does with protected groups when links die, with the agent and without one.
@NeedsKernel
@RunsAlone
class ProtectedGroupTest {
  /// Routes and gateways: of one family, or IPv4 routes over IPv6 gateways (RFC 8950).
  enum Way {
    IPV4(1_000_000_000, 1_200_000_000, "10.0.%d.2", "20.0.0.0/24"),
    IPV6(1_100_000_000, 1_300_000_000, "fd00:%d::2", "2001:db8::/32"),
    IPV4_OVER_IPV6(1_000_000_000, 1_300_000_000, "fd00:%d::2", "20.0.0.0/24");

    private final int groups;
    private final int hops;
    private final String gateway;
    private final String prefix;

    Way(int groups, int hops, String gateway, String prefix) {
      this.groups = groups;
      this.hops = hops;
      this.gateway = gateway;
      this.prefix = prefix;
    }

    IpAddress gateway(int number) {
      return IpAddress.parse(gateway.formatted(number));
    }

    String carriedBy(int number) {
      return (hops + number) + " x8";
    }

    /// The kernel's word for a route of the prefix now.
    String lookup(TestRouter router) {
      String address = prefix.substring(0, prefix.indexOf('/')).replace(".0.0.0", ".0.0.1");
      return router.ip("route get " + address);
    }
  }

  private TestRouter router;

  @SuppressWarnings("NullAway.Init")
  ProtectedGroupTest() {}

  @BeforeEach
  void start() throws InterruptedException {
    router = new TestRouter();
  }

  @AfterEach
  void stop() {
    router.close();
  }

  private void gateways(Way way) throws InterruptedException {
    router.gateway(1, way.gateway(1), "left");
    router.gateway(2, way.gateway(2), "right");
    router.gateway(3, way.gateway(3), "third");
  }

  /// Group 1 leads left, then right, then to the third.
  private void chain(Way way) throws InterruptedException {
    gateways(way);
    router.group(3, 0, 3);
    router.group(2, 3, 2);
    router.group(1, 2, 1);
    assertThat(router.route(way.prefix, 1)).isNull();
  }

  /// Group 1 leads left and right by the weights, then to the third.
  private void share(Way way, int left, int right) throws InterruptedException {
    gateways(way);
    router.group(3, 0, 3);
    router.group(1, 3, Map.of(1L, left, 2L, right));
    assertThat(router.route(way.prefix, 1)).isNull();
  }

  private String buckets(Way way) {
    return router.buckets(way.groups + 1);
  }

  private void untilCarriedBy(Way way, int number) {
    Eventually.until(
        "carried by " + number,
        () -> buckets(way) + "\n" + router.ip("nexthop show"),
        () -> buckets(way).equals(way.carriedBy(number)));
  }

  private static void pause() {
    LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(50));
  }

  @ParameterizedTest
  @EnumSource
  void a_chain_of_three_is_followed_to_its_end_by_the_kernel_alone(Way way)
      throws InterruptedException {
    chain(way);
    assertThat(buckets(way)).isEqualTo(way.carriedBy(1));
    router.fib().close();

    router.cutLeft();
    pause();
    assertThat(buckets(way)).isEqualTo(way.carriedBy(2));
    router.cutRight();

    untilCarriedBy(way, 3);
    assertThat(way.lookup(router)).contains("via", way.gateway(3).toString(), "dev third");
    assertThat(router.kernelRoutes()).isEqualTo(1);
  }

  @ParameterizedTest
  @EnumSource
  void two_links_fifty_milliseconds_apart_leave_the_third_and_both_return(Way way)
      throws InterruptedException {
    chain(way);

    router.cutLeft();
    pause();
    router.cutRight();

    untilCarriedBy(way, 3);
    Eventually.until("heard", () -> router.life(2) == FibHop.Life.DOWN);
    assertThat(buckets(way)).isEqualTo(way.carriedBy(3));
    router.restoreRight();
    untilCarriedBy(way, 2);
    router.restoreLeft();
    untilCarriedBy(way, 1);
    assertThat(router.kernelRoutes()).isEqualTo(1);
    assertThat(router.counters().repaired()).isZero();
  }

  @ParameterizedTest
  @EnumSource
  void equals_carry_for_each_other_and_their_backup_for_both_by_the_kernel_alone(Way way)
      throws InterruptedException {
    share(way, 1, 1);
    assertThat(buckets(way)).isEqualTo((way.hops + 1) + " x4, " + (way.hops + 2) + " x4");
    router.fib().close();

    router.cutLeft();
    untilCarriedBy(way, 2);
    router.cutRight();

    untilCarriedBy(way, 3);
    assertThat(way.lookup(router)).contains("dev third");
    assertThat(router.kernelRoutes()).isEqualTo(1);
  }

  @ParameterizedTest
  @EnumSource
  void unequal_primaries_share_by_weight_again_when_one_was_away(Way way)
      throws InterruptedException {
    String shares = (way.hops + 1) + " x6, " + (way.hops + 2) + " x2";
    share(way, 3, 1);
    assertThat(buckets(way)).isEqualTo(shares);

    router.cutLeft();
    untilCarriedBy(way, 2);
    router.restoreLeft();

    Eventually.until("shared again", () -> buckets(way), () -> buckets(way).equals(shares));
    assertThat(router.kernelRoutes()).isEqualTo(1);
  }

  @ParameterizedTest
  @EnumSource
  void one_of_two_equals_whose_session_ended_has_no_share(Way way) throws InterruptedException {
    share(way, 1, 1);

    router
        .fib()
        .judge("sessions", Set.of(new Adjacency(way.gateway(1), null)), Failure.SESSION_ENDED);

    untilCarriedBy(way, 2);
    router.cutRight();
    untilCarriedBy(way, 3);
    router.cutThird();
    untilCarriedBy(way, 1);
  }
}

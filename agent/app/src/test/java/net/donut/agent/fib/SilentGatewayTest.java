package net.donut.agent.fib;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Set;
import net.donut.fixtures.Eventually;
import net.donut.fixtures.NeedsKernel;
import net.donut.fixtures.RunsAlone;
import net.donut.model.Family;
import net.donut.model.IpAddress;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/// Gateways that do not answer ARP or ND while their link is up: they carry nothing, and are asked
/// until they answer.
@NeedsKernel
@RunsAlone
class SilentGatewayTest {
  private TestRouter router;

  @SuppressWarnings("NullAway.Init")
  SilentGatewayTest() {}

  @BeforeEach
  void start() throws InterruptedException {
    router = new TestRouter();
  }

  @AfterEach
  void stop() {
    router.close();
  }

  private static String prefix(Family family) {
    return family == Family.IPV4 ? "20.0.0.0/24" : "2001:db8::/32";
  }

  private static String absent(Family family) {
    return family == Family.IPV4 ? "10.0.1.77" : "fd00:1::77";
  }

  private static int group(Family family) {
    return family == Family.IPV4 ? 1_000_000_001 : 1_100_000_001;
  }

  private static String hop(Family family, int number) {
    return (family == Family.IPV4 ? 1_200_000_000 : 1_300_000_000) + number + " x8";
  }

  private void chain(Family family, String gateway) throws InterruptedException {
    router.gateway(2, IpAddress.parse(family == Family.IPV4 ? "10.0.2.2" : "fd00:2::2"), "right");
    router.group(2, 0, 2);
    Eventually.until("the backup is known", () -> router.life(2) == FibHop.Life.LIVE);
    router.gateway(1, IpAddress.parse(gateway), "left");
    router.group(1, 2, 1);
    assertThat(router.route(prefix(family), 1)).isNull();
  }

  private void untilCarriedBy(Family family, int number) {
    Eventually.until(
        "carried by " + number,
        () -> router.buckets(group(family)) + router.ip("neigh show nud all dev left"),
        () -> router.buckets(group(family)).equals(hop(family, number)));
  }

  private Set<Adjacency> silent() {
    Set<Adjacency> latest = Set.of();
    for (FibEvent event : router.events()) {
      if (event instanceof FibEvent.GatewaysChanged(var failed)) {
        latest = failed;
      }
    }
    return latest;
  }

  @ParameterizedTest
  @EnumSource
  void one_that_was_never_there_carries_nothing_from_the_first_packet_on(Family family)
      throws InterruptedException {
    chain(family, absent(family));

    assertThat(router.buckets(group(family))).isEqualTo(hop(family, 2));
    Eventually.until(
        "said",
        () -> silent().equals(Set.of(new Adjacency(IpAddress.parse(absent(family)), "left"))));
    assertThat(router.life(1)).isEqualTo(FibHop.Life.UNREACHABLE);
    assertThat(router.buckets(group(family))).isEqualTo(hop(family, 2));

    router
        .neighbor("left")
        .ip(
            "addr add "
                + absent(family)
                + (family == Family.IPV4 ? "/24" : "/64 nodad")
                + " dev router");

    untilCarriedBy(family, 1);
    Eventually.until("no longer said", () -> silent().isEmpty());
  }

  @Test
  void one_that_falls_silent_is_found_and_taken_back() throws InterruptedException {
    router
        .namespace()
        .exec(
            "sysctl",
            "-qw",
            "net.ipv4.neigh.left.base_reachable_time_ms=1000",
            "net.ipv4.neigh.left.delay_first_probe_time=1",
            "net.ipv4.neigh.left.retrans_time_ms=200",
            "net.ipv4.neigh.left.interval_probe_time_ms=500");
    chain(Family.IPV4, "10.0.1.2");
    untilCarriedBy(Family.IPV4, 1);

    router.neighbor("left").ip("link set router arp off");

    untilCarriedBy(Family.IPV4, 2);
    assertThat(silent()).containsExactly(new Adjacency(TestRouter.LEFT, "left"));

    router.neighbor("left").ip("link set router arp on");

    untilCarriedBy(Family.IPV4, 1);
    Eventually.until("no longer said", () -> silent().isEmpty());
  }

  @Test
  void one_that_nobody_uses_any_more_is_still_watched() throws InterruptedException {
    chain(Family.IPV4, absent(Family.IPV4));
    Eventually.until("said", () -> !silent().isEmpty());

    router.gateway(1, TestRouter.LEFT, "left");
    untilCarriedBy(Family.IPV4, 1);

    assertThat(silent()).hasSize(1);
    router.neighbor("left").ip("addr add 10.0.1.77/24 dev router");
    Eventually.until("no longer said", () -> silent().isEmpty());
  }

  @Test
  void an_idle_gateway_stays_well() throws InterruptedException {
    router
        .namespace()
        .exec(
            "sysctl",
            "-qw",
            "net.ipv4.neigh.left.base_reachable_time_ms=300",
            "net.ipv4.neigh.left.delay_first_probe_time=1",
            "net.ipv4.neigh.left.interval_probe_time_ms=500");
    chain(Family.IPV4, "10.0.1.2");
    untilCarriedBy(Family.IPV4, 1);

    long end = System.nanoTime() + 4_000_000_000L;
    Eventually.until(
        "idle for a while",
        () -> {
          assertThat(router.life(1)).isEqualTo(FibHop.Life.LIVE);
          return System.nanoTime() - end > 0;
        });
    assertThat(silent()).isEmpty();
  }

  @Test
  void an_interface_without_arp_has_no_silent_gateways() throws InterruptedException {
    router.ip("link set left arp off");
    router.gateway(1, IpAddress.parse("10.0.1.77"), "left");
    router.group(1, 0, 1);

    assertThat(router.life(1)).isEqualTo(FibHop.Life.LIVE);
    assertThat(router.buckets(group(Family.IPV4))).isEqualTo(hop(Family.IPV4, 1));
  }
}

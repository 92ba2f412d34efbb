package net.donut.agent.fib;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import net.donut.fixtures.Eventually;
import net.donut.fixtures.NeedsKernel;
import net.donut.fixtures.RunsAlone;
import net.donut.model.Family;
import net.donut.model.IpAddress;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/// Packets while traffic moves between next hops that live.
@NeedsKernel
@RunsAlone
class LossTest {
  private static final String LEFT = "left";

  private TestRouter router;

  @SuppressWarnings("NullAway.Init")
  LossTest() {}

  @BeforeEach
  void start() throws InterruptedException {
    router = new TestRouter();
  }

  @AfterEach
  void stop() {
    router.close();
  }

  private static IpAddress target(Family family) {
    return IpAddress.parse(family == Family.IPV4 ? "20.0.0.1" : "2001:db8::1");
  }

  private static IpAddress gateway(Family family, int number) {
    return IpAddress.parse(
        family == Family.IPV4 ? "10.0." + number + ".2" : "fd00:" + number + "::2");
  }

  /// A route over left and then right to an address that both have.
  private void route(Family family) throws InterruptedException {
    for (String link : List.of(LEFT, "right")) {
      String length = family == Family.IPV4 ? "/32" : "/128 nodad";
      router.neighbor(link).ip("addr add " + target(family) + length + " dev lo");
    }
    program(family);
  }

  private void program(Family family) throws InterruptedException {
    router.gateway(1, gateway(family, 1), LEFT);
    router.gateway(2, gateway(family, 2), "right");
    router.group(2, 0, 2);
    router.group(1, 2, 1);
    assertThat(router.route(family == Family.IPV4 ? "20.0.0.0/24" : "2001:db8::/32", 1)).isNull();
    untilCarriedBy(family, 1);
    untilKnown(gateway(family, 1));
    untilKnown(gateway(family, 2));
  }

  private PacketStream packets(Family family) {
    return new PacketStream(
        router.namespace().path(),
        target(family),
        Stream.of(LEFT, "right").map(link -> router.neighbor(link).path()).toList());
  }

  private void untilCarriedBy(Family family, int number) {
    int group = family == Family.IPV4 ? 1_000_000_001 : 1_100_000_001;
    int hops = family == Family.IPV4 ? 1_200_000_000 : 1_300_000_000;
    String expected = (hops + number) + " x8";
    Eventually.until(
        expected, () -> router.buckets(group), () -> router.buckets(group).equals(expected));
  }

  private void untilKnown(IpAddress gateway) {
    Eventually.until(
        gateway + " known",
        () -> router.ip("neigh show to " + gateway + " nud reachable").contains("lladdr"));
  }

  private static void untilMore(PacketStream packets) {
    long before = packets.sent();
    Eventually.until("more packets", () -> packets.sent() > before + 500);
  }

  @ParameterizedTest
  @EnumSource
  void nothing_is_lost_when_a_link_returns(Family family) throws Exception {
    route(family);
    router.cutLeft();
    untilCarriedBy(family, 2);
    Eventually.until("heard", () -> router.life(1) == FibHop.Life.DOWN);
    try (PacketStream packets = packets(family)) {
      untilMore(packets);

      router.restoreLeft();
      untilCarriedBy(family, 1);
      untilMore(packets);

      assertThat(packets.lost()).isZero();
    }
  }

  @ParameterizedTest
  @EnumSource
  void nothing_is_lost_when_a_session_ends_and_is_up_again(Family family) throws Exception {
    loseNothing(family, Failure.SESSION_ENDED);
  }

  @ParameterizedTest
  @EnumSource
  void nothing_is_lost_when_a_gateway_is_said_to_be_unreachable_and_is_back(Family family)
      throws Exception {
    loseNothing(family, Failure.UNREACHABLE);
  }

  private void loseNothing(Family family, Failure failure) throws Exception {
    route(family);
    try (PacketStream packets = packets(family)) {
      untilMore(packets);

      router.fib().judge("test", Set.of(new Adjacency(gateway(family, 1), null)), failure);
      untilCarriedBy(family, 2);
      router.fib().judge("test", Set.of(), failure);
      untilCarriedBy(family, 1);
      untilMore(packets);

      assertThat(packets.lost()).isZero();
    }
  }

  @ParameterizedTest
  @EnumSource
  void nothing_is_lost_when_a_route_moves_to_another_group_and_back(Family family)
      throws Exception {
    route(family);
    String prefix = family == Family.IPV4 ? "20.0.0.0/24" : "2001:db8::/32";
    try (PacketStream packets = packets(family)) {
      untilMore(packets);

      assertThat(router.route(prefix, 2)).isNull();
      untilMore(packets);
      assertThat(router.route(prefix, 1)).isNull();
      untilMore(packets);

      assertThat(packets.lost()).isZero();
    }
  }

  @ParameterizedTest
  @EnumSource
  void nothing_is_lost_when_the_agent_ends_and_the_next_adopts_its_groups(Family family)
      throws Exception {
    route(family);
    try (PacketStream packets = packets(family)) {
      untilMore(packets);

      router.restart();
      program(family);
      untilMore(packets);

      assertThat(packets.lost()).isZero();
    }
  }
}

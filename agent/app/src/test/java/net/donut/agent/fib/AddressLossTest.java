package net.donut.agent.fib;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.stream.Stream;
import net.donut.fixtures.Eventually;
import net.donut.fixtures.NeedsKernel;
import net.donut.fixtures.RunsAlone;
import net.donut.model.Family;
import net.donut.model.IpAddress;
import net.donut.netlink.KernelEvent;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// An interface that loses a family, and nothing else: its next hops of that family fail at once.
@NeedsKernel
@RunsAlone
class AddressLossTest {
  private static final String LEFT = "left";

  private TestRouter router;

  @SuppressWarnings("NullAway.Init")
  AddressLossTest() {}

  @BeforeEach
  void start() throws InterruptedException {
    router = new TestRouter();
    hops(1, "10.0.1.2", "10.0.2.2");
    hops(11, "fd00:1::2", "fd00:2::2");
    router.route("20.0.0.0/24", 1);
    router.route("2001:db8::/32", 11);
    Eventually.until("resolved", () -> carries(Family.IPV4) && carries(Family.IPV6));
  }

  /// A group over left with right as its backup.
  private void hops(int first, String left, String right) throws InterruptedException {
    router.gateway(first, IpAddress.parse(left), LEFT);
    router.gateway(first + 1, IpAddress.parse(right), "right");
    router.group(first + 1, 0, first + 1);
    router.group(first, first + 1, first);
  }

  @AfterEach
  void stop() {
    router.close();
  }

  private String buckets(Family family) {
    return router.buckets(family == Family.IPV4 ? 1_000_000_001 : 1_100_000_011);
  }

  private boolean carries(Family family) {
    return buckets(family).equals(family == Family.IPV4 ? "1200000001 x8" : "1300000011 x8");
  }

  private boolean isBackedUp(Family family) {
    return buckets(family).equals(family == Family.IPV4 ? "1200000002 x8" : "1300000012 x8");
  }

  private void untilBackedUp(Family family) {
    Eventually.until("the backup", () -> buckets(family), () -> isBackedUp(family));
  }

  private void untilBack(Family family) {
    Eventually.until("back", () -> buckets(family), () -> carries(family));
  }

  private void ip(String commands) {
    for (String command : commands.split(" & ")) {
      if (command.startsWith("sysctl ")) {
        router.namespace().exec("sysctl", "-qw", command.substring(7));
      } else {
        router.ip(command);
      }
    }
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = ';',
      value = {
        "IPV6; link set left mtu 1200; link set left mtu 1500 & addr add fd00:1::1/64 dev left nodad",
        "IPV6; sysctl net.ipv6.conf.left.disable_ipv6=1;"
            + " sysctl net.ipv6.conf.left.disable_ipv6=0 & addr add fd00:1::1/64 dev left nodad",
        "IPV6; addr del fd00:1::1/64 dev left; addr add fd00:1::1/64 dev left nodad",
        "IPV4; addr del 10.0.1.1/24 dev left; addr add 10.0.1.1/24 dev left",
        "IPV4; addr del 10.0.1.1/24 dev left & addr add 10.0.1.1/24 dev third;"
            + " addr del 10.0.1.1/24 dev third & addr add 10.0.1.1/24 dev left",
      })
  void the_backup_carries_until_the_address_is_back(Family family, String away, String back) {
    Family other = family == Family.IPV4 ? Family.IPV6 : Family.IPV4;

    ip(away);

    untilBackedUp(family);
    assertThat(router.life(family == Family.IPV4 ? 1 : 11)).isEqualTo(FibHop.Life.ADDRESSLESS);
    assertThat(carries(other)).isTrue();

    ip(back);

    untilBack(family);
    assertThat(router.life(family == Family.IPV4 ? 1 : 11)).isEqualTo(FibHop.Life.LIVE);
  }

  @Test
  void a_port_of_a_bridge_carries_neither_family_until_it_is_none_any_more() {
    router.ip("link add br0 type bridge");

    router.ip("link set left master br0");

    untilBackedUp(Family.IPV4);
    untilBackedUp(Family.IPV6);

    router.ip("link set left nomaster");

    untilBack(Family.IPV4);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = ';',
      value = {
        // another length, in the order that keeps one
        "addr add 10.0.1.1/25 dev left & addr del 10.0.1.1/24 dev left",
        // a second address of the subnet is enough
        "addr add 10.0.1.7/24 dev left & addr del 10.0.1.7/24 dev left",
        "addr change 10.0.1.1/24 dev left preferred_lft 0",
        // one of another subnet comes and goes
        "addr add 10.9.9.1/24 dev left & addr del 10.9.9.1/24 dev left",
      })
  void an_address_that_still_reaches_the_gateway_is_enough(String commands) {
    ip(commands);
    ip("addr del fd00:1::1/64 dev left");

    untilBackedUp(Family.IPV6);
    assertThat(carries(Family.IPV4)).isTrue();
  }

  @Test
  void few_packets_are_lost_where_all_were() throws Exception {
    for (String link : List.of(LEFT, "right")) {
      router.neighbor(link).ip("addr add 2001:db8::1/128 dev lo nodad");
    }
    try (PacketStream packets =
        new PacketStream(
            router.namespace().path(),
            IpAddress.parse("2001:db8::1"),
            Stream.of(LEFT, "right").map(link -> router.neighbor(link).path()).toList())) {
      Eventually.until("packets", () -> packets.sent() > 500);

      ip("link set left mtu 1200");
      untilBackedUp(Family.IPV6);
      long sent = packets.sent();
      Eventually.until("more packets", () -> packets.sent() > sent + 5000);

      // 5 a millisecond: less than the tenth of a second.
      assertThat(packets.lost()).isLessThan(500);
    }
  }

  @Test
  void the_link_tells_its_families_and_its_size() {
    ip("link set left mtu 1200");

    Eventually.until(
        "told",
        router::events,
        () ->
            router.events().stream()
                .anyMatch(event ->
                    event instanceof FibEvent.LinkChanged(LinkStatus link)
                        && link.name().equals(LEFT)
                        && link.mtu() == 1200
                        && link.families().equals(java.util.Set.of(Family.IPV4))));
  }

  /// Reading everything anew overtakes the event of the link, which then finds nothing new.
  @Test
  void a_link_that_was_read_anew_before_its_event_came_is_told_all_the_same()
      throws InterruptedException {
    router
        .fib()
        .ask(plane -> {
          router.cutLeft();
          Eventually.until("no carrier", () -> router.ip("link show left").contains("NO-CARRIER"));
          plane.handle(new KernelEvent.Overrun());
          return true;
        });

    Eventually.until(
        "told",
        router::events,
        () ->
            router.events().stream()
                .anyMatch(event ->
                    event instanceof FibEvent.LinkChanged(var link)
                        && link.name().equals(LEFT)
                        && !link.carrier()));
    assertThat(router.fib().links())
        .filteredOn(link -> link.name().equals(LEFT))
        .singleElement()
        .matches(link -> !link.carrier());
  }
}

package net.donut.bgp;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.HexFormat;
import java.util.List;
import net.donut.bgp.BgpNeighborConfig.Connect;
import net.donut.model.AsPath;
import net.donut.model.Family;
import net.donut.model.IpAddress;
import net.donut.model.Origin;
import net.donut.model.PathAttributes;
import net.donut.model.Prefix;
import net.donut.model.Prefixes;
import net.donut.wire.bgp.BgpMessage;
import net.donut.wire.bgp.UpdateFault;
import org.junit.jupiter.api.Test;

class MalformedRoutesTest {
  private static final UpdateFault ORIGIN =
      new UpdateFault(UpdateFault.Action.TREAT_AS_WITHDRAW, 1, "ORIGIN value: 7 (expected: 0..2)");

  private static BgpMessage.Update faulty(Prefix... prefixes) {
    return new BgpMessage.Update(
        List.of(), List.of(Prefixes.copyOf(Family.IPV4, List.of(prefixes))), List.of(ORIGIN));
  }

  private static BgpMessage.Update good(Prefix prefix) {
    return BgpMessage.Update.announce(
        Prefixes.of(prefix),
        PathAttributes.of(Origin.IGP, AsPath.of(64601), IpAddress.parse("10.0.0.2")));
  }

  private static Prefix prefix(int i) {
    return Prefix.ofIpv4(0x0b000000 | i << 8, 24);
  }

  @Test
  void a_route_is_remembered_with_its_fault_until_it_is_announced_well() {
    MalformedRoutes routes = new MalformedRoutes();
    ClockReading now = ClockReading.now();

    String words = routes.faulty(faulty(prefix(1), prefix(2)), now);
    routes.sound(good(prefix(1)));

    assertThat(words).isEqualTo("11.0.1.0/24 and 1 more");
    assertThat(routes.all()).containsExactly(new MalformedRoute(prefix(2), ORIGIN.message(), now));
    assertThat(routes.lastFault()).isEqualTo(ORIGIN.message());
  }

  @Test
  void the_oldest_leave_when_there_are_too_many() {
    MalformedRoutes routes = new MalformedRoutes();
    for (int i = 0; i < 1_000; i++) {
      routes.faulty(faulty(prefix(i)), ClockReading.now());
    }
    routes.faulty(faulty(prefix(800)), ClockReading.now());

    assertThat(routes.all()).hasSize(MalformedRoutes.MOST);
    assertThat(routes.all().getFirst().prefix()).isEqualTo(prefix(1_000 - MalformedRoutes.MOST));
    assertThat(routes.all().getLast().prefix()).isEqualTo(prefix(800));
  }

  @Test
  void a_discarded_attribute_is_the_last_fault_and_costs_no_route() {
    MalformedRoutes routes = new MalformedRoutes();
    BgpMessage.Update update =
        new BgpMessage.Update(
            good(prefix(1)).announcements(),
            List.of(),
            List.of(
                new UpdateFault(UpdateFault.Action.DISCARD_ATTRIBUTE, 7, "AGGREGATOR length: 3")));

    assertThat(routes.faulty(update, ClockReading.now())).isEqualTo("11.0.1.0/24");

    assertThat(routes.all()).isEmpty();
    assertThat(routes.lastFault()).isEqualTo("AGGREGATOR length: 3");
  }

  /// The first route well, then with ORIGIN 7; another with an AS_PATH that is cut.
  @Test
  void a_session_says_which_routes_a_neighbor_announced_malformed() {
    try (TestSpeaker node = TestSpeaker.listening("malformed", "127.41.30.1");
        RawNeighbor neighbor = neighbor(node)) {
      neighbor.send(update("36.1.0.0/16", "400101 00", "40020a 0202 0000fc63 0000fcbc"));
      neighbor.send(update("36.1.0.0/16", "400101 07", "40020a 0202 0000fc63 0000fcbc"));
      neighbor.send(update("36.2.0.0/16", "400101 00", "400202 0205"));
      node.heard.await(
          Recorder.Updated.class,
          seen -> seen.update().withdrawals().contains(Prefixes.of(Prefix.parse("36.2.0.0/16"))));

      assertThat(node.snapshot("127.41.30.2").malformed())
          .extracting(route -> route.prefix() + " " + route.fault().split(" ")[0])
          .containsExactly("36.1.0.0/16 ORIGIN", "36.2.0.0/16 AS_PATH");

      neighbor.send(update("36.1.0.0/16", "400101 00", "40020a 0202 0000fc63 0000fcbc"));
      node.heard.awaitUntil("route", () -> node.heard.routesOf("127.41.30.2").size() == 1);

      SessionSnapshot after = node.snapshot("127.41.30.2");
      assertThat(after.malformed())
          .extracting(route -> route.prefix().toString())
          .containsExactly("36.2.0.0/16");
      assertThat(after.lastFault()).startsWith("AS_PATH");
      assertThat(after.treatedAsWithdraw()).isEqualTo(2);
    }
  }

  private static RawNeighbor neighbor(TestSpeaker node) {
    node.configure(
        BgpNeighborConfig.builder("127.41.30.2", IpAddress.parse("127.41.30.2"))
            .localAs(64500)
            .remoteAs(RawNeighbor.AS)
            .routerId(IpAddress.parse("10.64.0.1"))
            .connect(Connect.PASSIVE));
    RawNeighbor neighbor = new RawNeighbor("127.41.30.2", "127.41.30.1", node.port()).establish(90);
    node.heard.awaitEstablished("127.41.30.2");
    return neighbor;
  }

  private static byte[] update(String prefix, String origin, String asPath) {
    String[] octets = prefix.split("[./]");
    String attributes = (origin + asPath + "400304 0a010302").replace(" ", "");
    String nlri =
        "%02x%02x%02x"
            .formatted(
                Integer.parseInt(octets[4]),
                Integer.parseInt(octets[0]),
                Integer.parseInt(octets[1]));
    String body = "0000%04x".formatted(attributes.length() / 2) + attributes + nlri;
    return HexFormat.of()
        .parseHex("ff".repeat(16) + "%04x02".formatted(19 + body.length() / 2) + body);
  }
}

package net.donut.agent.rib;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import java.util.Set;
import net.donut.api.AttributeMapping;
import net.donut.bgp.Outbound;
import net.donut.bgp.SessionInfo;
import net.donut.model.AsPath;
import net.donut.model.Family;
import net.donut.model.IpAddress;
import net.donut.model.Origin;
import net.donut.model.PathAttributes;
import net.donut.model.Prefix;
import net.donut.model.Prefixes;
import net.donut.model.queue.Owner;
import org.junit.jupiter.api.Test;

class AdjRibOutTest {

  /// A neighbor that reads from an outbox, some at a time.
  private static final class Reader {
    final Map<Prefix, PathAttributes> routes = new HashMap<>();
    final List<Outbound> markers = new ArrayList<>();
    final SessionOutbox outbox;

    Reader(long number) {
      outbox = Sessions.outbox(number);
    }

    void read(int most) {
      for (int i = 0; i < most; i++) {
        Outbound piece = outbox.poll();
        switch (piece) {
          case null -> {
            return;
          }
          case Outbound.Announce(var prefixes, var attributes) ->
              prefixes.forEach(prefix -> routes.put(prefix, attributes));
          case Outbound.Withdraw(var prefixes) -> prefixes.forEach(routes::remove);
          case Outbound.EndOfRib _,
              Outbound.BeginRefresh _,
              Outbound.EndRefresh _,
              Outbound.RequestRefresh _ ->
              markers.add(piece);
        }
      }
    }
  }

  @Test
  void a_neighbor_however_slow_ends_with_exactly_the_routes_of_a_naive_model() {
    for (long seed = 1; seed <= 60; seed++) {
      walk(seed);
    }
  }

  private static void walk(long seed) {
    Random random = new Random(seed);
    AgentRib rib = new AgentRib(new Owner("test"), new FakePort());
    rib.configure(List.of(SessionSettings.of("a")));
    Advertiser source = () -> {};
    Map<Prefix, PathAttributes> wanted = new HashMap<>();
    Map<Prefix, PathAttributes> repeated = null;
    Reader reader = new Reader(0);
    long number = 0;
    rib.beginAdvertising(source);
    rib.endAdvertising(source);

    for (int step = 0; step < 500; step++) {
      switch (random.nextInt(30)) {
        case 0 -> {
          rib.apply(new RibEvent.Lost("a", Sessions.down(number, Set.of())));
          reader = new Reader(++number);
          rib.apply(new RibEvent.Established("a", Sessions.info(number, Set.of()), reader.outbox));
        }
        case 1 -> rib.apply(new RibEvent.RefreshRequested("a", Family.IPV4));
        case 2 -> {
          rib.beginAdvertising(source);
          repeated = new HashMap<>();
        }
        case 3 -> {
          if (repeated != null) {
            rib.endAdvertising(source);
            wanted = repeated;
            repeated = null;
          }
        }
        default -> {
          Prefixes.Builder builder = new Prefixes.Builder(Family.IPV4);
          for (int i = 1 + random.nextInt(80); i > 0; i--) {
            builder.add(Sessions.prefix(Family.IPV4, random.nextInt(400)));
          }
          Prefixes prefixes = builder.build();
          PathAttributes attributes = random.nextInt(4) == 0 ? null : placeholder(random);
          rib.advertise(source, "a", prefixes, attributes);
          put(wanted, prefixes, attributes);
          if (repeated != null) {
            put(repeated, prefixes, attributes);
          }
        }
      }
      reader.read(random.nextInt(20));
      rib.roomAgain("a", number);
    }
    if (repeated != null) {
      rib.endAdvertising(source);
      wanted = repeated;
    }
    for (int i = 0; i < 100; i++) {
      reader.read(1000);
      rib.roomAgain("a", number);
    }

    if (number > 0) {
      Map<Prefix, PathAttributes> expected = new HashMap<>();
      wanted.forEach((prefix, attributes) ->
          expected.put(
              prefix, attributes.toBuilder().nextHop(IpAddress.parse("192.0.2.1")).build()));
      assertThat(reader.routes).as("seed %d", seed).isEqualTo(expected);
      assertThat(reader.markers).as("seed %d", seed).contains(new Outbound.EndOfRib(Family.IPV4));
    }
  }

  private static void put(
      Map<Prefix, PathAttributes> routes,
      Prefixes prefixes,
      @org.jspecify.annotations.Nullable PathAttributes attributes) {
    for (Prefix prefix : prefixes) {
      if (attributes == null) {
        routes.remove(prefix);
      } else {
        routes.put(prefix, attributes);
      }
    }
  }

  private static PathAttributes placeholder(Random random) {
    return PathAttributes.of(
        Origin.IGP, AsPath.of(64500, 1 + random.nextInt(30)), AttributeMapping.NO_NEXT_HOP);
  }

  @Test
  void end_of_rib_waits_for_the_controllers_full_content() {
    AgentRib rib = new AgentRib(new Owner("test"), new FakePort());
    rib.configure(List.of(SessionSettings.of("a")));
    Advertiser source = () -> {};
    Reader reader = new Reader(1);
    rib.apply(new RibEvent.Established("a", Sessions.info(1, Set.of()), reader.outbox));
    rib.beginAdvertising(source);
    rib.advertise(
        source, "a", Prefixes.of(Sessions.prefix(Family.IPV4, 1)), placeholder(new Random(1)));
    reader.read(100);

    assertThat(reader.routes).hasSize(1);
    assertThat(reader.markers).isEmpty();
    rib.endAdvertising(source);
    reader.read(100);

    assertThat(reader.markers)
        .containsExactlyInAnyOrder(
            new Outbound.EndOfRib(Family.IPV4), new Outbound.EndOfRib(Family.IPV6));
  }

  @Test
  void a_refresh_repeats_every_route_between_its_markers() {
    AgentRib rib = new AgentRib(new Owner("test"), new FakePort());
    rib.configure(List.of(SessionSettings.of("a")));
    Advertiser source = () -> {};
    Reader reader = new Reader(1);
    rib.apply(new RibEvent.Established("a", Sessions.info(1, Set.of()), reader.outbox));
    rib.beginAdvertising(source);
    rib.endAdvertising(source);
    rib.advertise(
        source,
        "a",
        Prefixes.of(Sessions.prefix(Family.IPV4, 1), Sessions.prefix(Family.IPV4, 2)),
        placeholder(new Random(1)));
    reader.read(100);
    reader.routes.clear();
    reader.markers.clear();

    rib.apply(new RibEvent.RefreshRequested("a", Family.IPV4));
    reader.read(100);

    assertThat(reader.routes).hasSize(2);
    assertThat(reader.markers)
        .containsExactly(
            new Outbound.BeginRefresh(Family.IPV4), new Outbound.EndRefresh(Family.IPV4));
  }

  @Test
  void a_new_source_supersedes_the_old_whose_routes_stay_until_the_end() {
    AgentRib rib = new AgentRib(new Owner("test"), new FakePort());
    rib.configure(List.of(SessionSettings.of("a")));
    List<String> superseded = new ArrayList<>();
    Advertiser first = () -> superseded.add("first");
    Advertiser second = () -> superseded.add("second");
    Reader reader = new Reader(1);
    rib.apply(new RibEvent.Established("a", Sessions.info(1, Set.of()), reader.outbox));
    Prefixes one = Prefixes.of(Sessions.prefix(Family.IPV4, 1));
    Prefixes two = Prefixes.of(Sessions.prefix(Family.IPV4, 2));
    rib.beginAdvertising(first);
    rib.advertise(first, "a", one, placeholder(new Random(1)));
    rib.endAdvertising(first);

    rib.beginAdvertising(second);
    rib.advertise(second, "a", two, placeholder(new Random(1)));
    rib.advertise(first, "a", two, null);
    reader.read(100);
    assertThat(reader.routes).hasSize(2);
    rib.endAdvertising(second);
    reader.read(100);

    assertThat(superseded).containsExactly("first");
    assertThat(reader.routes.keySet()).containsExactly(two.get(0));
  }

  @Test
  void ipv6_routes_without_an_ipv6_next_hop_are_not_announced_but_noticed() {
    FakePort port = new FakePort();
    AgentRib rib = new AgentRib(new Owner("test"), port);
    rib.configure(
        List.of(
            SessionSettings.of("a"),
            new SessionSettings("b", 0, 0, null, IpAddress.parse("2001:db8::1"))));
    Advertiser source = () -> {};
    Reader without = new Reader(1);
    Reader with = new Reader(1);
    rib.apply(new RibEvent.Established("a", Sessions.info(1, Set.of()), without.outbox));
    rib.apply(new RibEvent.Established("b", Sessions.info(1, Set.of()), with.outbox));
    Prefixes prefixes = Prefixes.of(Sessions.prefix(Family.IPV6, 1));
    rib.beginAdvertising(source);
    rib.advertise(source, "a", prefixes, placeholder(new Random(1)));
    rib.advertise(source, "b", prefixes, placeholder(new Random(1)));
    without.read(100);
    with.read(100);

    assertThat(without.routes).isEmpty();
    assertThat(with.routes.values())
        .extracting(PathAttributes::nextHop)
        .containsExactly(IpAddress.parse("2001:db8::1"));
    assertThat(port.notices).singleElement().asString().startsWith("a: no IPV6 next hop");
  }

  @Test
  void ipv4_routes_over_an_ipv6_session_carry_its_address_where_rfc_8950_was_agreed() {
    AgentRib rib = new AgentRib(new Owner("test"), new FakePort());
    rib.configure(List.of(SessionSettings.of("a")));
    Advertiser source = () -> {};
    Reader reader = new Reader(1);
    SessionInfo ipv4 = Sessions.info(1, Set.of(SessionInfo.Feature.EXTENDED_NEXT_HOP));
    SessionInfo info =
        new SessionInfo(
            1,
            IpAddress.parse("2001:db8::9"),
            IpAddress.parse("2001:db8::2"),
            ipv4.localAs(),
            ipv4.remoteAs(),
            ipv4.remoteRouterId(),
            90,
            ipv4.families(),
            ipv4.features(),
            ipv4.options(),
            List.of());
    rib.apply(new RibEvent.Established("a", info, reader.outbox));
    rib.beginAdvertising(source);

    rib.advertise(
        source, "a", Prefixes.of(Sessions.prefix(Family.IPV4, 1)), placeholder(new Random(1)));
    reader.read(10);

    assertThat(reader.routes.values())
        .extracting(PathAttributes::nextHop)
        .containsExactly(IpAddress.parse("2001:db8::9"));
  }

  @Test
  void a_route_too_long_for_the_neighbor_is_withheld_not_counted_and_noticed_once() {
    FakePort port = new FakePort();
    AgentRib rib = new AgentRib(new Owner("test"), port);
    rib.configure(List.of(SessionSettings.of("a")));
    Advertiser source = () -> {};
    Reader reader = new Reader(1);
    rib.apply(new RibEvent.Established("a", Sessions.info(1, Set.of()), reader.outbox));
    rib.beginAdvertising(source);
    Prefixes two = Prefixes.of(Sessions.prefix(Family.IPV4, 1), Sessions.prefix(Family.IPV4, 2));
    rib.advertise(source, "a", two, placeholder(new Random(1)));
    reader.read(10);
    PathAttributes sent = Objects.requireNonNull(reader.routes.get(two.get(0)));
    RibEvent.TooLong first = new RibEvent.TooLong("a", 1, two.slice(0, 1), sent, 4451, 4096);

    rib.apply(first);
    rib.apply(first);
    rib.apply(new RibEvent.TooLong("a", 0, two.slice(1, 2), sent, 4451, 4096));
    rib.at(1);

    assertThat(rib.withheld("a")).containsExactly(new Withheld(two.get(0), 4451, 4096));
    assertThat(port.notices)
        .filteredOn(notice -> notice.contains("too long"))
        .containsExactly("a: 10.0.1.0/24 not announced: too long for it: 4451 bytes (limit: 4096)");
    assertThat(Objects.requireNonNull(port.counts.get("a")).advertisedIpv4()).isOne();

    rib.advertise(source, "a", two.slice(0, 1), placeholder(new Random(7)));
    assertThat(rib.withheld("a")).isEmpty();
    rib.apply(first);
    assertThat(rib.withheld("a")).as("of the attributes before").isEmpty();
  }
}

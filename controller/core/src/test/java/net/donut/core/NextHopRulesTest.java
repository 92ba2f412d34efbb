package net.donut.core;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import net.donut.core.answer.PathView;
import net.donut.core.answer.RejectReason;
import net.donut.core.answer.RouteQuery;
import net.donut.core.policy.NeighborConfig;
import net.donut.core.policy.Policy;
import net.donut.core.policy.SessionConfig;
import net.donut.model.AsPath;
import net.donut.model.IpAddress;
import net.donut.model.Origin;
import net.donut.model.PathAttributes;
import net.donut.model.Prefix;
import net.donut.model.Prefixes;
import net.donut.model.Relation;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/// Which next hops neighbors may name, by what is known of the networks of our interfaces.
final class NextHopRulesTest {
  private static final String PREFIX4 = "20.0.0.0/16";
  private static final String PREFIX6 = "2600::/32";

  private static SessionConfig session(String address, @Nullable String lan) {
    return new SessionConfig(
        IpAddress.parse(address), null, 0, lan == null ? null : Prefix.parse(lan));
  }

  private static NeighborConfig neighbor(
      String name, Relation relation, String interfaceName, SessionConfig... sessions) {
    NeighborConfig.Builder builder =
        NeighborConfig.builder(name, "edge1", 64700 + name.length(), relation, interfaceName);
    Arrays.stream(sessions).forEach(builder::session);
    return builder.build();
  }

  /// A peer and a route server at an exchange, a peer at one whose LAN is named, one on a
  /// link-local session, and others of each kind.
  private static Policy policy() {
    SmallNetwork network = new SmallNetwork();
    network.neighbors.clear();
    network.neighbors.add(
        neighbor(
            "peer",
            Relation.PUBLIC_PEER,
            "ix0",
            session("80.249.208.5", null),
            session("2001:7f8:1::5", null)));
    network.neighbors.add(
        neighbor(
            "routeserver",
            Relation.ROUTE_SERVER,
            "ix0",
            session("80.249.209.255", null),
            session("2001:7f8:1::ffff", null)));
    network.neighbors.add(
        neighbor("named", Relation.PUBLIC_PEER, "ix1", session("195.69.144.9", "195.69.144.0/22")));
    network.neighbors.add(
        neighbor("pair", Relation.ROUTE_SERVER, "ix2", session("193.203.0.2", null)));
    network.neighbors.add(
        neighbor("linklocal", Relation.PUBLIC_PEER, "ix3", session("fe80::2", null)));
    network.neighbors.add(
        neighbor(
            "transit1",
            Relation.TRANSIT,
            "t1",
            session("100.64.1.2", null),
            session("fd00:1::2", null)));
    network.neighbors.add(
        neighbor("privatelink", Relation.PRIVATE_PEER, "p1", session("fe80::7", null)));
    network.neighbors.add(
        neighbor("customer12", Relation.CUSTOMER, "c1", session("100.64.3.2", null)));
    return network.policy();
  }

  private static void connect(Engine engine, String interfaceName, String... addresses) {
    connectAt(engine, "edge1", interfaceName, addresses);
  }

  private static void connectAt(
      Engine engine, String router, String interfaceName, String... addresses) {
    boolean _ =
        engine.connected(
            router,
            interfaceName,
            List.of(addresses).stream().map(InterfaceAddress::parse).toList());
  }

  private static Engine connected() {
    Engine engine = new Engine(policy());
    connect(engine, "ix0", "80.249.208.77/21", "2001:7f8:1::77/64", "fe80::77/64");
    connect(engine, "ix1", "195.69.144.77/24");
    connect(engine, "ix2", "193.203.0.3/31");
    connect(engine, "ix3", "fe80::77/64");
    connect(engine, "t1", "100.64.1.1/24", "fd00:1::1/64", "fe80::77/64");
    connect(engine, "p1", "fe80::8/64");
    connect(engine, "c1", "100.64.3.1/24");
    connect(engine, "inside", "80.249.210.1/24");
    connect(engine, "lo", "127.0.0.1/8", "::1/128", "203.0.113.1/32", "100.64.1.99/32");
    connectAt(engine, "edge2", "ix0", "80.249.208.78/21");
    return engine;
  }

  private static void announce(Engine engine, String neighbor, String nextHop, String prefix) {
    NeighborConfig config =
        engine.policy().neighbors().stream()
            .filter(one -> one.name().equals(neighbor))
            .findFirst()
            .orElseThrow();
    engine.announce(
        engine.neighbor(neighbor),
        Prefixes.of(Prefix.parse(prefix)),
        PathAttributes.of(Origin.IGP, AsPath.of(config.as()), IpAddress.parse(nextHop)));
  }

  private static String refusal(Engine engine, String neighbor) {
    engine.commit();
    return engine.routes(RouteQuery.all(100)).routes().stream()
        .flatMap(route -> route.paths().stream())
        .filter(path -> path.neighbor().equals(neighbor))
        .map(PathView::refusal)
        .findFirst()
        .orElseThrow();
  }

  /// What is printed for a next hop, empty when it is taken.
  record Row(String neighbor, String nextHop, String prefix, String expected) {
    @Override
    public String toString() {
      return neighbor + " " + nextHop + " for " + prefix;
    }
  }

  private static Row row(String neighbor, String nextHop, String expected) {
    return new Row(neighbor, nextHop, nextHop.contains(":") ? PREFIX6 : PREFIX4, expected);
  }

  static List<Row> whenKnown() {
    String third = "third-party-next-hop: ";
    String in = " (expected: in 80.249.208.0/21 on ix0)";
    String host = " (expected: of a host in 80.249.208.0/21 on ix0)";
    List<Row> rows = new ArrayList<>();
    for (String who : List.of("peer", "routeserver")) {
      rows.add(row(who, "80.249.208.5", ""));
      rows.add(row(who, "80.249.215.254", ""));
      rows.add(row(who, "80.249.208.255", ""));
      rows.add(row(who, "10.9.9.9", third + "10.9.9.9" + in));
      rows.add(row(who, "80.249.216.0", third + "80.249.216.0" + in));
      rows.add(row(who, "80.249.207.255", third + "80.249.207.255" + in));
      rows.add(row(who, "100.64.1.2", third + "100.64.1.2" + in));
      rows.add(
          row(who, "80.249.208.0", third + "80.249.208.0 is the address of the network" + host));
      rows.add(
          row(who, "80.249.215.255", third + "80.249.215.255 is the broadcast address" + host));
      rows.add(row(who, "80.249.210.9", third + "80.249.210.9 is on another interface" + in));
      rows.add(row(who, "2001:7f8:1::9", ""));
      rows.add(row(who, "2001:7f8:1:0:ffff:ffff:ffff:ffff", ""));
      rows.add(
          row(who, "2001:7f8:2::9", third + "2001:7f8:2::9 (expected: in 2001:7f8:1::/64 on ix0)"));
      rows.add(
          row(
              who,
              "2001:7f8:1::",
              third
                  + "2001:7f8:1:: is the address of the network"
                  + " (expected: of a host in 2001:7f8:1::/64 on ix0)"));
      rows.add(row(who, "fe80::9", third + "fe80::9 (expected: in 2001:7f8:1::/64 on ix0)"));
      rows.add(new Row(who, "2001:7f8:1::9", PREFIX4, ""));
    }
    String own = " (expected: the neighbor's, 80.249.208.5)";
    String own6 = " (expected: the neighbor's, 2001:7f8:1::5)";
    rows.add(row("peer", "80.249.208.77", "next-hop: 80.249.208.77 is ours" + own));
    rows.add(row("peer", "80.249.208.78", "next-hop: 80.249.208.78 is ours" + own));
    rows.add(row("peer", "203.0.113.1", "next-hop: 203.0.113.1 is ours" + own));
    rows.add(row("peer", "100.64.1.1", "next-hop: 100.64.1.1 is ours" + own));
    rows.add(row("peer", "2001:7f8:1::77", "next-hop: 2001:7f8:1::77 is ours" + own6));
    rows.add(row("peer", "fe80::77", "next-hop: fe80::77 is ours" + own6));
    rows.add(row("peer", "0.0.0.0", "next-hop: 0.0.0.0 (expected: an address of one host)"));
    rows.add(
        row(
            "peer",
            "255.255.255.255",
            "next-hop: 255.255.255.255 (expected: an address of one host)"));
    rows.add(row("peer", "::", "next-hop: :: (expected: an address of one host)"));
    rows.add(row("peer", "ff02::1", "next-hop: ff02::1 (expected: an address of one host)"));
    rows.add(row("routeserver", "80.249.209.255", ""));
    rows.add(row("named", "195.69.147.9", ""));
    rows.add(row("named", "195.69.145.0", ""));
    rows.add(
        row("named", "195.69.148.9", third + "195.69.148.9 (expected: in 195.69.144.0/22 on ix1)"));
    rows.add(
        row(
            "named",
            "195.69.144.255",
            third
                + "195.69.144.255 is the broadcast address"
                + " (expected: of a host in 195.69.144.0/22 on ix1)"));
    rows.add(row("pair", "193.203.0.2", ""));
    rows.add(
        row(
            "pair",
            "193.203.0.3",
            "next-hop: 193.203.0.3 is ours (expected: the neighbor's, 193.203.0.2)"));
    rows.add(row("linklocal", "fe80::2", ""));
    rows.add(row("linklocal", "fe80::9", ""));
    rows.add(
        row(
            "linklocal",
            "fe80::77",
            "next-hop: fe80::77 is ours (expected: the neighbor's, fe80::2)"));
    rows.add(
        row("linklocal", "2001:db8::9", third + "2001:db8::9 (expected: in fe80::/64 on ix3)"));
    rows.add(row("transit1", "100.64.1.2", ""));
    rows.add(row("transit1", "100.64.1.3", third + "100.64.1.3 (expected: 100.64.1.2)"));
    rows.add(
        row(
            "transit1",
            "100.64.1.99",
            "next-hop: 100.64.1.99 is ours (expected: the neighbor's, 100.64.1.2)"));
    rows.add(row("transit1", "fd00:1::2", ""));
    rows.add(row("transit1", "fe80::5", ""));
    rows.add(
        row(
            "transit1",
            "fe80::77",
            "next-hop: fe80::77 is ours (expected: the neighbor's, fd00:1::2)"));
    rows.add(row("transit1", "fe80::8", ""));
    rows.add(row("privatelink", "fe80::7", ""));
    rows.add(row("privatelink", "fe80::9", third + "fe80::9 (expected: fe80::7)"));
    rows.add(row("customer12", "100.64.3.2", ""));
    rows.add(row("customer12", "80.249.208.5", third + "80.249.208.5 (expected: 100.64.3.2)"));
    rows.add(
        row(
            "customer12",
            "80.249.208.77",
            "next-hop: 80.249.208.77 is ours (expected: the neighbor's, 100.64.3.2)"));
    return rows;
  }

  @ParameterizedTest
  @MethodSource
  void whenKnown(Row row) {
    Engine engine = connected();
    announce(engine, row.neighbor(), row.nextHop(), row.prefix());

    assertThat(refusal(engine, row.neighbor())).isEqualTo(row.expected());
  }

  static List<Row> whileUnknown() {
    String third = "third-party-next-hop: ";
    String until = ", as long as ix0 has no address in its network)";
    return List.of(
        row("peer", "80.249.208.5", ""),
        row("peer", "80.249.208.6", third + "80.249.208.6 (expected: 80.249.208.5" + until),
        row("peer", "2001:7f8:1::6", third + "2001:7f8:1::6 (expected: 2001:7f8:1::5" + until),
        row("routeserver", "80.249.209.255", ""),
        row(
            "routeserver",
            "80.249.208.6",
            third + "80.249.208.6 (expected: 80.249.209.255" + until),
        row("named", "195.69.147.9", ""),
        row("named", "10.9.9.9", third + "10.9.9.9 (expected: in 195.69.144.0/22 on ix1)"),
        row("transit1", "100.64.1.2", ""));
  }

  @ParameterizedTest
  @MethodSource
  void whileUnknown(Row row) {
    Engine engine = new Engine(policy());
    announce(engine, row.neighbor(), row.nextHop(), row.prefix());

    assertThat(refusal(engine, row.neighbor())).isEqualTo(row.expected());
  }

  private static Map<RejectReason, Long> rejects(Engine engine) {
    engine.commit();
    return engine.neighborCounts(engine.neighbor("routeserver")).rejects();
  }

  @Test
  void addresses_that_come_go_or_are_renumbered_have_routes_judged_again() {
    Engine engine = new Engine(policy());
    announce(engine, "routeserver", "80.249.208.9", PREFIX4);
    announce(engine, "routeserver", "80.249.215.9", "20.1.0.0/16");
    assertThat(rejects(engine)).isEqualTo(Map.of(RejectReason.THIRD_PARTY_NEXT_HOP, 2L));

    connect(engine, "ix0", "80.249.208.77/21");
    assertThat(rejects(engine)).isEmpty();

    connect(engine, "ix0", "80.249.208.77/22");
    assertThat(rejects(engine)).isEqualTo(Map.of(RejectReason.THIRD_PARTY_NEXT_HOP, 1L));

    connect(engine, "ix0", "80.249.208.9/22");
    assertThat(rejects(engine))
        .isEqualTo(Map.of(RejectReason.THIRD_PARTY_NEXT_HOP, 1L, RejectReason.NEXT_HOP, 1L));

    connect(engine, "ix0", "80.249.208.77/21", "10.0.0.1/8");
    assertThat(rejects(engine)).isEmpty();

    connect(engine, "eth9", "80.249.215.1/28");
    assertThat(rejects(engine)).isEqualTo(Map.of(RejectReason.THIRD_PARTY_NEXT_HOP, 1L));
    connect(engine, "eth9");

    connect(engine, "ix0", "10.0.0.1/8");
    assertThat(rejects(engine)).isEqualTo(Map.of(RejectReason.THIRD_PARTY_NEXT_HOP, 2L));
  }

  @Test
  void only_prefixes_whose_paths_are_judged_otherwise_move() {
    Engine engine = new Engine(policy());
    connect(engine, "ix0", "80.249.208.77/21");
    announce(engine, "transit1", "100.64.1.2", PREFIX4);
    announce(engine, "transit1", "100.64.1.2", "20.1.0.0/16");
    announce(engine, "routeserver", "80.249.215.9", PREFIX4);
    announce(engine, "routeserver", "80.249.209.255", "20.1.0.0/16");
    engine.commit();

    connect(engine, "lo", "203.0.113.9/32");
    assertThat(engine.commit().moved()).isZero();

    connect(engine, "ix0", "80.249.208.77/22");
    assertThat(engine.commit().moved()).isEqualTo(1);
  }

  @Test
  void the_lan_of_an_exchange_is_refused_from_the_time_it_is_known() {
    Engine engine = new Engine(policy());
    announce(engine, "transit1", "100.64.1.2", "80.249.208.0/21");
    announce(engine, "transit1", "100.64.1.2", "80.249.209.0/24");
    announce(engine, "transit1", "100.64.1.2", "80.249.0.0/16");
    announce(engine, "transit1", "100.64.1.2", "195.69.144.0/24");
    assertThat(engine.neighborCounts(engine.neighbor("transit1")).rejects())
        .isEqualTo(Map.of(RejectReason.EXCHANGE_LAN, 1L));

    connect(engine, "ix0", "80.249.208.77/21");
    engine.commit();
    assertThat(engine.neighborCounts(engine.neighbor("transit1")).rejects())
        .isEqualTo(Map.of(RejectReason.EXCHANGE_LAN, 3L));

    connect(engine, "ix0");
    Policy policy = engine.policy();
    engine.applyPolicy(
        policy.withNeighbors(
            policy.neighbors().stream().filter(one -> !one.name().equals("named")).toList()));
    engine.commit();
    assertThat(engine.neighborCounts(engine.neighbor("transit1")).rejects()).isEmpty();
  }
}

package net.donut.core;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.EnumSet;
import java.util.List;
import net.donut.core.answer.PathView;
import net.donut.core.answer.RejectReason;
import net.donut.core.answer.RouteQuery;
import net.donut.core.policy.NeighborConfig;
import net.donut.core.policy.Policy;
import net.donut.core.policy.SessionConfig;
import net.donut.core.policy.Timers;
import net.donut.model.AsPath;
import net.donut.model.IpAddress;
import net.donut.model.Origin;
import net.donut.model.PathAttributes;
import net.donut.model.Prefix;
import net.donut.model.Prefixes;
import net.donut.model.Relation;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/// The evidence printed for each reason: value and expectation.
final class RefusalTextTest {
  record Row(String neighbor, String prefix, String asPath, String nextHop, long otc, String text) {
    @Override
    public String toString() {
      return text;
    }
  }

  private static Row path(String neighbor, String asPath, String text) {
    return new Row(neighbor, "20.0.0.0/16", asPath, "", PathAttributes.ABSENT, text);
  }

  private static Row prefix(String neighbor, String asPath, String prefix, String text) {
    return new Row(neighbor, prefix, asPath, "", PathAttributes.ABSENT, text);
  }

  static List<Row> refused() {
    return List.of(
        path("c1", "", "as-path-empty: no AS in the path (expected: AS1299 first, the neighbor's)"),
        path("rs", "", "as-path-empty: no AS in the path (expected: that of a member)"),
        path("c1", "1299 2914 1", "as-loop: AS2914 is our own (expected: not in 1299 2914 1)"),
        path("c1", "174 1299", "first-as: AS174 (expected: AS1299 first, the neighbor's)"),
        path(
            "rs",
            "1299 {1,2}",
            "as-set: {1,2} (expected: no AS_SET and no confederation, RFC 9774)"),
        path(
            "c1",
            "1299 64512",
            "bogon-asn: AS64512 is of private use, RFC 6996"
                + " (expected: public numbers, or filters.bogon-asns: false)"),
        path(
            "c1",
            "1299" + " 5".repeat(64),
            "as-path-too-long: 65 (expected: at most 64, filters.max-as-path)"),
        new Row(
            "c1",
            "20.0.0.0/16",
            "1299",
            "",
            174,
            "route-leak: only-to-customer 174 from a customer (expected: none, RFC 9234)"),
        new Row(
            "peer",
            "20.0.0.0/16",
            "6939",
            "",
            174,
            "route-leak: only-to-customer 174 from a private-peer"
                + " (expected: none or 6939, RFC 9234)"),
        new Row(
            "c1",
            "2600::/32",
            "1299",
            "20.200.5.2",
            PathAttributes.ABSENT,
            "next-hop: 20.200.5.2 for 2600::/32 (expected: an IPv6 address)"),
        new Row(
            "c1",
            "20.0.0.0/16",
            "1299",
            "20.200.5.9",
            PathAttributes.ABSENT,
            "third-party-next-hop: 20.200.5.9 (expected: 20.200.5.2)"),
        prefix(
            "c1",
            "1299",
            "0.0.0.0/0",
            "default-route: 0.0.0.0/0 from a customer (expected: from a transit)"),
        prefix(
            "c1",
            "1299",
            "20.0.0.0/25",
            "prefix-length: /25 (expected: 8..24, filters.prefix-length)"),
        prefix(
            "c1",
            "1299",
            "192.88.99.0/24",
            "bogon-prefix: 192.88.99.0/24 is in 192.88.99.0/24, 6to4 relays, deprecated, RFC 7526"
                + " (expected: public space, or filters.bogon-prefixes: false)"),
        prefix(
            "c1",
            "1299",
            "20.9.1.0/24",
            "own-prefix: 20.9.1.0/24 is inside our 20.9.0.0/16"
                + " (expected: neighbors.c1.prefixes lists it, if this customer may announce it)"),
        prefix(
            "peer",
            "6939",
            "20.9.0.0/16",
            "own-prefix: 20.9.0.0/16 is ours"
                + " (expected: neighbors.peer.prefixes lists it, if this private-peer may announce it)"),
        prefix(
            "c1",
            "1299",
            "20.200.8.0/24",
            "exchange-lan: 20.200.8.0/24 is the LAN of an exchange that we are on"
                + " (expected: from nobody)"),
        prefix(
            "c1",
            "1299 3356",
            "20.5.0.0/24",
            "invalid-origin: AS3356 may not announce 20.5.0.0/24"
                + " (payloads: 20.5.0.0/16-20 AS3356, 20.0.0.0/8-24 AS1)"));
  }

  private static NeighborConfig neighbor(String name, long as, Relation relation, int number) {
    return NeighborConfig.builder(name, "edge1", as, relation, name)
        .session(new SessionConfig(IpAddress.parse("20.200." + number + ".2"), null, 0))
        .session(new SessionConfig(IpAddress.parse("2600:" + number + "::2"), null, 0))
        .build();
  }

  private static Engine engine() {
    Policy base = new SmallNetwork().policy();
    Engine engine =
        new Engine(
            new Policy(
                2914,
                List.of(Prefix.parse("20.9.0.0/16")),
                base.routers(),
                base.links(),
                List.of(
                    neighbor("c1", 1299, Relation.CUSTOMER, 5),
                    neighbor("peer", 6939, Relation.PRIVATE_PEER, 6),
                    neighbor("rs", 6777, Relation.ROUTE_SERVER, 8)),
                net.donut.core.policy.Filters.DEFAULT,
                Timers.DEFAULT));
    engine.validateOrigins(
        new ValidatedPayloads(
            List.of(
                new ValidatedPayloads.Payload(Prefix.parse("20.0.0.0/8"), 24, 1),
                new ValidatedPayloads.Payload(Prefix.parse("20.5.0.0/16"), 20, 3356))));
    boolean _ = engine.connected("edge1", "rs", List.of(InterfaceAddress.parse("20.200.8.1/24")));
    return engine;
  }

  @ParameterizedTest
  @MethodSource
  void refused(Row row) {
    Engine engine = engine();
    Prefix prefix = Prefix.parse(row.prefix());
    NeighborConfig neighbor =
        engine.policy().neighbors().stream()
            .filter(one -> one.name().equals(row.neighbor()))
            .findFirst()
            .orElseThrow();
    SessionConfig session = neighbor.session(prefix.family());
    IpAddress nextHop =
        row.nextHop().isEmpty() && session != null
            ? session.address()
            : IpAddress.parse(row.nextHop());
    engine.announce(
        engine.neighbor(row.neighbor()),
        Prefixes.of(prefix),
        PathAttributes.builder(Origin.IGP, AsPath.parse(row.asPath()), nextHop)
            .onlyToCustomer(row.otc())
            .build());
    engine.commit();

    PathView view =
        engine.routes(RouteQuery.all(100)).routes().stream()
            .flatMap(route -> route.paths().stream())
            .filter(path -> path.neighbor().equals(row.neighbor()))
            .findFirst()
            .orElseThrow();
    assertThat(view.refusal()).isEqualTo(row.text());
    assertThat(engine.overrideObstacle(prefix, engine.neighbor(row.neighbor())))
        .endsWith(row.text());
  }

  @Test
  void every_reason_has_its_evidence() {
    assertThat(refused())
        .extracting(row -> row.text().substring(0, row.text().indexOf(':')))
        .containsAll(EnumSet.allOf(RejectReason.class).stream().map(RejectReason::word).toList());
  }
}

package net.donut.core;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import net.donut.core.answer.NeighborCounts;
import net.donut.core.answer.RejectReason;
import net.donut.core.change.Delta;
import net.donut.core.policy.Filters;
import net.donut.core.policy.LengthRange;
import net.donut.core.policy.ListedPrefix;
import net.donut.core.policy.NeighborConfig;
import net.donut.core.policy.SessionConfig;
import net.donut.core.policy.Treatment;
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

final class VerdictsTest {
  private static final Filters STRICT =
      new Filters(
          new LengthRange(8, 24),
          new LengthRange(16, 48),
          4,
          Treatment.REJECT,
          Treatment.REJECT,
          Treatment.REJECT,
          Treatment.REJECT);

  record Row(
      RejectReason reason,
      String neighbor,
      String prefix,
      String asPath,
      String nextHop,
      long otc) {
    @Override
    public String toString() {
      return reason + " " + prefix + " " + asPath + " " + nextHop + " of " + neighbor;
    }
  }

  private static Row row(
      RejectReason reason, String neighbor, String prefix, String asPath, String nextHop) {
    return new Row(reason, neighbor, prefix, asPath, nextHop, PathAttributes.ABSENT);
  }

  static List<Row> rejected() {
    String ok = "20.0.0.0/16";
    return List.of(
        row(RejectReason.AS_PATH_EMPTY, "tier2a", ok, "", "100.64.3.2"),
        row(RejectReason.AS_PATH_EMPTY, "rs", ok, "", "100.64.8.2"),
        row(RejectReason.AS_PATH_EMPTY, "customer", "198.51.100.0/24", "", "100.64.5.2"),
        row(RejectReason.AS_LOOP, "tier2a", ok, "3303 2914", "100.64.3.2"),
        row(RejectReason.AS_LOOP, "rs", ok, "{2914}", "100.64.8.2"),
        row(RejectReason.FIRST_AS, "tier2a", ok, "174 3303", "100.64.3.2"),
        row(RejectReason.FIRST_AS, "tier2a", ok, "{3303}", "100.64.3.2"),
        row(RejectReason.AS_PATH_TOO_LONG, "tier2a", ok, "3303 1 1 1 1", "100.64.3.2"),
        row(RejectReason.AS_SET, "tier2a", ok, "3303 {1,2}", "100.64.3.2"),
        row(RejectReason.AS_SET, "tier2a", ok, "3303 {64512}", "100.64.3.2"),
        row(RejectReason.AS_SET, "tier2a", ok, "(1) 3303", "100.64.3.2"),
        row(RejectReason.AS_SET, "tier2a", ok, "3303 1 1 1 {1,2}", "100.64.3.2"),
        row(RejectReason.BOGON_ASN, "tier2a", ok, "3303 64512 1 1 1", "100.64.3.2"),
        row(RejectReason.BOGON_ASN, "tier2a", ok, "3303 0", "100.64.3.2"),
        row(RejectReason.BOGON_ASN, "tier2a", ok, "3303 23456 1", "100.64.3.2"),
        row(RejectReason.BOGON_ASN, "tier2a", ok, "3303 64496", "100.64.3.2"),
        row(RejectReason.BOGON_ASN, "tier2a", ok, "3303 65535", "100.64.3.2"),
        row(RejectReason.BOGON_ASN, "tier2a", ok, "3303 65552", "100.64.3.2"),
        row(RejectReason.BOGON_ASN, "tier2a", ok, "3303 131071", "100.64.3.2"),
        row(RejectReason.BOGON_ASN, "tier2a", ok, "3303 4200000000", "100.64.3.2"),
        row(RejectReason.BOGON_ASN, "tier2a", ok, "3303 64512", "100.64.3.2"),
        row(RejectReason.BOGON_ASN, "tier2a", ok, "3303 4294967295", "100.64.3.2"),
        new Row(RejectReason.ROUTE_LEAK, "customer", ok, "1299", "100.64.5.2", 1299),
        new Row(RejectReason.ROUTE_LEAK, "tier2a", ok, "3303", "100.64.3.2", 1299),
        row(RejectReason.NEXT_HOP, "tier2a", ok, "3303", "100.64.3.1"),
        row(RejectReason.NEXT_HOP, "tier2a", ok, "3303", "0.0.0.0"),
        row(RejectReason.NEXT_HOP, "tier2a", ok, "3303", "127.0.0.1"),
        row(RejectReason.NEXT_HOP, "ixp", ok, "6939", "224.0.0.1"),
        row(RejectReason.NEXT_HOP, "tier2a", "2600::/32", "3303", "100.64.3.2"),
        row(RejectReason.NEXT_HOP, "tier2a", "2600::/32", "3303", "::1"),
        row(RejectReason.NEXT_HOP, "tier2a", "2600::/32", "3303", "::ffff:100.64.3.2"),
        row(RejectReason.THIRD_PARTY_NEXT_HOP, "tier2a", ok, "3303", "100.64.3.3"),
        row(RejectReason.DEFAULT_ROUTE, "tier2a", "0.0.0.0/0", "3303", "100.64.3.2"),
        row(RejectReason.PREFIX_LENGTH, "tier2a", "20.0.0.0/25", "3303", "100.64.3.2"),
        row(RejectReason.PREFIX_LENGTH, "tier2a", "20.0.0.0/7", "3303", "100.64.3.2"),
        row(RejectReason.BOGON_PREFIX, "tier2a", "192.168.1.0/24", "3303", "100.64.3.2"),
        row(RejectReason.BOGON_PREFIX, "tier2a", "fc00::/32", "3303", "fd00:3::2"),
        row(RejectReason.BOGON_PREFIX, "tier2a", "2001:db8:1::/48", "3303", "fd00:3::2"),
        row(RejectReason.BOGON_PREFIX, "tier2a", "192.88.99.0/24", "3303", "100.64.3.2"),
        row(RejectReason.BOGON_PREFIX, "tier2a", "2002::/16", "3303", "fd00:3::2"),
        row(RejectReason.BOGON_PREFIX, "tier2a", "2002:1400::/24", "3303", "fd00:3::2"),
        row(RejectReason.BOGON_PREFIX, "tier2a", "3ffe:1::/32", "3303", "fd00:3::2"),
        row(RejectReason.OWN_PREFIX, "tier1", "20.9.0.0/16", "174", "100.64.1.2"),
        row(RejectReason.OWN_PREFIX, "customer", "20.9.1.0/24", "1299", "100.64.5.2"),
        row(RejectReason.OWN_PREFIX, "rs", "2600:9:1::/48", "1299", "fd00:8::2"),
        row(RejectReason.BOGON_PREFIX, "tier1", "100.64.7.0/24", "174", "100.64.1.2"),
        row(RejectReason.EXCHANGE_LAN, "customer", "20.10.2.0/23", "1299", "100.64.5.2"),
        row(RejectReason.EXCHANGE_LAN, "rs", "20.10.3.0/24", "1299", "100.64.8.2"));
  }

  static List<Row> accepted() {
    String ok = "20.0.0.0/16";
    return List.of(
        row(RejectReason.AS_LOOP, "tier2a", ok, "3303 1 1 1", "100.64.3.2"),
        new Row(RejectReason.ROUTE_LEAK, "tier2a", ok, "3303", "100.64.3.2", 3303),
        new Row(RejectReason.ROUTE_LEAK, "tier1", ok, "174", "100.64.1.2", 1299),
        row(RejectReason.THIRD_PARTY_NEXT_HOP, "ixp", ok, "6939", "100.64.7.9"),
        row(RejectReason.FIRST_AS, "rs", ok, "1299 174", "100.64.8.9"),
        row(RejectReason.DEFAULT_ROUTE, "tier1", "0.0.0.0/0", "174", "100.64.1.2"),
        row(RejectReason.OWN_PREFIX, "tier1", "20.0.0.0/8", "174", "100.64.1.2"),
        row(RejectReason.OWN_PREFIX, "tier1", "20.8.0.0/15", "174", "100.64.1.2"),
        row(RejectReason.OWN_PREFIX, "listed", "20.9.1.128/25", "5511", "100.64.9.2"),
        row(RejectReason.PREFIX_LENGTH, "listed", "20.77.0.0/26", "5511", "100.64.9.2"),
        row(RejectReason.EXCHANGE_LAN, "tier1", "20.10.0.0/16", "174", "100.64.1.2"),
        row(RejectReason.BOGON_ASN, "tier2a", ok, "3303 23455 64495 131072", "100.64.3.2"),
        row(RejectReason.NEXT_HOP, "tier2a", ok, "3303", "fd00:3::2"),
        row(RejectReason.NEXT_HOP, "tier2a", "2600::/32", "3303", "fe80::1"));
  }

  private static Engine engine() {
    SmallNetwork network = new SmallNetwork();
    network.neighbors.clear();
    network.neighbors.add(SmallNetwork.neighbor("tier1", "edge1", 174, Relation.TRANSIT, 1));
    network.neighbors.add(SmallNetwork.neighbor("tier2a", "edge1", 3303, Relation.PRIVATE_PEER, 3));
    network.neighbors.add(SmallNetwork.neighbor("customer", "edge1", 1299, Relation.CUSTOMER, 5));
    network.neighbors.add(SmallNetwork.neighbor("ixp", "edge1", 6939, Relation.PUBLIC_PEER, 7));
    network.neighbors.add(SmallNetwork.neighbor("rs", "edge1", 6777, Relation.ROUTE_SERVER, 8));
    network.neighbors.add(
        SmallNetwork.builder("listed", "edge1", 5511, Relation.CUSTOMER, 9)
            .prefixes(
                List.of(
                    new ListedPrefix(Prefix.parse("20.9.1.0/24"), 25),
                    ListedPrefix.exactly(Prefix.parse("20.77.0.0/26"))))
            .build());
    network.neighbors.add(
        NeighborConfig.builder("ix2", "edge1", 6453, Relation.PUBLIC_PEER, "ix2")
            .session(
                new SessionConfig(
                    IpAddress.parse("20.10.2.7"), null, 0, Prefix.parse("20.10.2.0/23")))
            .build());
    network.filters = STRICT;
    net.donut.core.policy.Policy policy = network.policy();
    Engine engine =
        new Engine(
            new net.donut.core.policy.Policy(
                2914,
                List.of(Prefix.parse("20.9.0.0/16"), Prefix.parse("2600:9::/32")),
                policy.routers(),
                policy.links(),
                policy.neighbors(),
                policy.filters(),
                policy.timers()));
    boolean _ = engine.connected("edge1", "ixp", List.of(InterfaceAddress.parse("100.64.7.1/24")));
    boolean _ = engine.connected("edge1", "rs", List.of(InterfaceAddress.parse("100.64.8.1/24")));
    return engine;
  }

  private static NeighborCounts announced(Row row) {
    Engine engine = engine();
    int number = engine.neighbor(row.neighbor());
    engine.announce(
        number,
        Prefixes.of(Prefix.parse(row.prefix())),
        PathAttributes.builder(
                Origin.IGP, AsPath.parse(row.asPath()), IpAddress.parse(row.nextHop()))
            .onlyToCustomer(row.otc())
            .build());
    engine.commit();
    return engine.neighborCounts(number);
  }

  @ParameterizedTest
  @MethodSource
  void rejected(Row row) {
    NeighborCounts counts = announced(row);

    assertThat(counts.rejects()).isEqualTo(Map.of(row.reason(), 1L));
    assertThat(counts.accepted()).isZero();
  }

  @ParameterizedTest
  @MethodSource
  void accepted(Row row) {
    NeighborCounts counts = announced(row);

    assertThat(counts.accepted()).isEqualTo(1);
    assertThat(counts.rejects()).isEmpty();
  }

  @Test
  void every_reason_has_a_row() {
    // The validity of origins has ValidatedPayloadsTest.
    assertThat(rejected())
        .extracting(Row::reason)
        .containsAll(EnumSet.complementOf(EnumSet.of(RejectReason.INVALID_ORIGIN)));
  }

  @Test
  void another_policy_judges_anew() {
    SmallNetwork network = new SmallNetwork();
    Engine engine = new Engine(network.policy());
    network.announce(engine, "tier2a", "20.0.0.0/25");
    engine.commit();
    assertThat(engine.counts().prefixes()).isEqualTo(2);

    network.filters = Filters.NONE;
    engine.applyPolicy(network.policy());
    Delta delta = engine.commit();

    assertThat(engine.counts().prefixes()).isEqualTo(3);
    assertThat(delta.moved()).isEqualTo(1);
    assertThat(engine.neighborCounts(engine.neighbor("tier2a")).rejects()).isEmpty();
  }
}

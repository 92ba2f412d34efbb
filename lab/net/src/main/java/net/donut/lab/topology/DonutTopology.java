package net.donut.lab.topology;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import net.donut.lab.topology.LabLink.End;
import net.donut.lab.topology.LabLink.Kind;
import net.donut.lab.topology.LabNode.Tier;
import net.donut.lab.topology.Topology.Flow;
import net.donut.lab.topology.Topology.FlowEnd;
import net.donut.model.IpAddress;
import net.donut.model.Prefix;
import net.donut.model.Relation;

/// The network of the demo: two edge routers of AS 64500 between two Tier 1 and two Tier 2 networks
/// and a streaming customer.
///
/// `far` is a network that buys from both Tier 1s, so that both are equally good ways to it and a
/// flow to it goes by transit. Link number n has the addresses 100.64.n.1-2 and fd00:n::1-2.
public final class DonutTopology {
  /// The AS numbers by name, where no routing data says otherwise.
  public static final Map<String, Long> DEFAULT_ASNS =
      Map.of(
          "tier1a", 64601L,
          "tier1b", 64602L,
          "tier2a", 64701L,
          "tier2b", 64702L,
          "babulous", 64801L,
          "far", 64901L);

  private DonutTopology() {}

  /// The topology with some AS numbers replaced; names as in [#DEFAULT_ASNS].
  public static Topology create(Map<String, Long> asns) {
    for (String name : asns.keySet()) {
      if (!DEFAULT_ASNS.containsKey(name)) {
        throw new IllegalArgumentException(
            "neighbor: '"
                + name
                + "' (expected one of: "
                + String.join(", ", DEFAULT_ASNS.keySet().stream().sorted().toList())
                + ")");
      }
    }
    return new Topology(
        64500,
        List.of(Prefix.parse("198.51.100.0/24"), Prefix.parse("2001:db8:6450::/48")),
        nodes(asns),
        links(),
        List.of(
            new Flow(
                "viewers",
                new FlowEnd("babulous", IpAddress.parse("203.0.113.10")),
                new FlowEnd("viewers", IpAddress.parse("192.0.2.10"))),
            new Flow(
                "viewers6",
                new FlowEnd("babulous", IpAddress.parse("2001:db8:801::10")),
                new FlowEnd("viewers", IpAddress.parse("2001:db8:701::10"))),
            new Flow(
                "far",
                new FlowEnd("babulous", IpAddress.parse("203.0.113.10")),
                new FlowEnd("far", IpAddress.parse("198.18.100.10")))));
  }

  private static List<LabNode> nodes(Map<String, Long> asns) {
    List<LabNode> nodes = new ArrayList<>();
    nodes.add(new LabNode.Edge("edge1", "10.64.0.1", IpAddress.parse("10.255.0.11")));
    nodes.add(new LabNode.Edge("edge2", "10.64.0.2", IpAddress.parse("10.255.0.12")));
    nodes.add(new LabNode.Controller("ctl", IpAddress.parse("10.255.0.10")));
    nodes.add(network("tier1a", asns, "10.64.1.1", Software.BIRD, Tier.TIER1, 1, List.of()));
    nodes.add(network("tier1b", asns, "10.64.1.2", Software.FRR, Tier.TIER1, 2, List.of()));
    nodes.add(
        network(
            "tier2a",
            asns,
            "10.64.2.1",
            Software.BIRD,
            Tier.TIER2,
            3,
            List.of("192.0.2.0/24", "2001:db8:701::/48")));
    nodes.add(network("tier2b", asns, "10.64.2.2", Software.FRR, Tier.TIER2, 4, List.of()));
    nodes.add(
        stub(
            "babulous",
            asns,
            "10.64.3.1",
            List.of("203.0.113.0/24", "2001:db8:801::/48"),
            List.of("203.0.113.10", "2001:db8:801::10")));
    nodes.add(
        stub(
            "far",
            asns,
            "10.64.4.1",
            List.of("198.18.100.0/24", "2001:db8:901::/48"),
            List.of("198.18.100.10", "2001:db8:901::10")));
    nodes.add(new LabNode.Host("viewers"));
    return nodes;
  }

  private static LabNode.Network network(
      String name,
      Map<String, Long> asns,
      String routerId,
      Software software,
      Tier tier,
      int feed,
      List<String> own) {
    long asn = asns.getOrDefault(name, DEFAULT_ASNS.getOrDefault(name, 0L));
    return new LabNode.Network(
        name,
        asn,
        routerId,
        software,
        tier,
        own.stream().map(Prefix::parse).toList(),
        List.of(),
        feed);
  }

  private static LabNode.Network stub(
      String name, Map<String, Long> asns, String routerId, List<String> own, List<String> on) {
    LabNode.Network plain = network(name, asns, routerId, Software.BIRD, Tier.STUB, 0, own);
    return new LabNode.Network(
        name,
        plain.asn(),
        routerId,
        Software.BIRD,
        Tier.STUB,
        plain.own(),
        on.stream().map(IpAddress::parse).toList(),
        0);
  }

  private static List<LabLink> links() {
    return List.of(
        peering(1, "edge1", "tier1a", Relation.TRANSIT, "0.30"),
        peering(2, "edge2", "tier1b", Relation.TRANSIT, "0.25"),
        peering(3, "edge1", "tier2a", Relation.PRIVATE_PEER, ""),
        peering(4, "edge2", "tier2b", Relation.PRIVATE_PEER, ""),
        peering(5, "edge2", "babulous", Relation.CUSTOMER, ""),
        link(12, "edge1", "edge2", new Kind.Internal(10), ""),
        peering(20, "tier1a", "tier1b", Relation.PRIVATE_PEER, ""),
        peering(21, "tier1a", "tier2a", Relation.CUSTOMER, ""),
        peering(22, "tier1b", "tier2a", Relation.CUSTOMER, ""),
        peering(23, "tier1a", "tier2b", Relation.CUSTOMER, ""),
        peering(24, "tier1b", "tier2b", Relation.CUSTOMER, ""),
        peering(25, "tier1a", "far", Relation.CUSTOMER, ""),
        peering(26, "tier1b", "far", Relation.CUSTOMER, ""),
        new LabLink(
            "tier2a-viewers",
            new Kind.Access(),
            new End(
                "tier2a",
                "viewers",
                IpAddress.parse("192.0.2.1"),
                IpAddress.parse("2001:db8:701::1")),
            new End(
                "viewers",
                "tier2a",
                IpAddress.parse("192.0.2.10"),
                IpAddress.parse("2001:db8:701::10")),
            24,
            64,
            ""));
  }

  private static LabLink peering(int number, String a, String b, Relation relation, String price) {
    return link(number, a, b, new Kind.Peering(relation), price);
  }

  private static LabLink link(int number, String a, String b, Kind kind, String price) {
    return new LabLink(
        a + "-" + b, kind, end(a, b, number, 1), end(b, a, number, 2), 30, 64, price);
  }

  private static End end(String node, String device, int number, int host) {
    return new End(
        node,
        device,
        IpAddress.parse("100.64." + number + "." + host),
        IpAddress.parse("fd00:" + number + "::" + host));
  }
}

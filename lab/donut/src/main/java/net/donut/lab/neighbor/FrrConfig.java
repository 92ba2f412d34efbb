package net.donut.lab.neighbor;

import java.util.List;
import net.donut.lab.topology.Bfd;
import net.donut.lab.topology.FeedAddresses;
import net.donut.lab.topology.LabLink;
import net.donut.lab.topology.LabNode;
import net.donut.lab.topology.Topology;
import net.donut.model.Family;
import net.donut.model.Prefix;
import net.donut.model.Relation;

/// The configuration of FRR (zebra and bgpd) for one network of a topology.
public final class FrrConfig {
  /// The profile in the configuration of [#bfdd].
  public static final String BFD_PROFILE = "OURS";

  private FrrConfig() {}

  /// All that the daemons of FRR read.
  public static String render(Topology topology, LabNode.Network node) {
    return """
    frr defaults traditional
    log file /var/log/frr/frr.log
    """
        + bfdd(node.name())
        + "exit\n"
        + interfaces(topology, node)
        + bgpd(topology, node);
  }

  /// Which daemons run beside zebra and staticd.
  public static String daemons() {
    return """
    bgpd=yes
    bfdd=yes
    vtysh_enable=yes
    zebra_options="  -A 127.0.0.1 -s 90000000"
    bgpd_options="   -A 127.0.0.1"
    bfdd_options="   -A 127.0.0.1"
    staticd_options="-A 127.0.0.1"
    """;
  }

  private static String interfaces(Topology topology, LabNode.Network node) {
    StringBuilder conf = new StringBuilder();
    topology
        .linksOf(node.name())
        .forEach(link ->
            conf.append("interface ")
                .append(link.end(node.name()).device())
                .append("\n link-detect\n"));
    return conf.toString();
  }

  /// What bfdd of a router reads: one profile, for sessions with our routers.
  public static String bfdd(String hostname) {
    return """
    hostname %s
    bfd
     profile %s
      detect-multiplier %d
      receive-interval %d
      transmit-interval %d
    """
        .formatted(
            hostname,
            BFD_PROFILE,
            Bfd.WITH_OUR_ROUTERS.multiplier(),
            Bfd.WITH_OUR_ROUTERS.intervalMillis(),
            Bfd.WITH_OUR_ROUTERS.intervalMillis());
  }

  private static String bgpd(Topology topology, LabNode.Network node) {
    StringBuilder conf = new StringBuilder(lists(topology, node));
    for (Relation relation : List.of(Relation.CUSTOMER, Relation.PRIVATE_PEER, Relation.TRANSIT)) {
      conf.append(maps(relation));
    }
    conf.append(
        """
        router bgp %d
         bgp router-id %s
         no bgp ebgp-requires-policy
         no bgp default ipv4-unicast
         no bgp network import-check
         bgp bestpath compare-routerid
         bgp fast-external-failover
         timers bgp 5 15
        """
            .formatted(node.asn(), node.routerId()));
    List<LabLink> links =
        topology
            .linksOf(node.name())
            .filter(link -> link.kind() instanceof LabLink.Kind.Peering)
            .toList();
    for (LabLink link : links) {
      LabLink.End peer = link.peer(node.name());
      for (Family family : Family.values()) {
        String address = peer.address(family).toString();
        conf.append(session(address, topology.asnOf(peer.node())));
        if (topology.node(peer.node()) instanceof LabNode.Edge) {
          conf.append(" neighbor %s bfd profile %s\n".formatted(address, BFD_PROFILE));
        }
      }
    }
    if (node.feed() > 0) {
      String feeder = FeedAddresses.feeder(node, Family.IPV4).toString();
      conf.append(session(feeder, node.asn()));
      conf.append(" neighbor ").append(feeder).append(" passive\n");
    }
    for (Family family : Family.values()) {
      conf.append(family(node, links, family));
    }
    return conf.toString();
  }

  /// Only what carries traffic in the lab reaches the kernel.
  private static String lists(Topology topology, LabNode.Network node) {
    StringBuilder conf = new StringBuilder();
    for (Family family : Family.values()) {
      String ip = family == Family.IPV4 ? "ip" : "ipv6";
      int number = 5;
      for (Prefix prefix : topology.liveNetworks(family)) {
        conf.append("%s prefix-list LIVE seq %d permit %s\n".formatted(ip, number++, prefix));
      }
      if (node.tier() != LabNode.Tier.TIER1) {
        conf.append(
            "%s prefix-list LIVE seq %d permit %s\n"
                .formatted(ip, number, Prefix.defaultRoute(family)));
      }
      conf.append(
          "route-map KERNEL-%s permit 10\n match %s address prefix-list LIVE\n"
              .formatted(word(family), ip));
    }
    conf.append("route-map OWN permit 10\n set local-preference %d\n".formatted(Preference.OWN));
    conf.append(
        "route-map FROM-FEED permit 10\n set local-preference %d\n"
            .formatted(Preference.ofFeed(node.tier())));
    return conf.append("route-map NOTHING deny 10\n").toString();
  }

  private static String maps(Relation relation) {
    StringBuilder conf =
        new StringBuilder(
            "route-map FROM-%s permit 10\n set local-preference %d\n"
                .formatted(name(relation), Preference.of(relation)));
    int lowest = Preference.lowestToldTo(relation);
    if (lowest == 0) {
      return conf.append("route-map TO-" + name(relation) + " permit 10\n").toString();
    }
    int number = 10;
    for (int mark : List.of(Preference.OWN, Preference.CUSTOMER, Preference.CONE_FEED)) {
      if (mark >= lowest) {
        conf.append(
            "route-map TO-%s permit %d\n match local-preference %d\n"
                .formatted(name(relation), number, mark));
        number += 10;
      }
    }
    return conf.toString();
  }

  private static String session(String address, long remoteAs) {
    return """
     neighbor %s remote-as %d
     neighbor %s timers connect 2
     neighbor %s advertisement-interval 0
    """
        .formatted(address, remoteAs, address, address);
  }

  private static String family(LabNode.Network node, List<LabLink> links, Family family) {
    StringBuilder conf = new StringBuilder(" address-family " + word(family) + " unicast\n");
    conf.append("  maximum-paths 1\n");
    conf.append("  table-map KERNEL-").append(word(family)).append('\n');
    for (Prefix prefix : node.own()) {
      if (prefix.family() == family) {
        conf.append("  network ").append(prefix).append(" route-map OWN\n");
      }
    }
    for (LabLink link : links) {
      String address = link.peer(node.name()).address(family).toString();
      String relation = name(link.relationSeenFrom(node.name()));
      conf.append(activate(address, "FROM-" + relation, "TO-" + relation));
    }
    if (node.feed() > 0) {
      conf.append(
          activate(FeedAddresses.feeder(node, Family.IPV4).toString(), "FROM-FEED", "NOTHING"));
    }
    return conf.append(" exit-address-family\n").toString();
  }

  private static String activate(String address, String in, String out) {
    return """
      neighbor %s activate
      neighbor %s route-map %s in
      neighbor %s route-map %s out
    """
        .formatted(address, address, in, address, out);
  }

  private static String name(Relation relation) {
    return switch (relation) {
      case CUSTOMER -> "CUSTOMER";
      case OWN, PRIVATE_PEER, PUBLIC_PEER, ROUTE_SERVER -> "PEER";
      case TRANSIT -> "PROVIDER";
    };
  }

  private static String word(Family family) {
    return family == Family.IPV4 ? "ipv4" : "ipv6";
  }
}

package net.donut.lab.neighbor;

import java.util.ArrayList;
import java.util.List;
import net.donut.lab.topology.Bfd;
import net.donut.lab.topology.FeedAddresses;
import net.donut.lab.topology.LabLink;
import net.donut.lab.topology.LabNode;
import net.donut.lab.topology.Topology;
import net.donut.model.Family;
import net.donut.model.Prefix;
import net.donut.model.Relation;

/// The configuration of BIRD 2 for one network of a topology.
public final class BirdConfig {
  private BirdConfig() {}

  /// All that BIRD reads.
  public static String render(Topology topology, LabNode.Network node) {
    StringBuilder conf = new StringBuilder();
    conf.append("# ").append(node.name()).append(", AS").append(node.asn()).append('\n');
    conf.append("log stderr { info, remote, warning, error, auth, fatal, bug };\n");
    conf.append("router id ").append(node.routerId()).append(";\n");
    conf.append("protocol device { scan time 1; }\n");
    for (Family family : Family.values()) {
      conf.append(networks(node, family));
      conf.append(kernel(topology, node, family));
    }
    for (Relation relation : List.of(Relation.CUSTOMER, Relation.PRIVATE_PEER, Relation.TRANSIT)) {
      conf.append(filters(relation));
    }
    if (topology.isOurNeighbor(node.name())) {
      conf.append(bfd(topology, node));
    }
    topology
        .linksOf(node.name())
        .filter(link -> link.kind() instanceof LabLink.Kind.Peering)
        .forEach(link -> {
          for (Family family : Family.values()) {
            conf.append(session(topology, node, link, family));
          }
        });
    if (node.feed() > 0) {
      conf.append(feed(node));
    }
    return conf.toString();
  }

  private static String networks(LabNode.Network node, Family family) {
    StringBuilder conf = new StringBuilder("protocol static own_" + word(family) + " {\n");
    conf.append("  ").append(word(family)).append(";\n");
    for (Prefix prefix : node.own()) {
      if (prefix.family() == family) {
        conf.append("  route ")
            .append(prefix)
            .append(" blackhole { bgp_local_pref = ")
            .append(Preference.OWN)
            .append("; };\n");
      }
    }
    return conf.append("}\n").toString();
  }

  /// Only what carries traffic in the lab reaches the kernel: the fed table would cost seconds.
  private static String kernel(Topology topology, LabNode.Network node, Family family) {
    List<String> wanted = new ArrayList<>();
    topology.liveNetworks(family).forEach(prefix -> wanted.add(prefix.toString()));
    if (node.tier() != LabNode.Tier.TIER1) {
      wanted.add(Prefix.defaultRoute(family).toString());
    }
    return """
    protocol kernel kernel_%s {
      %s {
        import none;
        export filter {
          if source = RTS_BGP && net ~ [ %s ] then accept;
          reject;
        };
      };
    }
    """
        .formatted(word(family), word(family), String.join(", ", wanted));
  }

  private static String filters(Relation relation) {
    return """
    filter from_%s { bgp_local_pref = %d; accept; }
    filter to_%s { if bgp_local_pref >= %d then accept; reject; }
    """
        .formatted(
            name(relation),
            Preference.of(relation),
            name(relation),
            Preference.lowestToldTo(relation));
  }

  private static String bfd(Topology topology, LabNode.Network node) {
    StringBuilder conf = new StringBuilder("protocol bfd {\n");
    topology
        .linksOf(node.name())
        .filter(link -> isOurs(topology, link.peer(node.name())))
        .forEach(link ->
            conf.append(
                "  interface \"%s\" { interval %d ms; multiplier %d; };\n"
                    .formatted(
                        link.end(node.name()).device(),
                        Bfd.WITH_OUR_ROUTERS.intervalMillis(),
                        Bfd.WITH_OUR_ROUTERS.multiplier())));
    return conf.append("}\n").toString();
  }

  private static boolean isOurs(Topology topology, LabLink.End end) {
    return topology.node(end.node()) instanceof LabNode.Edge;
  }

  private static String session(
      Topology topology, LabNode.Network node, LabLink link, Family family) {
    LabLink.End own = link.end(node.name());
    LabLink.End peer = link.peer(node.name());
    String relation = name(link.relationSeenFrom(node.name()));
    return """
    protocol bgp %s_%s {
      local %s as %d;
      neighbor %s as %d;
      direct;
      check link yes;
      connect delay time 1;
      connect retry time 2;
      error wait time 1, 5;
      hold time 30;
      bfd %s;
      %s { import filter from_%s; export filter to_%s; next hop self; };
    }
    """
        .formatted(
            peer.node(),
            word(family),
            own.address(family),
            node.asn(),
            peer.address(family),
            topology.asnOf(peer.node()),
            isOurs(topology, peer) ? "on" : "off",
            word(family),
            relation,
            relation);
  }

  private static String feed(LabNode.Network node) {
    StringBuilder conf =
        new StringBuilder(
            """
            protocol bgp feed {
              local %s as %d;
              neighbor %s as %d;
              direct;
              passive;
              hold time 90;
            """
                .formatted(
                    FeedAddresses.fed(node, Family.IPV4),
                    node.asn(),
                    FeedAddresses.feeder(node, Family.IPV4),
                    node.asn()));
    for (Family family : Family.values()) {
      conf.append(
          "  %s { import filter { bgp_local_pref = %d; accept; }; export none; gateway direct; };\n"
              .formatted(word(family), Preference.ofFeed(node.tier())));
    }
    return conf.append("}\n").toString();
  }

  private static String name(Relation relation) {
    return switch (relation) {
      case CUSTOMER -> "customer";
      case OWN, PRIVATE_PEER, PUBLIC_PEER, ROUTE_SERVER -> "peer";
      case TRANSIT -> "provider";
    };
  }

  private static String word(Family family) {
    return family == Family.IPV4 ? "ipv4" : "ipv6";
  }
}

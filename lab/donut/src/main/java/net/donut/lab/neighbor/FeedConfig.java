package net.donut.lab.neighbor;

import java.util.List;
import java.util.Locale;
import net.donut.lab.table.RoutingTable;
import net.donut.lab.table.RoutingTable.Announcement;
import net.donut.lab.topology.FeedAddresses;
import net.donut.lab.topology.LabNode;
import net.donut.model.AsPath;
import net.donut.model.Communities;
import net.donut.model.Family;
import net.donut.model.IpAddress;
import net.donut.model.PathAttributes;
import net.donut.model.Prefix;

/// The configuration of a BIRD 2 that gives the daemons of networks their table: what [Feeder] does
/// in the lab's own process, as a node by itself.
///
/// A route has all that BIRD lets a filter set: AS_SET, AGGREGATOR and unknown attributes of a dump
/// are left out.
public final class FeedConfig {
  private FeedConfig() {}

  /// All that BIRD reads.
  public static String render(List<LabNode.Network> fed, RoutingTable table) {
    StringBuilder conf = new StringBuilder();
    conf.append("# what the networks of the lab hear from elsewhere\n");
    conf.append("log stderr { warning, error, auth, fatal, bug };\n");
    conf.append("router id ")
        .append(FeedAddresses.feeder(fed.getFirst(), Family.IPV4))
        .append(";\n");
    conf.append("protocol device { scan time 1; }\n");
    for (LabNode.Network network : fed) {
      for (Family family : Family.values()) {
        conf.append("%s table %s;\n".formatted(word(family), name(network, family)));
        conf.append(
            "protocol static %s_routes {\n  %s { table %s; };\n"
                .formatted(name(network, family), word(family), name(network, family)));
        table.feed(network.name()).stream()
            .filter(announcement -> announcement.prefixes().family() == family)
            .forEach(announcement -> routes(announcement, conf));
        conf.append("}\n");
      }
      conf.append(session(network));
    }
    return conf.toString();
  }

  private static void routes(Announcement announcement, StringBuilder conf) {
    String attributes = attributes(announcement.attributes());
    for (Prefix prefix : announcement.prefixes()) {
      conf.append("  route ").append(prefix).append(" blackhole { ");
      conf.append(attributes).append("};\n");
    }
  }

  /// The statements that give a route its attributes; a path is built from its end.
  private static String attributes(PathAttributes attributes) {
    StringBuilder text = new StringBuilder("bgp_local_pref = 100; ");
    text.append("bgp_origin = ORIGIN_%s; ".formatted(attributes.origin().name()));
    for (AsPath.Segment segment : attributes.asPath().segments().reversed()) {
      if (segment.type() == AsPath.SegmentType.AS_SEQUENCE) {
        for (int i = segment.asns().length - 1; i >= 0; i--) {
          text.append("bgp_path.prepend(%s); ".formatted(number(segment.asns()[i])));
        }
      }
    }
    if (attributes.med() != PathAttributes.ABSENT) {
      text.append("bgp_med = %d; ".formatted(attributes.med()));
    }
    for (int community : attributes.communities().values()) {
      text.append(
          "bgp_community.add((%s)); ".formatted(Communities.text(community).replace(':', ',')));
    }
    int[] large = attributes.largeCommunities().values();
    for (int i = 0; i + 2 < large.length; i += 3) {
      text.append(
          "bgp_large_community.add((%s, %s, %s)); "
              .formatted(number(large[i]), number(large[i + 1]), number(large[i + 2])));
    }
    return text.toString();
  }

  private static String number(int unsigned) {
    return Integer.toUnsignedString(unsigned);
  }

  private static String session(LabNode.Network network) {
    StringBuilder conf =
        new StringBuilder(
            """
            protocol bgp to_%s {
              local %s as %d;
              neighbor %s as %d;
              direct;
              connect delay time 1;
              connect retry time 1;
              error wait time 1, 2;
              hold time 90;
            """
                .formatted(
                    network.name(),
                    FeedAddresses.feeder(network, Family.IPV4),
                    network.asn(),
                    FeedAddresses.fed(network, Family.IPV4),
                    network.asn()));
    for (Family family : Family.values()) {
      IpAddress hop = FeedAddresses.feeder(network, family);
      conf.append(
          "  %s { table %s; import none; export all; next hop address %s; };\n"
              .formatted(word(family), name(network, family), hop));
    }
    return conf.append("}\n").toString();
  }

  private static String name(LabNode.Network network, Family family) {
    return network.name() + "_" + word(family);
  }

  private static String word(Family family) {
    return family.name().toLowerCase(Locale.ROOT);
  }
}

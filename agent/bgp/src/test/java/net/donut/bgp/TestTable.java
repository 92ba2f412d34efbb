package net.donut.bgp;

import java.util.LinkedHashMap;
import java.util.Map;
import net.donut.model.AsPath;
import net.donut.model.Communities;
import net.donut.model.Family;
import net.donut.model.IpAddress;
import net.donut.model.Origin;
import net.donut.model.PathAttributes;
import net.donut.model.Prefix;
import net.donut.model.Prefixes;

/// 5,000 routes a family, in 50 groups of attributes.
final class TestTable {
  static final int SIZE = 5_000;
  private static final int GROUPS = 50;

  private TestTable() {}

  /// Route `i` of what we announce.
  static Prefix ours(Family family, int i) {
    return switch (family) {
      case IPV4 -> Prefix.ofIpv4((11 << 24) + (i << 8), 24);
      case IPV6 -> new Prefix(family, 0x2001_0db8_0000_0000L + ((long) i << 16), 0, 48);
    };
  }

  /// Route `i` of what a neighbor announces.
  static Prefix theirs(Family family, int i) {
    return switch (family) {
      case IPV4 -> Prefix.ofIpv4((12 << 24) + (i << 8), 24);
      case IPV6 -> new Prefix(family, 0x2001_0db9_0000_0000L + ((long) i << 16), 0, 48);
    };
  }

  /// What [#announce] sends, as [#text] writes it.
  static Map<String, String> expected(Family family, long localAs, Origin origin) {
    Map<String, String> routes = new LinkedHashMap<>();
    for (int i = 0; i < SIZE; i++) {
      int group = i % GROUPS;
      routes.put(
          ours(family, i).toString(),
          text(path(localAs, group).toString(), origin, group, "64500:" + group));
    }
    return routes;
  }

  /// The parts of a route that a neighbor's output shows too.
  static String text(String path, Origin origin, long med, String community) {
    return path + " " + origin + " med " + med + " community " + community;
  }

  private static AsPath path(long localAs, int group) {
    long[] tail = {65000 + group % 7, 200_000 + group};
    AsPath path = AsPath.of(tail);
    return localAs == 0 ? path : path.prepend(localAs, 1);
  }

  /// Announces all routes of a family, then End-of-RIB. `localAs` 0 prepends nothing (iBGP).
  static void announce(
      TestSpeaker node, String neighbor, Family family, String nextHop, long localAs) {
    for (int group = 0; group < GROUPS; group++) {
      PathAttributes.Builder attributes =
          PathAttributes.builder(Origin.EGP, path(localAs, group), IpAddress.parse(nextHop))
              .med(group)
              .communities(Communities.of(64500 << 16 | group));
      if (localAs == 0) {
        attributes.localPref(100);
      }
      Prefixes.Builder prefixes = new Prefixes.Builder(family);
      for (int i = group; i < SIZE; i += GROUPS) {
        prefixes.add(ours(family, i));
      }
      node.feed.add(neighbor, new Outbound.Announce(prefixes.build(), attributes.build()));
    }
    node.endOfRib(neighbor, family);
  }
}

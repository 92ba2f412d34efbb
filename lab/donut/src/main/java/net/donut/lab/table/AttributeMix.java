package net.donut.lab.table;

import java.util.SplittableRandom;
import net.donut.model.Aggregator;
import net.donut.model.Communities;
import net.donut.model.IpAddress;
import net.donut.model.Origin;
import net.donut.model.PathAttributes;

/// How often real routes carry what, and draws that follow it.
///
/// Counted in RouteViews' dump of 2014-05-23 (`rv2-20140523-first.mrt`: 268,719 routes of 37 peers
/// to 9,030 prefixes); a test counts them again where the dump is at hand.
final class AttributeMix {
  // Per 10,000 routes.
  static final int ORIGIN_INCOMPLETE = 1052;
  static final int ORIGIN_EGP = 12;
  static final int MED = 3836;
  static final int AGGREGATOR = 568;
  static final int ATOMIC_AGGREGATE = 302;
  static final int PREPENDED = 1758;

  /// Per 10,000 routes: so many distinct networks in the path, its first included, from 1 on.
  static final int[] HOPS = {5, 430, 3090, 4067, 1897, 386, 90, 26, 7, 2};

  /// Per 10,000 routes with prepending: so many numbers more than networks, from 1 on.
  static final int[] PREPENDS = {4505, 2397, 1053, 553, 521, 229, 108, 94, 112, 328, 6, 94};

  /// Per 10,000 routes: so many communities, from 0 on.
  static final int[] COMMUNITIES = {
    5112, 1135, 751, 276, 446, 1001, 415, 251, 104, 106, 176, 65, 37, 40, 26, 12, 17, 30
  };

  /// The commonest values of MED there, the commonest first.
  private static final long[] MEDS = {
    0, 0, 0, 0, 0, 10, 1, 100, 2523, 2504, 2, 1000, 7, 2016, 2000
  };

  private static final int OF = 10_000;

  private AttributeMix() {}

  /// How many distinct networks a path has, the neighbor included; at least 2, as a neighbor's own
  /// routes are no part of the table.
  static int hops(SplittableRandom random) {
    return Math.max(2, 1 + pick(random, HOPS));
  }

  /// How many numbers a path has more than networks; mostly 0.
  static int prepends(SplittableRandom random) {
    return random.nextInt(OF) < PREPENDED ? 1 + pick(random, PREPENDS) : 0;
  }

  /// Sets everything but path and next hop. `neighbor` marks the route with communities of its own
  /// and, of each second one, of the network it heard the route from.
  static void draw(
      SplittableRandom random,
      PathAttributes.Builder attributes,
      long neighbor,
      long from,
      long origin) {
    attributes.origin(origin(random));
    if (random.nextInt(OF) < MED) {
      attributes.med(MEDS[random.nextInt(MEDS.length)]);
    }
    if (random.nextInt(OF) < AGGREGATOR) {
      attributes.aggregator(
          new Aggregator(origin, IpAddress.ofIpv4(0xc0a8_0000 | random.nextInt(1 << 16))));
    }
    attributes.atomicAggregate(random.nextInt(OF) < ATOMIC_AGGREGATE);
    attributes.communities(communities(random, neighbor, from));
  }

  private static Origin origin(SplittableRandom random) {
    int at = random.nextInt(OF);
    if (at < ORIGIN_INCOMPLETE) {
      return Origin.INCOMPLETE;
    }
    return at < ORIGIN_INCOMPLETE + ORIGIN_EGP ? Origin.EGP : Origin.IGP;
  }

  /// Where and from whom a route was heard, as large networks mark it: `asn:30xx`, `asn:2xx`.
  private static Communities communities(SplittableRandom random, long neighbor, long from) {
    int[] values = new int[pick(random, COMMUNITIES)];
    for (int i = 0; i < values.length; i++) {
      int upper = (int) ((i % 2 == 0 ? neighbor : from) & 0xffff);
      values[i] =
          upper << 16 | (i == 0 ? 3000 + random.nextInt(40) : 200 + 10 * i + random.nextInt(6));
    }
    return Communities.of(values).normalized();
  }

  /// An index of a table of weights, each as often as it weighs.
  private static int pick(SplittableRandom random, int[] weights) {
    int total = 0;
    for (int weight : weights) {
      total += weight;
    }
    int at = random.nextInt(total);
    int pick = 0;
    while (at >= weights[pick]) {
      at -= weights[pick++];
    }
    return pick;
  }
}

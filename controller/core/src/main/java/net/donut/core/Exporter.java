package net.donut.core;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import net.donut.core.policy.ExportRule;
import net.donut.core.policy.Policy;
import net.donut.core.policy.Ranking;
import net.donut.model.AsPath;
import net.donut.model.Communities;
import net.donut.model.Family;
import net.donut.model.IpAddress;
import net.donut.model.Origin;
import net.donut.model.PathAttributes;
import net.donut.model.Relation;
import net.donut.model.UnknownAttribute;
import net.donut.model.table.AttributeTable;

/// Which neighbors are told of a best path, and with which attributes: valley-free by the relation
/// it was learned from (RFC 7908), nothing unless a rule says so (RFC 8212), only to customers what
/// is marked so (RFC 9234). Pure; made anew for each policy, and the one before is kept until the
/// commit.
final class Exporter {
  private static final int PARTIAL = 0x20;
  private static final int IPV6_EXTENDED_COMMUNITIES = 25;
  private static final int IPV6_COMMUNITY_BYTES = 20;
  private static final int NON_TRANSITIVE = 0x40;

  /// A neighbor as it was configured when this was made.
  private record Target(
      int neighbor, String name, int router, long as, Relation relation, ExportRule rule) {
    boolean isCustomer() {
      return relation == Relation.CUSTOMER;
    }
  }

  private final Family family;
  private final long localAs;
  private final AttributeTable attributes;
  private final Target[] targets;
  private final int[][] everybody;
  private final int[][] customers;

  Exporter(
      Family family,
      Policy policy,
      CoreNeighbors neighbors,
      Routers routers,
      AttributeTable attributes) {
    this.family = family;
    this.localAs = policy.localAs();
    this.attributes = attributes;
    this.targets = new Target[neighbors.size()];
    targets[Neighbor.OWN] =
        new Target(Neighbor.OWN, "own", -1, localAs, Relation.OWN, ExportRule.NONE);
    for (Neighbor neighbor : neighbors.configured()) {
      targets[neighbor.index] =
          new Target(
              neighbor.index,
              neighbor.name,
              neighbor.router(),
              neighbor.as(),
              neighbor.relation(),
              policy.ranking() == Ranking.LOCAL_PREF
                  ? ExportRule.NONE
                  : neighbor.config().export());
    }
    everybody = new int[routers.size()][];
    customers = new int[routers.size()][];
    for (int router = 0; router < routers.size(); router++) {
      everybody[router] = at(router, false);
      customers[router] = at(router, true);
    }
  }

  private int[] at(int router, boolean onlyCustomers) {
    List<Integer> found = new ArrayList<>();
    for (Target target : targets) {
      if (target != null
          && target.router() == router
          && target.rule() == ExportRule.DEFAULT_RULES
          && (target.isCustomer() || !onlyCustomers)) {
        found.add(target.neighbor());
      }
    }
    return found.stream().mapToInt(Integer::intValue).toArray();
  }

  /// Whether both tell everybody the same of the same paths.
  boolean tellsSameAs(Exporter other) {
    return localAs == other.localAs
        && Arrays.equals(targets, other.targets)
        && Arrays.deepEquals(everybody, other.everybody)
        && Arrays.deepEquals(customers, other.customers);
  }

  private boolean knows(int neighbor) {
    return neighbor < targets.length && targets[neighbor] != null;
  }

  /// The neighbors of a router that may hear of a path learned from `from`; none when nobody can.
  int[] audience(int router, int from) {
    if (router >= everybody.length || !knows(from)) {
      return new int[0];
    }
    return isForEverybody(targets[from].relation()) ? everybody[router] : customers[router];
  }

  private static boolean isForEverybody(Relation relation) {
    return relation == Relation.CUSTOMER || relation == Relation.OWN;
  }

  /// Whether neighbor `to` at a router is told of a path learned from neighbor `from`.
  boolean tells(int to, int router, int from, int attributeId) {
    if (!knows(to) || !knows(from) || to == from) {
      return false;
    }
    Target target = targets[to];
    if (target.router() != router
        || target.rule() != ExportRule.DEFAULT_RULES
        || !(target.isCustomer() || isForEverybody(targets[from].relation()))) {
      return false;
    }
    PathAttributes path = attributes.get(attributeId);
    return !isKept(path.communities())
        && (target.isCustomer() || onlyToCustomer(path, from) == PathAttributes.ABSENT)
        && !path.asPath().contains(target.as());
  }

  /// RFC 1997: neither leaves the AS.
  private static boolean isKept(Communities communities) {
    return communities.contains(Communities.NO_EXPORT)
        || communities.contains(Communities.NO_ADVERTISE)
        || communities.contains(Communities.NO_EXPORT_SUBCONFED);
  }

  /// OTC as it is after ingress (RFC 9234 §5): set to the neighbor's AS when a provider, peer or
  /// route server did not set it.
  private long onlyToCustomer(PathAttributes path, int from) {
    boolean fromAbove = !isForEverybody(targets[from].relation());
    return path.onlyToCustomer() == PathAttributes.ABSENT && fromAbove
        ? targets[from].as()
        : path.onlyToCustomer();
  }

  /// The attributes as neighbor `to` hears them.
  PathAttributes rewritten(int to, int from, int attributeId) {
    PathAttributes path = attributes.get(attributeId);
    long marked = onlyToCustomer(path, from);
    return path.toBuilder()
        .asPath(path.asPath().prepend(localAs, 1))
        .nextHop(unspecified())
        .linkLocalNextHop(null)
        .med(PathAttributes.ABSENT)
        .localPref(PathAttributes.ABSENT)
        .extendedCommunities(path.extendedCommunities().transitive())
        .onlyToCustomer(marked == PathAttributes.ABSENT ? mark(targets[to].relation()) : marked)
        .unknown(passedOn(path.unknown()))
        .build();
  }

  /// The OTC that a route without one gets on the way out: ours towards a customer or a peer, none
  /// towards a provider or a route server (RFC 9234 §5, egress 1).
  private long mark(Relation to) {
    return switch (to) {
      case CUSTOMER, PRIVATE_PEER, PUBLIC_PEER -> localAs;
      case ROUTE_SERVER, TRANSIT, OWN -> PathAttributes.ABSENT;
    };
  }

  /// RFC 4271 §9: unknown transitive attributes are passed on with the partial bit, others not.
  private static List<UnknownAttribute> passedOn(List<UnknownAttribute> unknown) {
    return unknown.isEmpty()
        ? unknown
        : unknown.stream()
            .filter(UnknownAttribute::isTransitive)
            .map(Exporter::withoutNonTransitive)
            .filter(one -> one.type() != IPV6_EXTENDED_COMMUNITIES || one.value().length > 0)
            .map(one -> new UnknownAttribute(one.flags() | PARTIAL, one.type(), one.value()))
            .toList();
  }

  /// RFC 5701 §2: the extended communities of 20 octets have the same bit as those of 8.
  private static UnknownAttribute withoutNonTransitive(UnknownAttribute one) {
    byte[] value = one.value();
    if (one.type() != IPV6_EXTENDED_COMMUNITIES || value.length % IPV6_COMMUNITY_BYTES != 0) {
      return one;
    }
    byte[] kept = new byte[value.length];
    int length = 0;
    for (int at = 0; at < value.length; at += IPV6_COMMUNITY_BYTES) {
      if ((value[at] & NON_TRANSITIVE) == 0) {
        System.arraycopy(value, at, kept, length, IPV6_COMMUNITY_BYTES);
        length += IPV6_COMMUNITY_BYTES;
      }
    }
    return new UnknownAttribute(one.flags(), one.type(), Arrays.copyOf(kept, length));
  }

  private IpAddress unspecified() {
    return family == Family.IPV4 ? IpAddress.ofIpv4(0) : IpAddress.ofIpv6(0, 0);
  }

  String name(int neighbor) {
    return targets[neighbor].name();
  }

  /// The neighbors that hear a default route and nothing else.
  int[] defaultRouteListeners() {
    List<Integer> found = new ArrayList<>();
    for (Target target : targets) {
      if (target != null && target.rule() == ExportRule.DEFAULT_ROUTE) {
        found.add(target.neighbor());
      }
    }
    return found.stream().mapToInt(Integer::intValue).toArray();
  }

  /// The default route that we originate for a listener.
  PathAttributes defaultRoute(int to) {
    return PathAttributes.builder(Origin.IGP, AsPath.of(localAs), unspecified())
        .onlyToCustomer(mark(targets[to].relation()))
        .build();
  }
}

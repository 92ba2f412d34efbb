package net.donut.core;

import net.donut.core.answer.RejectReason;
import net.donut.core.decision.BestPath;
import net.donut.core.decision.Rank;
import net.donut.core.policy.Filters;
import net.donut.core.policy.Policy;
import net.donut.core.policy.Ranking;
import net.donut.core.policy.Treatment;
import net.donut.model.AsPath;
import net.donut.model.Communities;
import net.donut.model.Family;
import net.donut.model.IpAddress;
import net.donut.model.PathAttributes;
import net.donut.model.Prefix;
import net.donut.model.Relation;
import org.jspecify.annotations.Nullable;

/// What policy says of a path: whether it is used and how it ranks. Pure but for the next hops of
/// neighbors; made anew for each policy and each change of the exchanges' networks.
final class Verdicts {
  private static final long NO_LOCAL_PREF = 100;
  private static final long MIDDLE_DEGREE = 1L << 31;

  private final Policy policy;
  private final Filters filters;
  private final DisjointPrefixes own;
  private final DisjointPrefixes lans;

  /// Verdicts for one family.
  ///
  /// @param lans the networks of the exchanges that we are on
  Verdicts(Policy policy, DisjointPrefixes lans) {
    this.policy = policy;
    this.filters = policy.filters();
    this.own = new DisjointPrefixes(policy.networks());
    this.lans = lans;
  }

  /// Why the attributes alone make a path unusable, or null. Depends on the neighbor, not on the
  /// prefix.
  @Nullable RejectReason ofAttributes(Neighbor neighbor, Family family, PathAttributes attributes) {
    if (neighbor.isOwn() || policy.ranking() == Ranking.LOCAL_PREF) {
      return null;
    }
    RejectReason path = ofPath(neighbor, attributes.asPath());
    if (path != null) {
      return path;
    }
    if (isLeak(neighbor, attributes.onlyToCustomer())) {
      return RejectReason.ROUTE_LEAK;
    }
    return ofNextHop(neighbor, family, attributes.nextHop());
  }

  private @Nullable RejectReason ofPath(Neighbor neighbor, AsPath path) {
    if (!path.anyMatch(_ -> true)) {
      return RejectReason.AS_PATH_EMPTY;
    }
    if (path.contains(policy.localAs())) {
      return RejectReason.AS_LOOP;
    }
    if (neighbor.relation() != Relation.ROUTE_SERVER && path.neighborAs() != (int) neighbor.as()) {
      return RejectReason.FIRST_AS;
    }
    if (filters.asSets() == Treatment.REJECT && hasSet(path)) {
      return RejectReason.AS_SET;
    }
    if (filters.bogonAsns() == Treatment.REJECT && path.anyMatch(Bogons::containsAsn)) {
      return RejectReason.BOGON_ASN;
    }
    return path.length() > filters.maxAsPath() ? RejectReason.AS_PATH_TOO_LONG : null;
  }

  private static boolean hasSet(AsPath path) {
    return path.segments().stream()
        .anyMatch(segment -> segment.type() != AsPath.SegmentType.AS_SEQUENCE);
  }

  /// RFC 9234 §5, ingress: OTC from a customer, or another's OTC from a peer.
  private static boolean isLeak(Neighbor neighbor, long onlyToCustomer) {
    if (onlyToCustomer == PathAttributes.ABSENT) {
      return false;
    }
    return switch (neighbor.relation()) {
      case CUSTOMER -> true;
      case PRIVATE_PEER, PUBLIC_PEER -> onlyToCustomer != neighbor.as();
      case ROUTE_SERVER, TRANSIT, OWN -> false;
    };
  }

  private @Nullable RejectReason ofNextHop(Neighbor neighbor, Family family, IpAddress nextHop) {
    NextHopFault fault = nextHopFault(neighbor, family, nextHop);
    return fault == null ? null : fault.reason();
  }

  /// Why a next hop is not used, or null.
  @Nullable NextHopFault nextHopFault(Neighbor neighbor, Family family, IpAddress nextHop) {
    NextHopRules known = neighbor.nextHops();
    NextHopFault impossible = known.impossible(neighbor.config(), family, nextHop);
    return impossible != null || filters.thirdPartyNextHops() == Treatment.ACCEPT
        ? impossible
        : known.foreign(neighbor.config(), nextHop);
  }

  /// Why a prefix is unusable whoever sends it, or null. For one neighbor less may hold, as
  /// [#ofPrefix(RejectReason, Neighbor, Prefix)] says.
  @Nullable RejectReason ofPrefix(Prefix prefix) {
    if (policy.ranking() == Ranking.LOCAL_PREF) {
      return null;
    }
    if (prefix.length() == 0) {
      return RejectReason.DEFAULT_ROUTE;
    }
    return filters.lengths(prefix.family()).contains(prefix.length())
        ? ofSpace(prefix, false)
        : RejectReason.PREFIX_LENGTH;
  }

  private @Nullable RejectReason ofSpace(Prefix prefix, boolean listed) {
    if (filters.bogonPrefixes() == Treatment.REJECT && Bogons.contains(prefix)) {
      return RejectReason.BOGON_PREFIX;
    }
    if (!listed && own.covering(prefix) != null) {
      return RejectReason.OWN_PREFIX;
    }
    return lans.covering(prefix) != null ? RejectReason.EXCHANGE_LAN : null;
  }

  /// What becomes of what [#ofPrefix] said for a neighbor: transits may send a default route, and
  /// what is in a neighbor's list may be long and ours.
  @Nullable RejectReason ofPrefix(RejectReason reason, Neighbor neighbor, Prefix prefix) {
    if (neighbor.isOwn()) {
      return null;
    }
    return switch (reason) {
      case DEFAULT_ROUTE -> neighbor.relation() == Relation.TRANSIT ? null : reason;
      case PREFIX_LENGTH, OWN_PREFIX ->
          neighbor.config().lists(prefix) ? ofSpace(prefix, true) : reason;
      default -> reason;
    };
  }

  /// Our network that a prefix is or is inside of, or null.
  @Nullable Prefix ownNetwork(Prefix prefix) {
    return own.covering(prefix);
  }

  /// The network of an exchange that a prefix is or is inside of, or null.
  @Nullable Prefix exchangeLan(Prefix prefix) {
    return lans.covering(prefix);
  }

  DisjointPrefixes lans() {
    return lans;
  }

  Policy policy() {
    return policy;
  }

  /// Whether a route whose origin the RPKI forbids is refused.
  boolean rejectsInvalidOrigins() {
    return policy.ranking() == Ranking.BANDS && filters.invalidOrigins() == Treatment.REJECT;
  }

  /// The band, lower wins.
  @SuppressWarnings("EnumOrdinal") // The order of Relation is the order of bands by definition.
  int band(Neighbor neighbor) {
    return policy.ranking() == Ranking.LOCAL_PREF ? 0 : neighbor.relation().ordinal();
  }

  BestPath.Shutdown shutdown(PathAttributes attributes) {
    return policy.ranking() == Ranking.BANDS
            && attributes.communities().contains(Communities.GRACEFUL_SHUTDOWN)
        ? BestPath.Shutdown.GRACEFUL
        : BestPath.Shutdown.NONE;
  }

  /// The degree of preference, 0..4294967295, higher wins.
  long degree(Neighbor neighbor, PathAttributes attributes) {
    if (policy.ranking() == Ranking.LOCAL_PREF) {
      return attributes.localPref() == PathAttributes.ABSENT
          ? NO_LOCAL_PREF
          : attributes.localPref();
    }
    return neighbor.isOwn() ? MIDDLE_DEGREE : MIDDLE_DEGREE + neighbor.config().preference();
  }

  /// The packed rank, without drain.
  long rank(Neighbor neighbor, PathAttributes attributes) {
    return Rank.of(
        band(neighbor),
        shutdown(attributes),
        degree(neighbor, attributes),
        attributes.asPath().length(),
        attributes.origin());
  }

  /// The MED compared; absent is 0, the lowest (RFC 4271 §9.1.2.2(c)).
  static long med(PathAttributes attributes) {
    return Math.max(0, attributes.med());
  }

  /// The AS within which MED is compared: the first of the path, and for a path that begins with an
  /// AS_SET the AS of the session.
  static int neighborAs(Neighbor neighbor, PathAttributes attributes) {
    int first = attributes.asPath().neighborAs();
    return first != 0 || neighbor.isOwn() ? first : (int) neighbor.as();
  }
}

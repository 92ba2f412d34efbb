package net.donut.core;

import net.donut.core.policy.Filters;
import net.donut.core.policy.Policy;
import net.donut.core.policy.Ranking;
import net.donut.core.policy.SessionConfig;
import net.donut.core.policy.Treatment;
import net.donut.model.AsPath;
import net.donut.model.Communities;
import net.donut.model.Family;
import net.donut.model.IpAddress;
import net.donut.model.PathAttributes;
import net.donut.model.Prefix;
import net.donut.model.Relation;
import org.jspecify.annotations.Nullable;

/// What policy says of a path: whether it is used and how it ranks. Pure; made anew for each
/// policy.
final class Verdicts {
  private static final long NO_LOCAL_PREF = 100;
  private static final long MIDDLE_DEGREE = 1L << 31;

  private final Policy policy;
  private final Filters filters;

  Verdicts(Policy policy) {
    this.policy = policy;
    this.filters = policy.filters();
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
    if (path.contains(policy.localAs())) {
      return RejectReason.AS_LOOP;
    }
    if (neighbor.relation() != Relation.ROUTE_SERVER && path.neighborAs() != (int) neighbor.as()) {
      return RejectReason.FIRST_AS;
    }
    if (path.length() > filters.maxAsPath()) {
      return RejectReason.AS_PATH_TOO_LONG;
    }
    if (filters.asSets() == Treatment.REJECT && hasSet(path)) {
      return RejectReason.AS_SET;
    }
    return filters.bogonAsns() == Treatment.REJECT && path.anyMatch(Bogons::containsAsn)
        ? RejectReason.BOGON_ASN
        : null;
  }

  private static boolean hasSet(AsPath path) {
    return path.segments().stream()
        .anyMatch(segment ->
            segment.type() == AsPath.SegmentType.AS_SET
                || segment.type() == AsPath.SegmentType.AS_CONFED_SET);
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
    if (!canBeNextHop(neighbor, family, nextHop)) {
      return RejectReason.NEXT_HOP;
    }
    boolean shared =
        neighbor.relation() == Relation.PUBLIC_PEER || neighbor.relation() == Relation.ROUTE_SERVER;
    if (shared || filters.thirdPartyNextHops() == Treatment.ACCEPT || nextHop.isLinkLocal()) {
      return null;
    }
    SessionConfig session = neighbor.config().session(nextHop.family());
    return session != null && session.address().equals(nextHop)
        ? null
        : RejectReason.THIRD_PARTY_NEXT_HOP;
  }

  private static boolean canBeNextHop(Neighbor neighbor, Family family, IpAddress nextHop) {
    if (family == Family.IPV6 && nextHop.family() == Family.IPV4) {
      return false;
    }
    SessionConfig session = neighbor.config().session(nextHop.family());
    if (session != null && nextHop.equals(session.local())) {
      return false;
    }
    if (nextHop.family() == Family.IPV4) {
      int first = nextHop.ipv4() >>> 24;
      return first != 0 && first != 127 && first < 224;
    }
    boolean unspecifiedOrLoopback = nextHop.high() == 0 && (nextHop.low() >>> 1) == 0;
    return !unspecifiedOrLoopback && (nextHop.high() >>> 56) != 0xff;
  }

  /// Why a prefix is unusable whoever sends it, or null; a default route, which transits may send,
  /// is [RejectReason#DEFAULT_ROUTE].
  @Nullable RejectReason ofPrefix(Prefix prefix) {
    if (policy.ranking() == Ranking.LOCAL_PREF) {
      return null;
    }
    if (prefix.length() == 0) {
      return RejectReason.DEFAULT_ROUTE;
    }
    if (!filters.lengths(prefix.family()).contains(prefix.length())) {
      return RejectReason.PREFIX_LENGTH;
    }
    return filters.bogonPrefixes() == Treatment.REJECT && Bogons.contains(prefix)
        ? RejectReason.BOGON_PREFIX
        : null;
  }

  /// Whether what [#ofPrefix] said applies to a neighbor.
  static boolean appliesTo(RejectReason reason, Neighbor neighbor) {
    return !neighbor.isOwn()
        && (reason != RejectReason.DEFAULT_ROUTE || neighbor.relation() != Relation.TRANSIT);
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

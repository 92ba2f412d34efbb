package net.donut.core;

import java.util.EnumMap;
import java.util.Map;
import net.donut.core.decision.BestPath;
import net.donut.core.policy.NeighborConfig;
import net.donut.core.policy.SessionConfig;
import net.donut.model.Family;
import net.donut.model.IpAddress;
import net.donut.model.Relation;
import org.jspecify.annotations.Nullable;

/// What is known of one neighbor, or of our own networks (number 0), beside its paths. The number
/// is never given to another name. Owned by the engine's thread.
final class Neighbor {
  /// The number under which our own networks are kept.
  static final int OWN = 0;

  final int index;
  final String name;
  private final Map<Family, SessionLiveness> sessions = new EnumMap<>(Family.class);
  private final Map<Family, IpAddress> identifiers = new EnumMap<>(Family.class);
  private @Nullable NeighborConfig config;
  private int router = -1;
  private boolean drained;
  private NextHopRules nextHops = NextHopRules.UNKNOWN;

  Neighbor(int index, String name) {
    this.index = index;
    this.name = name;
  }

  /// Sets what the policy says; null when the neighbor is no longer in it.
  void configure(@Nullable NeighborConfig next, int routerIndex) {
    config = next;
    router = routerIndex;
    if (next == null) {
      sessions.clear();
      identifiers.clear();
      drained = false;
      nextHops = NextHopRules.UNKNOWN;
    }
  }

  /// Where its next hops may be. Whoever changes that has its paths judged again.
  NextHopRules nextHops() {
    return nextHops;
  }

  void setNextHops(NextHopRules next) {
    nextHops = next;
  }

  boolean isOwn() {
    return index == OWN;
  }

  boolean isConfigured() {
    return isOwn() || config != null;
  }

  NeighborConfig config() {
    if (config == null) {
      throw new IllegalStateException(name + ": not in the policy");
    }
    return config;
  }

  /// The number of its router, -1 for our own networks, which are everywhere.
  int router() {
    return router;
  }

  Relation relation() {
    return isOwn() ? Relation.OWN : config().relation();
  }

  long as() {
    return config().as();
  }

  boolean isDrained() {
    return drained;
  }

  /// What operators said of its path to a prefix for which `chosen` is the neighbor of an override,
  /// or [CoreOverrides#NOBODY].
  BestPath.Word word(int chosen) {
    if (drained) {
      return BestPath.Word.DRAINED;
    }
    return chosen == CoreOverrides.NOBODY || chosen == index
        ? BestPath.Word.NONE
        : BestPath.Word.PASSED_OVER;
  }

  void setDrained(boolean value) {
    drained = value;
  }

  SessionLiveness session(Family family) {
    return sessions.getOrDefault(family, SessionLiveness.unknown());
  }

  /// Returns whether the BGP identifier changed.
  boolean setSession(Family family, SessionLiveness liveness) {
    sessions.put(family, liveness);
    IpAddress identifier = liveness.bgpIdentifier();
    return identifier != null && !identifier.equals(identifiers.put(family, identifier));
  }

  @Nullable IpAddress identifier(Family family) {
    return identifiers.get(family);
  }

  /// The address of the session of a family, of the other family when there is none, else the
  /// unspecified address.
  IpAddress address(Family family) {
    if (config != null) {
      SessionConfig session = config.session(family);
      SessionConfig other = session != null ? session : config.session(other(family));
      if (other != null) {
        return other.address();
      }
    }
    return IpAddress.ofIpv4(0);
  }

  private static Family other(Family family) {
    return family == Family.IPV4 ? Family.IPV6 : Family.IPV4;
  }

  @Override
  public String toString() {
    return name;
  }
}

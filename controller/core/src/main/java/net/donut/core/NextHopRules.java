package net.donut.core;

import java.util.List;
import java.util.Map;
import java.util.Set;
import net.donut.core.policy.NeighborConfig;
import net.donut.core.policy.SessionConfig;
import net.donut.model.Family;
import net.donut.model.IpAddress;
import net.donut.model.Prefix;
import net.donut.model.Relation;
import org.jspecify.annotations.Nullable;

/// Where the next hops of one neighbor may be, as far as the addresses of our routers tell.
///
/// @param subnets by the family of the session; empty for neighbors whose next hops are the
///   sessions' own addresses anyway
/// @param ours addresses that are ours, so that nobody else's next hop is one of them
record NextHopRules(Map<Family, Subnet> subnets, List<Set<IpAddress>> ours) {
  static final NextHopRules UNKNOWN = new NextHopRules(Map.of(), List.of());

  /// The network that a session is on.
  ///
  /// @param networks that next hops may be in, widest first; none while not known
  /// @param edges networks whose first and last address nobody has
  /// @param elsewhere parts of the networks that are on other interfaces
  record Subnet(List<Prefix> networks, List<Prefix> edges, List<Prefix> elsewhere) {
    Subnet {
      networks = List.copyOf(networks);
      edges = List.copyOf(edges);
      elsewhere = List.copyOf(elsewhere);
    }
  }

  NextHopRules {
    subnets = Map.copyOf(subnets);
    ours = List.copyOf(ours);
  }

  /// Whether a neighbor of a relation may name the next hops of others on its network.
  static boolean isShared(Relation relation) {
    return relation == Relation.PUBLIC_PEER || relation == Relation.ROUTE_SERVER;
  }

  boolean isOurs(IpAddress address) {
    for (Set<IpAddress> some : ours) {
      if (some.contains(address)) {
        return true;
      }
    }
    return false;
  }

  /// Why a next hop of the neighbor cannot be one whatever the filters say, or null.
  @Nullable NextHopFault impossible(NeighborConfig neighbor, Family family, IpAddress nextHop) {
    if (family == Family.IPV6 && (nextHop.family() == Family.IPV4 || isMapped(nextHop))) {
      return NextHopFault.OTHER_FAMILY;
    }
    if (!isUnicast(nextHop)) {
      return NextHopFault.NOT_UNICAST;
    }
    SessionConfig session = neighbor.session(nextHop.family());
    if (session != null && nextHop.equals(session.local())) {
      return NextHopFault.OURS;
    }
    boolean itsOwn = session != null && nextHop.equals(session.address());
    return !itsOwn && isOurs(nextHop) ? NextHopFault.OURS : null;
  }

  private static boolean isMapped(IpAddress address) {
    return address.high() == 0 && (address.low() >>> 32) == 0xffff;
  }

  private static boolean isUnicast(IpAddress address) {
    if (address.family() == Family.IPV4) {
      int first = address.ipv4() >>> 24;
      return first != 0 && first != 127 && first < 224;
    }
    boolean unspecifiedOrLoopback = address.high() == 0 && (address.low() >>> 1) == 0;
    return !unspecifiedOrLoopback && (address.high() >>> 56) != 0xff;
  }

  /// Why a possible next hop is not the neighbor's to name, or null.
  @Nullable NextHopFault foreign(NeighborConfig neighbor, IpAddress nextHop) {
    SessionConfig session = neighbor.session(nextHop.family());
    if (session != null && session.address().equals(nextHop)) {
      return null;
    }
    if (!isShared(neighbor.relation())) {
      // What is its own on the link says a session between link-local addresses only.
      boolean unknown = session == null || !session.address().isLinkLocal();
      return nextHop.isLinkLocal() && unknown ? null : NextHopFault.NOT_THE_NEIGHBORS;
    }
    Subnet subnet = subnets.get(nextHop.family());
    if (subnet == null || subnet.networks().isEmpty()) {
      return NextHopFault.NETWORK_UNKNOWN;
    }
    return in(subnet, nextHop);
  }

  private static @Nullable NextHopFault in(Subnet subnet, IpAddress nextHop) {
    if (subnet.networks().stream().noneMatch(network -> network.contains(nextHop))) {
      return NextHopFault.OUTSIDE;
    }
    if (subnet.elsewhere().stream().anyMatch(network -> network.contains(nextHop))) {
      return NextHopFault.ON_ANOTHER_INTERFACE;
    }
    for (Prefix edge : subnet.edges()) {
      boolean hasEdges = edge.length() < edge.family().bits() - 1;
      if (hasEdges && nextHop.equals(edge.address())) {
        return NextHopFault.NETWORK_ADDRESS;
      }
      if (hasEdges && edge.family() == Family.IPV4 && nextHop.equals(edge.lastAddress())) {
        return NextHopFault.BROADCAST_ADDRESS;
      }
    }
    return null;
  }
}

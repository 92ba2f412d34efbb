package net.donut.netlink;

import net.donut.model.Prefix;

/// A route of the kernel.
///
/// A dump says [RouteType#BLACKHOLE] of an IPv4 route whose next-hop object is a blackhole,
/// although it was written as [RouteType#UNICAST].
///
/// @param table the routing table; 254 is `main`
/// @param nextHopId the next-hop object it uses, unsigned; 0 for a route that has none
/// @param protocol who put it there (RTPROT_*)
/// @param metric the lower wins; an IPv6 route written with 0 gets 1024
public record KernelRoute(
    Prefix prefix, int table, int nextHopId, int protocol, int metric, RouteType type) {
  /// The table `main`.
  public static final int MAIN_TABLE = 254;

  /// A unicast route by next-hop object.
  public static KernelRoute by(int nextHopId, Prefix prefix, RoutePlace place) {
    return new KernelRoute(
        prefix, place.table(), nextHopId, place.protocol(), place.metric(), RouteType.UNICAST);
  }
}

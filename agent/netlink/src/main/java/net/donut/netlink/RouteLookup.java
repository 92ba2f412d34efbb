package net.donut.netlink;

import net.donut.model.IpAddress;
import org.jspecify.annotations.Nullable;

/// The kernel's answer to "where does a packet to this address go".
public sealed interface RouteLookup {

  /// The route that matched, or, in a lookup of the chosen next hop, the address itself as a host
  /// prefix.
  ///
  /// @param route its next-hop id is known to [KernelView#fibMatch] only, 0 otherwise
  /// @param interfaceIndex the interface chosen; 0 when the answer names an object only
  /// @param gateway the gateway chosen; null for a connected destination
  record Found(KernelRoute route, int interfaceIndex, @Nullable IpAddress gateway)
      implements RouteLookup {}

  /// No route, or one that discards; the errno says which: ENETUNREACH none, EINVAL blackhole,
  /// EHOSTUNREACH unreachable.
  record Unreachable(NetlinkError error) implements RouteLookup {}
}

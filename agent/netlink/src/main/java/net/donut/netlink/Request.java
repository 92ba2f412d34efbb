package net.donut.netlink;

import net.donut.model.IpAddress;

/// A change asked of the kernel.
public sealed interface Request {

  /// Writes a next hop or group. Replacing a next hop changes it in every group that holds it.
  record PutNextHop(NextHopObject object, WriteMode mode) implements Request {}

  /// Deletes a next hop or group; routes that use it go with it.
  record DeleteNextHop(int id) implements Request {}

  record PutRoute(KernelRoute route, WriteMode mode) implements Request {}

  /// Deletes the route of this prefix, table and protocol; another protocol's is left. A metric or
  /// next-hop id of 0 matches any (IPv4: metric 0 matches 0 only).
  record DeleteRoute(KernelRoute route) implements Request {}

  /// Asks for a neighbor to be resolved. [KernelNeighbor.Upkeep#MANAGED] also has it kept resolved
  /// from kernel 5.16; earlier kernels take the request and ignore that part: see
  /// [NetlinkSocket#keepResolved].
  record PutNeighbor(int interfaceIndex, IpAddress address, KernelNeighbor.Upkeep upkeep)
      implements Request {}

  record DeleteNeighbor(int interfaceIndex, IpAddress address) implements Request {}
}

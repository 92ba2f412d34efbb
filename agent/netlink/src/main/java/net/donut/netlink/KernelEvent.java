package net.donut.netlink;

/// A change the kernel reported.
public sealed interface KernelEvent {

  record LinkChanged(KernelLink link) implements KernelEvent {}

  record LinkDeleted(KernelLink link) implements KernelEvent {}

  record AddressChanged(KernelAddress address) implements KernelEvent {}

  record AddressDeleted(KernelAddress address) implements KernelEvent {}

  record NeighborChanged(KernelNeighbor neighbor) implements KernelEvent {}

  record NeighborDeleted(KernelNeighbor neighbor) implements KernelEvent {}

  record NextHopChanged(NextHopObject object) implements KernelEvent {}

  /// A next hop or group was deleted by a program, and with it every route that used it: the kernel
  /// does not report those one by one.
  ///
  /// The kernel does **not** report the next hops it deletes itself when a link dies or loses its
  /// carrier, nor the buckets it moves then: a [LinkChanged] without carrier (or [LinkDeleted])
  /// means that every next hop on that interface is gone, with the groups and routes left empty.
  record NextHopDeleted(int id) implements KernelEvent {}

  /// A bucket of a resilient group was moved by the group's idle timer.
  record BucketChanged(GroupBucket bucket) implements KernelEvent {}

  record RouteChanged(KernelRoute route) implements KernelEvent {}

  record RouteDeleted(KernelRoute route) implements KernelEvent {}

  /// Events were lost because the socket's buffer was full: dump and compare. Everything reported
  /// before this value was queued before the loss.
  record Overrun() implements KernelEvent {}
}

package net.donut.netlink;

/// How far the kernel went to keep a neighbor resolved.
public sealed interface NeighborOutcome {

  /// The kernel keeps it resolved from now on.
  record Managed() implements NeighborOutcome {}

  /// The kernel has no managed neighbors (before 5.16): it was asked to resolve it once, and the
  /// entry ages as any other.
  record ProbedOnce() implements NeighborOutcome {}

  record Refused(NetlinkError error) implements NeighborOutcome {}
}

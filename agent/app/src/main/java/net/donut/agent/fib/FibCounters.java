package net.donut.agent.fib;

/// Totals of the FIB over all network instances.
///
/// @param intended prefixes a client asked for
/// @param installed intended prefixes the kernel has acknowledged and, as far as is known, still
///   has
/// @param failed intended prefixes the kernel refused, conflicts included
/// @param pending intended prefixes that wait for a next hop of their group to live again
/// @param groups next-hop groups asked for
/// @param nextHops next hops asked for
/// @param conflicts intended prefixes where somebody else's route stands
/// @param repaired kernel objects and routes put back after somebody else removed or changed them
/// @param unclaimed routes adopted from the kernel that no client has asked for again
/// @param kernelWrites routes and next-hop objects added, replaced or deleted in the kernel
/// @param intendedDigest order-independent digest of the intended prefixes and their groups: the
///   sum of [Digests#route] over them
public record FibCounters(
    long intended,
    long installed,
    long failed,
    long pending,
    long groups,
    long nextHops,
    long conflicts,
    long repaired,
    long unclaimed,
    long kernelWrites,
    long intendedDigest) {
  public static final FibCounters NONE = new FibCounters(0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0);
}

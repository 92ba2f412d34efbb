package net.donut.agent.fib;

/// Intent against a fresh kernel dump: `intended` = `installed` + `missing`.
///
/// @param unexpected routes under our protocol number that are not intended
/// @param unclaimed routes that an earlier run left and a client may still ask for
/// @param lookup what the kernel does with a packet to the address asked about; empty if not asked
/// @param foreign routes of others in the tables of our network instances
/// @param dumpMicros how long the kernel dump took
public record InspectSummary(
    long intended,
    long installed,
    long missing,
    long unexpected,
    long foreign,
    long groups,
    long nextHops,
    long dumpMicros,
    long intendedIpv4,
    long intendedIpv6,
    long unclaimed,
    String lookup) {}

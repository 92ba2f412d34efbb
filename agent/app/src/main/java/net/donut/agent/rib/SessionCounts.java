package net.donut.agent.rib;

/// How many routes a session has in the RIB.
///
/// @param receivedIpv4 what the neighbor announced on this session, or on the last one up to its
///   end
/// @param stale whether some of those heard are kept for a restarting neighbor
public record SessionCounts(
    String session,
    int heardIpv4,
    int heardIpv6,
    int advertisedIpv4,
    int advertisedIpv6,
    int receivedIpv4,
    int receivedIpv6,
    boolean stale) {}

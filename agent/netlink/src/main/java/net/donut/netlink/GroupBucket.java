package net.donut.netlink;

/// A bucket of a resilient group and the next hop it uses now.
public record GroupBucket(int groupId, int index, int nextHopId) {}

package net.donut.core.change;

/// A next-hop group of a router: one hop, and the group to use when it is gone (0 for none). Ids
/// are positive and made from the content: a class's from its exit lists, a backup's from its hops.
public record HopGroup(long id, int hop, long backup) {}

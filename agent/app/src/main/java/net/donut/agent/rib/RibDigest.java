package net.donut.agent.rib;

import net.donut.model.Family;

/// The routes heard from one session in one family, as a count and an order-independent digest
/// ([net.donut.api.RouteDigest]).
public record RibDigest(String session, Family family, int count, long digest) {}

package net.donut.agent.service;

import net.donut.agent.fib.Adjacency;
import net.donut.agent.rib.SessionSettings;
import net.donut.bfd.BfdSettings;
import net.donut.bgp.BgpNeighborConfig;
import org.jspecify.annotations.Nullable;

/// One configured session: what the speaker and what the RIB need to know.
///
/// @param interfaceName the interface whose carrier the session depends on, null for none
/// @param bfd null without BFD
record NeighborSettings(
    BgpNeighborConfig bgp,
    SessionSettings rib,
    @Nullable String interfaceName,
    @Nullable BfdSettings bfd) {

  String name() {
    return bgp.name();
  }

  /// The neighbor itself as a gateway.
  Adjacency gateway() {
    return new Adjacency(bgp.address(), bgp.address().isLinkLocal() ? interfaceName : null);
  }
}

package net.donut.simulate;

import java.util.Collection;

/// Who the peers of the dumps are in the simulation.
interface Peers {
  /// Where the routes of a peer go; `pathId` is [net.donut.wire.mrt.MrtRecord#NO_PATH_ID] in a dump
  /// without.
  RouteSink sink(MrtPeer peer, long pathId);

  /// All sinks a peer has been given.
  Collection<RouteSink> sinks(MrtPeer peer);
}

package net.donut.simulate;

import java.util.HashMap;
import java.util.Map;
import net.donut.model.PathAttributes;
import net.donut.model.Prefix;
import net.donut.model.Prefixes;

/// The routes of a peer that only another world has as a neighbor.
final class HeldRoutes implements RouteSink {
  private final MrtPeer peer;
  private final Map<Prefix, PathAttributes> routes = new HashMap<>();

  HeldRoutes(MrtPeer peer) {
    this.peer = peer;
  }

  MrtPeer peer() {
    return peer;
  }

  Map<Prefix, PathAttributes> routes() {
    return routes;
  }

  @Override
  public void announce(Prefixes prefixes, PathAttributes attributes) {
    prefixes.forEach(prefix -> routes.put(prefix, attributes));
  }

  @Override
  public void withdraw(Prefixes prefixes) {
    prefixes.forEach(routes::remove);
  }

  @Override
  public void clear() {
    routes.clear();
  }
}

package net.donut.simulate;

import net.donut.model.PathAttributes;
import net.donut.model.Prefixes;

/// Takes the routes of one peer.
interface RouteSink {
  void announce(Prefixes prefixes, PathAttributes attributes);

  void withdraw(Prefixes prefixes);

  /// The session was lost, and with it every route.
  void clear();
}

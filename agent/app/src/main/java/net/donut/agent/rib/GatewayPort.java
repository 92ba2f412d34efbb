package net.donut.agent.rib;

import java.util.Set;
import net.donut.agent.fib.Adjacency;

/// Hears which gateways no session stands for any more; called on the event loop, must not block.
@FunctionalInterface
public interface GatewayPort {
  /// All gateways that were announced by sessions that ended, and by none that is up.
  void lost(Set<Adjacency> gateways);
}

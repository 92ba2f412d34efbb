package net.donut.agent.fib;

import java.util.Set;
import net.donut.model.ReturnHolds;

/// What the rest of the agent tells the forwarding plane. Usable from any thread; never waits.
public interface ForwardingPort {
  /// Says which gateways a source holds for failed, in place of what it said before: an empty set
  /// when all is well. Traffic leaves them at once, in every group and before any request of a
  /// client, and returns after the hold.
  void judge(String source, Set<Adjacency> failed, Failure failure);

  /// How long what returns is held before it carries traffic, from now on.
  void holds(ReturnHolds.Range range);
}

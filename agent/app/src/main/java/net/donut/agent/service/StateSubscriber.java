package net.donut.agent.service;

import net.donut.api.agent.v1.StateEvent;

/// Who is told of state. Called on `agent-state`; must not block.
interface StateSubscriber {
  /// Whether [#next] would not have to queue. When this becomes true again the subscriber says so
  /// with [AgentState#wake].
  boolean isReady();

  void next(StateEvent event);
}

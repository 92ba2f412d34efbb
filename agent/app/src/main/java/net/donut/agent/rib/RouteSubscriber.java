package net.donut.agent.rib;

/// Who is told of routes. Called on `agent-rib`; must not block.
public interface RouteSubscriber {
  /// Whether [#next] would not have to queue. When this becomes true again the subscriber says so
  /// with [RibThread#wake].
  boolean isReady();

  void next(RouteDelta delta);

  /// Everything asked for was told; only for a subscriber that asked for a listing.
  void completed();
}

package net.donut.agent.rib;

/// A column that can be told to subscribers.
interface RouteSource {
  SessionColumn column();

  /// How often everything was void at once.
  int voids();

  Snapshot snapshot();

  /// Whether the initial content has all arrived.
  enum Snapshot {
    INCOMPLETE,
    COMPLETE
  }
}

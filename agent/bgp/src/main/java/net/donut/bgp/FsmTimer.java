package net.donut.bgp;

/// The timers of a session (RFC 4271 §10). Those with a `connection` belong to one TCP connection.
sealed interface FsmTimer {
  /// Bounds an attempt to connect, and separates attempts.
  record ConnectRetry() implements FsmTimer {}

  /// Ends the hold in Idle after an error.
  record IdleHold() implements FsmTimer {}

  /// Ends the time after which an established session counts as sound, and back-off starts anew.
  record Sound() implements FsmTimer {}

  /// Ends the time that stale routes are kept (RFC 4724 §4.2).
  record Restart() implements FsmTimer {}

  record Hold(int connection) implements FsmTimer {}

  record Keepalive(int connection) implements FsmTimer {}
}

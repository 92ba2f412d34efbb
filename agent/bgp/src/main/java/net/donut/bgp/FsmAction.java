package net.donut.bgp;

import net.donut.model.Family;
import net.donut.wire.bgp.BgpMessage;
import net.donut.wire.bgp.SessionOptions;

/// What [SessionFsm] wants done, in this order.
sealed interface FsmAction {
  /// Opens a TCP connection under this number.
  record Connect(int connection) implements FsmAction {}

  record Send(int connection, BgpMessage message) implements FsmAction {}

  /// Closes a connection, or stops connecting, when what was sent is out. No event about it is
  /// expected any more.
  record Close(int connection) implements FsmAction {}

  /// Starts a timer, or starts it anew.
  record Arm(FsmTimer timer, long millis) implements FsmAction {}

  record Disarm(FsmTimer timer) implements FsmAction {}

  /// Everything after this message is read and written with these options.
  record Use(int connection, SessionOptions options) implements FsmAction {}

  record Establish(int connection, SessionInfo session) implements FsmAction {}

  /// The UPDATE of this event is for the listener.
  record Deliver() implements FsmAction {}

  record EndOfRib(Family family) implements FsmAction {}

  /// The neighbor asks for all routes.
  record Refresh(Family family) implements FsmAction {}

  record MarkStale(Family family) implements FsmAction {}

  record SweepStale(Family family) implements FsmAction {}

  /// An established session is over.
  record Lost(Down down) implements FsmAction {}

  /// An attempt to establish the session failed, or what an established one ended of: the operator
  /// wants to read it.
  record Report(String error) implements FsmAction {}
}

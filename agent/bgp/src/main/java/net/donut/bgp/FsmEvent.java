package net.donut.bgp;

import net.donut.model.Family;
import net.donut.model.IpAddress;
import net.donut.wire.bgp.BgpMessage;

/// What can happen to a session (RFC 4271 §8.1). Connections are numbered by [SessionFsm].
sealed interface FsmEvent {
  /// The operator enables the session.
  record Start() implements FsmEvent {}

  /// The operator disables the session: it stays down.
  record Stop(CeaseReason reason) implements FsmEvent {}

  /// The session is to end and be tried again after a hold; `why` is for the operator.
  record Reset(CeaseReason reason, String why) implements FsmEvent {
    Reset(CeaseReason reason) {
      this(reason, "sent Cease: " + reason);
    }
  }

  /// The neighbor announced more prefixes of a family than `limit`: the session is to end, and be
  /// tried again after a long hold or once the limit is raised.
  record OverLimit(Family family, int prefixes, int limit) implements FsmEvent {}

  /// More prefixes of a family are allowed now.
  record LimitRaised(Family family) implements FsmEvent {}

  /// Now is a good time to connect.
  record Kick() implements FsmEvent {}

  /// A connection we asked for is up.
  record Connected(int connection, IpAddress localAddress) implements FsmEvent {}

  /// A connection we asked for did not come up.
  record ConnectFailed(int connection, String text) implements FsmEvent {}

  /// The neighbor connected; the number is from [SessionFsm#nextConnection].
  record Accepted(int connection, IpAddress localAddress) implements FsmEvent {}

  /// A connection is gone.
  record Closed(int connection, String text) implements FsmEvent {}

  record Received(int connection, BgpMessage message) implements FsmEvent {}

  /// What was received cannot be understood; `notification` says why.
  record Malformed(int connection, BgpMessage.Notification notification, String text)
      implements FsmEvent {}

  /// The neighbor has not taken a byte for the send hold time (RFC 9687).
  record SendStalled(int connection) implements FsmEvent {}

  record Expired(FsmTimer timer) implements FsmEvent {}
}

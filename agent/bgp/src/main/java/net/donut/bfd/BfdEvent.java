package net.donut.bfd;

import net.donut.wire.bfd.ControlPacket;

/// What can happen to a session.
public sealed interface BfdEvent {
  /// A packet of this session; who chose the session has looked at its discriminators.
  record Received(ControlPacket packet) implements BfdEvent {}

  /// The time that [BfdAction.ArmDetection] asked for is over, and no packet waits unread.
  record DetectionExpired() implements BfdEvent {}

  /// The time that [BfdAction.ArmTransmit] asked for is over.
  record TransmitDue() implements BfdEvent {}

  /// New settings of the same neighbor; the first of these starts the session.
  record Configured(BfdSettings settings) implements BfdEvent {}
}

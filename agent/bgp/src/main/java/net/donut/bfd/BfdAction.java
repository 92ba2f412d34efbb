package net.donut.bfd;

import net.donut.wire.bfd.ControlPacket;

/// What [BfdSession] wants done, in this order.
public sealed interface BfdAction {
  record Send(ControlPacket packet) implements BfdAction {}

  /// Starts the timer of the next periodic packet, or starts it anew.
  record ArmTransmit(long micros) implements BfdAction {}

  /// No periodic packets until the timer is started again.
  record DisarmTransmit() implements BfdAction {}

  /// Starts the detection timer, or starts it anew, from when the packet came.
  record ArmDetection(long micros) implements BfdAction {}

  record DisarmDetection() implements BfdAction {}

  /// The state or what was negotiated changed.
  record Report(BfdStatus status) implements BfdAction {}
}

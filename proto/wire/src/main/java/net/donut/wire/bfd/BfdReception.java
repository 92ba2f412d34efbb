package net.donut.wire.bfd;

/// What became of a datagram that was read as a BFD Control packet.
public sealed interface BfdReception permits ControlPacket, BfdReception.Discarded {

  /// Not a packet to be heard (RFC 5880 §6.8.6).
  ///
  /// @param reason value and expectation, such as `version: 2 (expected: 1)`
  record Discarded(String reason) implements BfdReception {}
}

package net.donut.core;

import net.donut.core.answer.RejectReason;

/// Why a next hop is not used.
enum NextHopFault {
  /// IPv4 for IPv6, or IPv4 written as IPv6 (RFC 4291 §2.5.5).
  OTHER_FAMILY(RejectReason.NEXT_HOP),
  /// Unspecified, loopback, multicast or reserved.
  NOT_UNICAST(RejectReason.NEXT_HOP),
  OURS(RejectReason.NEXT_HOP),
  /// Not the session's address, of a neighbor that may name no other.
  NOT_THE_NEIGHBORS(RejectReason.THIRD_PARTY_NEXT_HOP),
  /// The network that the session is on is not known, so that only the session's address is taken.
  NETWORK_UNKNOWN(RejectReason.THIRD_PARTY_NEXT_HOP),
  OUTSIDE(RejectReason.THIRD_PARTY_NEXT_HOP),
  /// In a smaller network of another interface.
  ON_ANOTHER_INTERFACE(RejectReason.THIRD_PARTY_NEXT_HOP),
  /// The first of the network: of no host in IPv4, of every router in IPv6 (RFC 4291 §2.6.1).
  NETWORK_ADDRESS(RejectReason.THIRD_PARTY_NEXT_HOP),
  BROADCAST_ADDRESS(RejectReason.THIRD_PARTY_NEXT_HOP);

  private final RejectReason reason;

  NextHopFault(RejectReason reason) {
    this.reason = reason;
  }

  RejectReason reason() {
    return reason;
  }
}

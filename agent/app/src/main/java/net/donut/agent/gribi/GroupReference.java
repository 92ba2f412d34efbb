package net.donut.agent.gribi;

import com.google.protobuf.ByteString;
import gribi_aft.GribiAft.Afts;

/// What a prefix or label says about its group, and beside that. Pure.
///
/// @param group its id, 0 for none
/// @param instance the network instance of the group, "" for its own
record GroupReference(long group, String instance, int decapsulates, ByteString metadata) {
  static GroupReference of(Afts.Ipv4Entry entry) {
    return new GroupReference(
        entry.getNextHopGroup().getValue(),
        entry.getNextHopGroupNetworkInstance().getValue(),
        entry.getDecapsulateHeaderValue(),
        entry.getEntryMetadata().getValue());
  }

  static GroupReference of(Afts.Ipv6Entry entry) {
    return new GroupReference(
        entry.getNextHopGroup().getValue(),
        entry.getNextHopGroupNetworkInstance().getValue(),
        entry.getDecapsulateHeaderValue(),
        entry.getEntryMetadata().getValue());
  }

  static GroupReference of(Afts.LabelEntry entry) {
    return new GroupReference(
        entry.getNextHopGroup().getValue(),
        entry.getNextHopGroupNetworkInstance().getValue(),
        0,
        ByteString.EMPTY);
  }

  /// Whether an entry says nothing but a group of its own instance.
  static boolean isAlone(Afts.Ipv4EntryKey message) {
    Afts.Ipv4Entry entry = message.getIpv4Entry();
    return !entry.hasEntryMetadata()
        && !entry.hasNextHopGroupNetworkInstance()
        && entry.getDecapsulateHeaderValue() == 0
        && entry.getUnknownFields().asMap().isEmpty()
        && message.getUnknownFields().asMap().isEmpty();
  }

  /// Whether an entry says nothing but a group of its own instance.
  static boolean isAlone(Afts.Ipv6EntryKey message) {
    Afts.Ipv6Entry entry = message.getIpv6Entry();
    return !entry.hasEntryMetadata()
        && !entry.hasNextHopGroupNetworkInstance()
        && entry.getDecapsulateHeaderValue() == 0
        && entry.getUnknownFields().asMap().isEmpty()
        && message.getUnknownFields().asMap().isEmpty();
  }
}

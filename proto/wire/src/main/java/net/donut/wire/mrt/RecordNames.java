package net.donut.wire.mrt;

import java.util.Map;

/// Names of MRT types and subtypes (RFC 6396, RFC 6397, RFC 8050, and the IANA registry of MRT).
final class RecordNames {
  private static final Map<Integer, String> TYPES =
      Map.ofEntries(
          Map.entry(5, "BGP"),
          Map.entry(6, "RIP"),
          Map.entry(7, "IDRP"),
          Map.entry(8, "RIPNG"),
          Map.entry(9, "BGP4PLUS"),
          Map.entry(10, "BGP4PLUS_01"),
          Map.entry(11, "OSPFv2"),
          Map.entry(12, "TABLE_DUMP"),
          Map.entry(13, "TABLE_DUMP_V2"),
          Map.entry(16, "BGP4MP"),
          Map.entry(17, "BGP4MP_ET"),
          Map.entry(32, "ISIS"),
          Map.entry(33, "ISIS_ET"),
          Map.entry(48, "OSPFv3"),
          Map.entry(49, "OSPFv3_ET"));

  private static final Map<Integer, String> TABLE_SUBTYPES =
      Map.of(
          3, "RIB_IPV4_MULTICAST",
          5, "RIB_IPV6_MULTICAST",
          6, "RIB_GENERIC of another address family",
          7, "GEO_PEER_TABLE",
          9, "RIB_IPV4_MULTICAST_ADDPATH",
          11, "RIB_IPV6_MULTICAST_ADDPATH",
          12, "RIB_GENERIC_ADDPATH of another address family");

  private RecordNames() {}

  /// Whether a dump of today or of old may have records of that type.
  static boolean isKnownType(int type) {
    return TYPES.containsKey(type);
  }

  /// Names the type of a record that is not interpreted.
  static String of(MrtRecord.Header header) {
    String type = TYPES.getOrDefault(header.type(), "type " + header.type());
    return switch (header.type()) {
      case RecordDecoder.TABLE_DUMP_V2 ->
          TABLE_SUBTYPES.getOrDefault(header.subtype(), type + " subtype " + header.subtype());
      case RecordDecoder.BGP,
          RecordDecoder.TABLE_DUMP,
          RecordDecoder.BGP4MP,
          RecordDecoder.BGP4MP_ET ->
          type + " subtype " + header.subtype();
      default -> type;
    };
  }
}

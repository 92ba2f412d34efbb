package net.donut.agent.gribi;

/// What an entry is known by inside the RIB.
///
/// @param high the upper half of a left-aligned prefix; the index, id or label of other entries
/// @param length of a prefix; 0 for other entries
record EntryKey(String instance, Kind kind, long high, long low, int length)
    implements OperationTarget {
  enum Kind {
    NEXT_HOP,
    NEXT_HOP_GROUP,
    IPV4,
    IPV6,
    LABEL
  }

  static EntryKey nextHop(String instance, long index) {
    return new EntryKey(instance, Kind.NEXT_HOP, index, 0, 0);
  }

  static EntryKey group(String instance, long id) {
    return new EntryKey(instance, Kind.NEXT_HOP_GROUP, id, 0, 0);
  }
}

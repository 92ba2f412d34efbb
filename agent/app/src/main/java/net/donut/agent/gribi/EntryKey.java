package net.donut.agent.gribi;

/// What an entry is known by inside the RIB.
record EntryKey(String instance, Kind kind, long high, long low, int length) {
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

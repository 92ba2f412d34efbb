package net.donut.agent.gribi;

import gribi.Gribi.Uint128;

/// An election id: 128 bits, unsigned.
record GribiElectionId(long high, long low) implements Comparable<GribiElectionId> {
  static final GribiElectionId ZERO = new GribiElectionId(0, 0);

  static GribiElectionId of(Uint128 message) {
    return new GribiElectionId(message.getHigh(), message.getLow());
  }

  Uint128 message() {
    return Uint128.newBuilder().setHigh(high).setLow(low).build();
  }

  boolean isZero() {
    return high == 0 && low == 0;
  }

  @Override
  public int compareTo(GribiElectionId other) {
    int byHigh = Long.compareUnsigned(high, other.high);
    return byHigh != 0 ? byHigh : Long.compareUnsigned(low, other.low);
  }

  /// The halves as unsigned numbers, `high:low`.
  @Override
  public String toString() {
    return Long.toUnsignedString(high) + ":" + Long.toUnsignedString(low);
  }
}

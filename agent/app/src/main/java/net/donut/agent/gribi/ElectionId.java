package net.donut.agent.gribi;

import gribi.Gribi.Uint128;

/// An election id: 128 bits, unsigned.
record ElectionId(long high, long low) implements Comparable<ElectionId> {
  static final ElectionId ZERO = new ElectionId(0, 0);

  static ElectionId of(Uint128 message) {
    return new ElectionId(message.getHigh(), message.getLow());
  }

  Uint128 message() {
    return Uint128.newBuilder().setHigh(high).setLow(low).build();
  }

  boolean isZero() {
    return high == 0 && low == 0;
  }

  @Override
  public int compareTo(ElectionId other) {
    int byHigh = Long.compareUnsigned(high, other.high);
    return byHigh != 0 ? byHigh : Long.compareUnsigned(low, other.low);
  }

  /// The halves as unsigned numbers, `high:low`.
  @Override
  public String toString() {
    return Long.toUnsignedString(high) + ":" + Long.toUnsignedString(low);
  }
}

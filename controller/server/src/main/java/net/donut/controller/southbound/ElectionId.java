package net.donut.controller.southbound;

import gribi.Gribi.Uint128;

/// The number by which agents tell the current controller from an older one: `high` grows with
/// every start of the controller, `low` with every connection.
public record ElectionId(long high, long low) implements Comparable<ElectionId> {

  Uint128 toProto() {
    return Uint128.newBuilder().setHigh(high).setLow(low).build();
  }

  static ElectionId of(Uint128 id) {
    return new ElectionId(id.getHigh(), id.getLow());
  }

  @Override
  public int compareTo(ElectionId other) {
    int byHigh = Long.compareUnsigned(high, other.high);
    return byHigh != 0 ? byHigh : Long.compareUnsigned(low, other.low);
  }

  @Override
  public String toString() {
    return Long.toUnsignedString(high) + "." + Long.toUnsignedString(low);
  }
}

package net.donut.core.answer;

/// A number of addresses of one family, exact: `high` times 2^64 and `low`, both unsigned. The
/// whole IPv6 space does not fit, and is counted as one address less.
public record AddressCount(long high, long low) implements Comparable<AddressCount> {
  public static final AddressCount NONE = new AddressCount(0, 0);

  private static final AddressCount MOST = new AddressCount(-1, -1);

  /// The addresses of a prefix that leaves so many bits to them: 0..128.
  public static AddressCount ofHostBits(int bits) {
    if (bits >= 128) {
      return MOST;
    }
    return bits >= 64 ? new AddressCount(1L << (bits - 64), 0) : new AddressCount(0, 1L << bits);
  }

  /// The sum, or the most there can be.
  public AddressCount plus(AddressCount other) {
    long sumLow = low + other.low;
    int carry = Long.compareUnsigned(sumLow, low) < 0 ? 1 : 0;
    long sumHigh = high + other.high + carry;
    boolean over =
        Long.compareUnsigned(sumHigh, high) < 0
            || (carry == 1 && sumHigh == high && other.high != 0);
    return over ? MOST : new AddressCount(sumHigh, sumLow);
  }

  /// What is left without `other`, which is not more.
  public AddressCount minus(AddressCount other) {
    int borrow = Long.compareUnsigned(low, other.low) < 0 ? 1 : 0;
    return new AddressCount(high - other.high - borrow, low - other.low);
  }

  public boolean isNone() {
    return (high | low) == 0;
  }

  /// How many whole IPv6 /64s that is, unsigned: what one network of hosts has (RFC 4291 §2.5.1).
  public long slash64s() {
    return high;
  }

  /// How many whole IPv6 /48s that is: the longest prefix that is accepted unless a policy says
  /// otherwise.
  public long slash48s() {
    return high >>> 16;
  }

  /// The share of all of these, 0..1; 0 of nothing.
  public double shareOf(AddressCount all) {
    return all.isNone() ? 0 : toDouble() / all.toDouble();
  }

  private double toDouble() {
    return unsigned(high) * 0x1p64 + unsigned(low);
  }

  private static double unsigned(long value) {
    return (value >>> 1) * 2.0 + (value & 1);
  }

  @Override
  public int compareTo(AddressCount other) {
    int byHigh = Long.compareUnsigned(high, other.high);
    return byHigh != 0 ? byHigh : Long.compareUnsigned(low, other.low);
  }
}

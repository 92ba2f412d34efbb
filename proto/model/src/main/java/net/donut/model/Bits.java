package net.donut.model;

/// Bit arithmetic on left-aligned 128-bit values. Allocation free.
public final class Bits {
  private Bits() {}

  /// The upper 64 bits of a netmask of `length` ones, 0..128.
  public static long maskHigh(int length) {
    return length == 0 ? 0 : length >= 64 ? -1L : -1L << (64 - length);
  }

  /// The lower 64 bits of a netmask of `length` ones, 0..128.
  public static long maskLow(int length) {
    return length <= 64 ? 0 : length >= 128 ? -1L : -1L << (128 - length);
  }

  /// Up to 8 bytes in network order, left-aligned in a long.
  public static long long64(byte[] bytes, int offset, int count) {
    long value = 0;
    for (int i = 0; i < count; i++) {
      value |= (bytes[offset + i] & 0xffL) << (56 - 8 * i);
    }
    return value;
  }
}

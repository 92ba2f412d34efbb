package net.donut.model;

import java.util.Arrays;

/// The EXTENDED COMMUNITIES attribute (RFC 4360): 64-bit values. It is a set: what a neighbor sends
/// is kept [#normalized], what an archive holds as it was stored. The array is never written.
public record ExtendedCommunities(long[] values) {
  public static final ExtendedCommunities NONE = new ExtendedCommunities(new long[0]);

  private static final long NON_TRANSITIVE = 1L << 62;

  public static ExtendedCommunities of(long... values) {
    return values.length == 0 ? NONE : new ExtendedCommunities(values);
  }

  /// The same set, each value once, in ascending order of the unsigned value: this object where it
  /// is so already.
  public ExtendedCommunities normalized() {
    for (int i = 1; i < values.length; i++) {
      if (Long.compareUnsigned(values[i - 1], values[i]) >= 0) {
        return new ExtendedCommunities(sorted(values));
      }
    }
    return this;
  }

  private static long[] sorted(long[] values) {
    long[] sorted = values.clone();
    flipSigns(sorted, sorted.length);
    Arrays.sort(sorted);
    int kept = 0;
    for (long value : sorted) {
      if (kept == 0 || sorted[kept - 1] != value) {
        sorted[kept++] = value;
      }
    }
    flipSigns(sorted, kept);
    return Arrays.copyOf(sorted, kept);
  }

  /// With the sign bit inverted, the signed order is the unsigned one.
  private static void flipSigns(long[] values, int count) {
    for (int i = 0; i < count; i++) {
      values[i] ^= Long.MIN_VALUE;
    }
  }

  /// Those that may cross the border of an AS: the others have the second bit of their first octet
  /// set (RFC 4360 §2, §6).
  public ExtendedCommunities transitive() {
    long[] kept = Arrays.stream(values).filter(value -> (value & NON_TRANSITIVE) == 0).toArray();
    return kept.length == values.length ? this : of(kept);
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof ExtendedCommunities that && Arrays.equals(values, that.values);
  }

  @Override
  public int hashCode() {
    return Arrays.hashCode(values);
  }

  @Override
  public String toString() {
    StringBuilder text = new StringBuilder();
    for (long value : values) {
      text.append(text.isEmpty() ? "" : " ").append(String.format("0x%016x", value));
    }
    return text.toString();
  }
}

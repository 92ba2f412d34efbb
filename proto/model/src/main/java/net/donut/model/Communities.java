package net.donut.model;

import java.util.Arrays;

/// The COMMUNITIES attribute (RFC 1997): 32-bit values. It is a set: what a neighbor sends is kept
/// [#normalized], what an archive holds as it was stored. The array is never written.
public record Communities(int[] values) {
  public static final Communities NONE = new Communities(new int[0]);

  /// Graceful shutdown (RFC 8326).
  public static final int GRACEFUL_SHUTDOWN = 0xffff0000;

  public static final int BLACKHOLE = 0xffff029a;
  public static final int NO_EXPORT = 0xffffff01;
  public static final int NO_ADVERTISE = 0xffffff02;
  public static final int NO_EXPORT_SUBCONFED = 0xffffff03;

  public static Communities of(int... values) {
    return values.length == 0 ? NONE : new Communities(values);
  }

  /// The same set, each value once, in ascending order of the unsigned value: this object where it
  /// is so already, which costs one pass and no memory.
  public Communities normalized() {
    for (int i = 1; i < values.length; i++) {
      if (Integer.compareUnsigned(values[i - 1], values[i]) >= 0) {
        return new Communities(sorted(values));
      }
    }
    return this;
  }

  private static int[] sorted(int[] values) {
    int[] sorted = values.clone();
    flipSigns(sorted, sorted.length);
    Arrays.sort(sorted);
    int kept = 0;
    for (int value : sorted) {
      if (kept == 0 || sorted[kept - 1] != value) {
        sorted[kept++] = value;
      }
    }
    flipSigns(sorted, kept);
    return Arrays.copyOf(sorted, kept);
  }

  /// With the sign bit inverted, the signed order is the unsigned one.
  private static void flipSigns(int[] values, int count) {
    for (int i = 0; i < count; i++) {
      values[i] ^= Integer.MIN_VALUE;
    }
  }

  public boolean contains(int community) {
    for (int value : values) {
      if (value == community) {
        return true;
      }
    }
    return false;
  }

  /// Parses one community `64500:100`. Throws IllegalArgumentException.
  public static int parse(String text) {
    int colon = text.indexOf(':');
    if (text.matches("[0-9]{1,5}:[0-9]{1,5}")) {
      int upper = Integer.parseInt(text.substring(0, colon));
      int lower = Integer.parseInt(text.substring(colon + 1));
      if (upper <= 0xffff && lower <= 0xffff) {
        return upper << 16 | lower;
      }
    }
    throw new IllegalArgumentException(
        "community: '" + text + "' (expected: two numbers 0..65535 such as 64500:100)");
  }

  public static String text(int community) {
    return (community >>> 16) + ":" + (community & 0xffff);
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof Communities that && Arrays.equals(values, that.values);
  }

  @Override
  public int hashCode() {
    return Arrays.hashCode(values);
  }

  @Override
  public String toString() {
    StringBuilder text = new StringBuilder();
    for (int value : values) {
      text.append(text.isEmpty() ? "" : " ").append(text(value));
    }
    return text.toString();
  }
}

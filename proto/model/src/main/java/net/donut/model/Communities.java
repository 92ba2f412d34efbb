package net.donut.model;

import java.util.Arrays;

/// The COMMUNITIES attribute (RFC 1997): 32-bit values, kept in the order received. The array is
/// never written.
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

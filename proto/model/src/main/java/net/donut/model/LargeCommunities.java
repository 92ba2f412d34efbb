package net.donut.model;

import java.util.Arrays;

/// The LARGE_COMMUNITY attribute (RFC 8092): triples of 32-bit values, three array cells each. The
/// array is never written.
public record LargeCommunities(int[] values) {
  public static final LargeCommunities NONE = new LargeCommunities(new int[0]);

  public LargeCommunities {
    if (values.length % 3 != 0) {
      throw new IllegalArgumentException(
          "large community cells: " + values.length + " (expected: 3 each)");
    }
  }

  public static LargeCommunities of(int... values) {
    return values.length == 0 ? NONE : new LargeCommunities(values);
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof LargeCommunities that && Arrays.equals(values, that.values);
  }

  @Override
  public int hashCode() {
    return Arrays.hashCode(values);
  }

  @Override
  public String toString() {
    StringBuilder text = new StringBuilder();
    for (int i = 0; i < values.length; i += 3) {
      text.append(i == 0 ? "" : " ")
          .append(Integer.toUnsignedString(values[i]))
          .append(':')
          .append(Integer.toUnsignedString(values[i + 1]))
          .append(':')
          .append(Integer.toUnsignedString(values[i + 2]));
    }
    return text.toString();
  }
}

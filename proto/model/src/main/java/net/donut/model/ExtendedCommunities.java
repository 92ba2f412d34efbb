package net.donut.model;

import java.util.Arrays;

/// The EXTENDED COMMUNITIES attribute (RFC 4360): 64-bit values in the order received. The array is
/// never written.
public record ExtendedCommunities(long[] values) {
  public static final ExtendedCommunities NONE = new ExtendedCommunities(new long[0]);

  public static ExtendedCommunities of(long... values) {
    return values.length == 0 ? NONE : new ExtendedCommunities(values);
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

package net.donut.model;

import java.util.Arrays;

/// The LARGE_COMMUNITY attribute (RFC 8092): triples of 32-bit values, three array cells each. It
/// is a set: what a neighbor sends is kept [#normalized], what an archive holds as it was stored.
/// The array is never written.
public record LargeCommunities(int[] values) {
  /// Array cells of a community.
  private static final int CELLS = 3;

  public static final LargeCommunities NONE = new LargeCommunities(new int[0]);

  public LargeCommunities {
    if (values.length % CELLS != 0) {
      throw new IllegalArgumentException(
          "large community cells: " + values.length + " (expected: 3 each)");
    }
  }

  public static LargeCommunities of(int... values) {
    return values.length == 0 ? NONE : new LargeCommunities(values);
  }

  /// The same set, each triple once, in ascending order of its unsigned values: this object where
  /// it is so already.
  public LargeCommunities normalized() {
    for (int at = CELLS; at < values.length; at += CELLS) {
      if (compare(values, at - CELLS, at) >= 0) {
        return new LargeCommunities(sorted(values));
      }
    }
    return this;
  }

  /// Compares the triples at two indices.
  private static int compare(int[] values, int a, int b) {
    for (int i = 0; i < CELLS; i++) {
      int order = Integer.compareUnsigned(values[a + i], values[b + i]);
      if (order != 0) {
        return order;
      }
    }
    return 0;
  }

  private static int[] sorted(int[] values) {
    Integer[] starts = new Integer[values.length / CELLS];
    Arrays.setAll(starts, i -> i * CELLS);
    Arrays.sort(starts, (a, b) -> compare(values, a, b));
    int[] sorted = new int[values.length];
    int kept = 0;
    for (int i = 0; i < starts.length; i++) {
      if (i == 0 || compare(values, starts[i - 1], starts[i]) != 0) {
        System.arraycopy(values, starts[i], sorted, kept, CELLS);
        kept += CELLS;
      }
    }
    return Arrays.copyOf(sorted, kept);
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

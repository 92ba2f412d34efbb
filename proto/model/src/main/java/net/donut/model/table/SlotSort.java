package net.donut.model.table;

import java.util.Arrays;

/// Sorts the slots of a [PrefixTable] by prefix without an object a prefix.
final class SlotSort {
  private static final int SLOT_BITS = 26;
  private static final int SLOT_MASK = (1 << SLOT_BITS) - 1;

  private SlotSort() {}

  /// All slots of an IPv4 table. Address, length and slot fit in one long (32, 6 and 26 bits),
  /// which the JDK sorts fastest; a larger table falls back to the merge sort.
  static int[] ipv4(PrefixTable table) {
    int[] slots = new int[table.size()];
    boolean packs = table.capacity() <= SLOT_MASK;
    long[] keys = new long[packs ? slots.length : 0];
    int count = 0;
    for (int slot = 0; slot < table.capacity(); slot++) {
      if (table.isPresent(slot)) {
        if (packs) {
          keys[count] = key(table, slot);
        }
        slots[count++] = slot;
      }
    }
    if (!packs) {
      return merged(table, slots);
    }
    Arrays.sort(keys);
    for (int i = 0; i < count; i++) {
      slots[i] = (int) keys[i] & SLOT_MASK;
    }
    return slots;
  }

  /// The sign bit is flipped so that signed order is the order of unsigned addresses.
  private static long key(PrefixTable table, int slot) {
    return (table.high(slot) | (long) table.length(slot) << SLOT_BITS | slot) ^ Long.MIN_VALUE;
  }

  /// Merge sort, bottom up, of the given slots of a table of either family.
  static int[] merged(PrefixTable table, int[] slots) {
    int[] from = slots;
    int[] to = new int[slots.length];
    for (int width = 1; width < slots.length; width *= 2) {
      for (int start = 0; start < slots.length; start += 2 * width) {
        int middle = Math.min(start + width, slots.length);
        merge(table, from, to, start, middle, Math.min(start + 2 * width, slots.length));
      }
      int[] swapped = from;
      from = to;
      to = swapped;
    }
    return from;
  }

  private static void merge(
      PrefixTable table, int[] from, int[] to, int start, int middle, int end) {
    int left = start;
    int right = middle;
    for (int i = start; i < end; i++) {
      boolean takeLeft =
          right >= end || (left < middle && compare(table, from[left], from[right]) <= 0);
      to[i] = takeLeft ? from[left++] : from[right++];
    }
  }

  static int compare(PrefixTable table, int a, int b) {
    int byHigh = Long.compareUnsigned(table.high(a), table.high(b));
    if (byHigh != 0) {
      return byHigh;
    }
    int byLow = Long.compareUnsigned(table.low(a), table.low(b));
    return byLow != 0 ? byLow : Integer.compare(table.length(a), table.length(b));
  }
}

package net.donut.core;

import java.util.Arrays;

/// One `int` a slot, 0 for none, in pages that exist only where something is set.
final class Column {
  /*
   * Slots are handed out in the order in which prefixes were first heard, which for a full feed is
   * address order, so the prefixes of a small peer share pages. A page without values is the one
   * shared page of zeros, which is never written; whole-table scans skip it by identity.
   */
  static final int PAGE_BITS = 9;
  static final int PAGE_SIZE = 1 << PAGE_BITS;
  static final int PAGE_MASK = PAGE_SIZE - 1;

  private static final int[] ZEROS = new int[PAGE_SIZE];

  private int[][] pages = new int[0][];
  private short[] usedInPage = new short[0];
  private int size;

  /// The number of slots that are not 0.
  int size() {
    return size;
  }

  int pageCount() {
    return pages.length;
  }

  int get(int slot) {
    int page = slot >>> PAGE_BITS;
    return page < pages.length ? pages[page][slot & PAGE_MASK] : 0;
  }

  /// The values of a page; not to be written.
  int[] page(int page) {
    return page < pages.length ? pages[page] : ZEROS;
  }

  /// Whether a page is the shared one, by identity.
  @SuppressWarnings("ReferenceEquality")
  static boolean isZeros(int[] page) {
    return page == ZEROS;
  }

  /// Sets a slot and returns what it was.
  int set(int slot, int value) {
    int page = slot >>> PAGE_BITS;
    int before = get(slot);
    if (before == value) {
      return before;
    }
    if (page >= pages.length) {
      grow(page);
    }
    if (isZeros(pages[page])) {
      pages[page] = new int[PAGE_SIZE];
    }
    pages[page][slot & PAGE_MASK] = value;
    int change = (value == 0 ? 0 : 1) - (before == 0 ? 0 : 1);
    size += change;
    usedInPage[page] += (short) change;
    if (usedInPage[page] == 0) {
      pages[page] = ZEROS;
    }
    return before;
  }

  private void grow(int page) {
    int room = Math.max(page + 1, pages.length + (pages.length >> 2));
    int known = pages.length;
    pages = Arrays.copyOf(pages, room);
    Arrays.fill(pages, known, room, ZEROS);
    usedInPage = Arrays.copyOf(usedInPage, room);
  }
}

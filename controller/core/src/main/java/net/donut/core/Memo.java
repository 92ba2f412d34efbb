package net.donut.core;

import java.util.Arrays;

/// Remembers what was decided for a tuple of grades, so that prefixes with equal candidates are
/// decided once. Bounded: forgets everything when it is full.
final class Memo {
  private static final int MOST_CELLS = 1 << 21;
  private static final int MISSING = -1;

  private int[] index = new int[1 << 10];
  private int[] cells = new int[1 << 12];
  private int used;
  private int entries;

  /// The class decided for the first `count` grades, or -1.
  int find(int[] grades, int count, int hash) {
    int mask = index.length - 1;
    for (int i = spread(hash) & mask; index[i] != 0; i = (i + 1) & mask) {
      int at = index[i] - 1;
      if (cells[at + 1] == hash
          && cells[at + 2] == count
          && Arrays.equals(cells, at + 3, at + 3 + count, grades, 0, count)) {
        return cells[at];
      }
    }
    return MISSING;
  }

  void add(int[] grades, int count, int hash, int decided) {
    if (used + count + 3 > MOST_CELLS) {
      clear();
    }
    if (used + count + 3 > cells.length) {
      cells = Arrays.copyOf(cells, Math.max(cells.length * 2, used + count + 3));
    }
    if ((entries + 1) * 2 > index.length) {
      rehash();
    }
    int at = used;
    cells[at] = decided;
    cells[at + 1] = hash;
    cells[at + 2] = count;
    System.arraycopy(grades, 0, cells, at + 3, count);
    used += count + 3;
    entries++;
    place(at);
  }

  void clear() {
    Arrays.fill(index, 0);
    used = 0;
    entries = 0;
  }

  private void place(int at) {
    int mask = index.length - 1;
    int i = spread(cells[at + 1]) & mask;
    while (index[i] != 0) {
      i = (i + 1) & mask;
    }
    index[i] = at + 1;
  }

  private void rehash() {
    index = new int[index.length * 2];
    for (int at = 0; at < used; at += 3 + cells[at + 2]) {
      place(at);
    }
  }

  private static int spread(int hash) {
    int mixed = hash * 0x9e3779b9;
    return mixed ^ (mixed >>> 15);
  }
}

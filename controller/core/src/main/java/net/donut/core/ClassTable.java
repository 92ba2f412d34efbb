package net.donut.core;

import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;
import net.donut.model.Family;

/// The classes of one family: for every router its exit list, stored once and numbered from 1.
/// Owned by the engine's thread.
final class ClassTable {
  /*
   * A class is `routers` rows of four cells: whether the list was made without what is not usable
   * (FALLBACK) or is what a headless router does (PINNED), and up to three exits in order. The table counts the prefixes of each class. A class
   * without prefixes stays until `purge`, so that a flap finds it again and the memo of the decision
   * may hold class numbers; a purge is due when there are many.
   *
   * The group id is made from the names and addresses in the rows, so it is the same after a restart.
   */
  static final int LIST = 3;
  static final int ROW = LIST + 1;

  /// How many classes without prefixes are kept unless told otherwise.
  static final int MOST_UNUSED = 4096;

  static final int FALLBACK = 1;
  private static final int PINNED = 2;

  private static final int[] FREE = new int[0];

  private static final class Key {
    final int[] cells;
    private final int hash;

    Key(int[] cells) {
      this.cells = cells;
      this.hash = Arrays.hashCode(cells);
    }

    @Override
    public boolean equals(Object other) {
      return other instanceof Key that && Arrays.equals(cells, that.cells);
    }

    @Override
    public int hashCode() {
      return hash;
    }
  }

  private final Family family;
  private final Exits exits;
  private final CoreNeighbors neighbors;
  private final Routers routers;
  private final int mostUnused;
  private final Map<Key, Integer> numbers = new HashMap<>();
  private final Map<Long, Integer> byGroup = new HashMap<>();
  private int[][] cells = new int[16][];
  private int[] prefixes = new int[16];
  private int[] held = new int[16];
  private long[] groups = new long[16];
  private int[] free = new int[16];
  private int freeCount;
  private int used = 1;
  private int inUse;

  ClassTable(Family family, Exits exits, CoreNeighbors neighbors, Routers routers, int mostUnused) {
    this.family = family;
    this.exits = exits;
    this.neighbors = neighbors;
    this.routers = routers;
    this.mostUnused = mostUnused;
    Arrays.fill(cells, FREE);
  }

  /// One more than the largest number.
  int size() {
    return used;
  }

  /// The number of classes with prefixes.
  int inUse() {
    return inUse;
  }

  /// The number of the class with these rows, which are copied.
  int intern(int[] rows) {
    Integer known = numbers.get(new Key(rows));
    if (known != null) {
      return known;
    }
    int[] content = rows.clone();
    int number = freeCount > 0 ? free[--freeCount] : takeNew();
    cells[number] = content;
    prefixes[number] = 0;
    held[number] = 0;
    long group = RouterState.classGroupId(contentHash(content));
    while (byGroup.containsKey(group)) {
      group = RouterState.classGroupId(group + 1);
    }
    groups[number] = group;
    byGroup.put(group, number);
    numbers.put(new Key(content), number);
    return number;
  }

  /// What a headless router does with a prefix: it uses an exit, or none, or perhaps another.
  record Pin(int exit, int perhaps) {}

  /// The class like `number` in which some routers do what is known of them.
  int pinned(int number, Map<Integer, Pin> pins) {
    int[] rows = cells[number].clone();
    pins.forEach((router, pin) -> {
      Arrays.fill(rows, router * ROW, (router + 1) * ROW, Exits.NONE);
      rows[router * ROW] = PINNED;
      rows[router * ROW + 1] = pin.exit();
      rows[router * ROW + 2] = pin.perhaps();
    });
    return intern(rows);
  }

  /// What the row of a router says that it uses perhaps, none unless the row is pinned.
  int perhaps(int number, int router) {
    return isPinned(number, router) ? exit(number, router, 1) : Exits.NONE;
  }

  private int takeNew() {
    if (used == cells.length) {
      int room = used * 2;
      cells = Arrays.copyOf(cells, room);
      Arrays.fill(cells, used, room, FREE);
      prefixes = Arrays.copyOf(prefixes, room);
      held = Arrays.copyOf(held, room);
      groups = Arrays.copyOf(groups, room);
    }
    return used++;
  }

  private long contentHash(int[] content) {
    long hash = ContentHash.add(ContentHash.start(), family.afi());
    for (int router = 0; router < content.length / ROW; router++) {
      hash = ContentHash.add(hash, routers.get(router).name());
      hash = ContentHash.add(hash, content[router * ROW]);
      for (int i = 1; i < ROW; i++) {
        int exit = content[router * ROW + i];
        if (exit != Exits.NONE) {
          Exits.Exit out = exits.get(exit);
          hash = ContentHash.add(hash, neighbors.get(out.neighbor()).name);
          hash = ContentHash.add(hash, out.gateway().toString());
        }
      }
      hash = ContentHash.add(hash, 0);
    }
    return ContentHash.finish(hash);
  }

  boolean isPresent(int number) {
    return cells[number].length > 0;
  }

  /// Exit `i` (0..2) of the list of a router, or none.
  int exit(int number, int router, int i) {
    int at = router * ROW + 1 + i;
    return at < cells[number].length ? cells[number][at] : Exits.NONE;
  }

  boolean isFallback(int number, int router) {
    return mark(number, router) == FALLBACK;
  }

  /// Whether the row is the exit that a headless router uses.
  boolean isPinned(int number, int router) {
    return mark(number, router) == PINNED;
  }

  private int mark(int number, int router) {
    int at = router * ROW;
    return at < cells[number].length ? cells[number][at] : 0;
  }

  long group(int number) {
    return groups[number];
  }

  int prefixes(int number) {
    return prefixes[number];
  }

  void addPrefix(int number) {
    if (prefixes[number]++ == 0) {
      inUse++;
    }
  }

  void removePrefix(int number) {
    if (--prefixes[number] == 0) {
      inUse--;
    }
  }

  /// Keeps a class that prefixes may come back to.
  void hold(int number) {
    held[number]++;
  }

  void letGo(int number) {
    held[number]--;
  }

  /// Whether routers are to have its group: for prefixes in it, or for those that may come back.
  boolean isUsed(int number) {
    return prefixes[number] > 0 || held[number] > 0;
  }

  boolean isPurgeDue() {
    return used - 1 - freeCount - inUse > mostUnused;
  }

  /// Frees the numbers of classes without prefixes; whoever remembers numbers must forget them.
  void purge() {
    for (int number = 1; number < used; number++) {
      if (!isUsed(number) && cells[number].length > 0) {
        numbers.remove(new Key(cells[number]));
        byGroup.remove(groups[number]);
        cells[number] = FREE;
        if (freeCount == free.length) {
          free = Arrays.copyOf(free, freeCount * 2);
        }
        free[freeCount++] = number;
      }
    }
  }
}

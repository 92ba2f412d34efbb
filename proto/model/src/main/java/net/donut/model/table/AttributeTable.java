package net.donut.model.table;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.IntConsumer;
import net.donut.model.AsPath;
import net.donut.model.Communities;
import net.donut.model.ExtendedCommunities;
import net.donut.model.IpAddress;
import net.donut.model.LargeCommunities;
import net.donut.model.PathAttributes;
import org.jspecify.annotations.Nullable;

/// Attribute sets, each stored once under a small number, its id (1 and up), for as long as
/// somebody holds a reference. Owned by the thread of whoever created it.
public final class AttributeTable {
  /*
   * Parallel arrays by id: the set, its hash, its reference count, and a generation that grows
   * whenever the id is given to another set (so that a stream that announced "id 7 means ..." can
   * tell that this is no longer true). Ids whose count falls to 0 are free at once and are given out
   * again last-in first-out. The index is open addressing over ids with backward-shift removal.
   *
   * Parts that many sets share (AS path, communities, next hop) are replaced by an equal object seen
   * recently (`recentParts`, direct-mapped): no count, no leak, and a feed keeps one AS path for all
   * its MEDs and communities.
   */

  /// No attribute set.
  public static final int NONE = 0;

  private static final int RECENT_PARTS = 1 << 15;

  private @Nullable PathAttributes[] sets = new @Nullable PathAttributes[64];
  private int[] hashes = new int[64];
  private int[] references = new int[64];
  private int[] generations = new int[64];
  private int[] index = new int[128];
  private int[] free = new int[16];
  private int freeCount;
  private int used = 1;
  private int size;
  private final @Nullable Object[] recentParts = new @Nullable Object[RECENT_PARTS];
  private final List<IntConsumer> freeListeners = new ArrayList<>(2);

  /// Has every id told to `listener` when its last reference goes: it may stand for another set
  /// from then on.
  public void onFree(IntConsumer listener) {
    freeListeners.add(listener);
  }

  /// The number of sets present.
  public int size() {
    return size;
  }

  /// One more than the largest id ever given out.
  public int capacity() {
    return used;
  }

  /// The id of a set, which has one reference more for the caller.
  public int intern(PathAttributes attributes) {
    int hash = spread(attributes.hashCode());
    int mask = index.length - 1;
    for (int i = hash & mask; index[i] != 0; i = (i + 1) & mask) {
      int id = index[i];
      if (hashes[id] == hash && attributes.equals(sets[id])) {
        references[id]++;
        return id;
      }
    }
    return add(attributes, hash);
  }

  /// [#intern] of a set that may have been interned here before.
  public int intern(SharedAttributes shared) {
    int known = shared.id;
    if (shared.table == this && isPresent(known) && generations[known] == shared.generation) {
      references[known]++;
      return known;
    }
    int id = intern(shared.attributes());
    shared.table = this;
    shared.id = id;
    shared.generation = generations[id];
    return id;
  }

  /// One reference more; returns the id.
  public int retain(int id) {
    checkPresent(id);
    return retain(id, 1);
  }

  /// `count` references more; returns the id.
  public int retain(int id, int count) {
    checkPresent(id);
    references[id] += count;
    return id;
  }

  /// One reference less; with the last the id is free. Returns whether it was the last.
  public boolean release(int id) {
    checkPresent(id);
    if (--references[id] > 0) {
      return false;
    }
    unindex(id);
    sets[id] = null;
    size--;
    if (freeCount == free.length) {
      free = Arrays.copyOf(free, freeCount * 2);
    }
    free[freeCount++] = id;
    for (IntConsumer listener : freeListeners) {
      listener.accept(id);
    }
    return true;
  }

  public PathAttributes get(int id) {
    PathAttributes found = id > 0 && id < used ? sets[id] : null;
    if (found == null) {
      throw new IllegalArgumentException("attribute set id: " + id + " (expected: one in use)");
    }
    return found;
  }

  public boolean isPresent(int id) {
    return id > 0 && id < used && sets[id] != null;
  }

  /// How often the id has been given to a set: 1 for the first. Constant while the set is held.
  public int generation(int id) {
    checkPresent(id);
    return generations[id];
  }

  public int references(int id) {
    checkPresent(id);
    return references[id];
  }

  private int add(PathAttributes attributes, int hash) {
    if ((size + 1) * 4L > index.length * 3L) {
      growIndex();
    }
    int id = freeCount > 0 ? free[--freeCount] : takeNew();
    sets[id] = shareParts(attributes);
    hashes[id] = hash;
    references[id] = 1;
    generations[id]++;
    size++;
    insert(id);
    return id;
  }

  private int takeNew() {
    if (used == sets.length) {
      int room = used + (used >> 1);
      sets = Arrays.copyOf(sets, room);
      hashes = Arrays.copyOf(hashes, room);
      references = Arrays.copyOf(references, room);
      generations = Arrays.copyOf(generations, room);
    }
    return used++;
  }

  private void insert(int id) {
    int mask = index.length - 1;
    int i = hashes[id] & mask;
    while (index[i] != 0) {
      i = (i + 1) & mask;
    }
    index[i] = id;
  }

  private void unindex(int id) {
    int mask = index.length - 1;
    int hole = hashes[id] & mask;
    while (index[hole] != id) {
      hole = (hole + 1) & mask;
    }
    index[hole] = 0;
    for (int i = (hole + 1) & mask; index[i] != 0; i = (i + 1) & mask) {
      if (((i - hashes[index[i]]) & mask) >= ((i - hole) & mask)) {
        index[hole] = index[i];
        index[i] = 0;
        hole = i;
      }
    }
  }

  private void growIndex() {
    index = new int[index.length * 2];
    for (int id = 1; id < used; id++) {
      if (sets[id] != null) {
        insert(id);
      }
    }
  }

  private void checkPresent(int id) {
    if (!isPresent(id)) {
      throw new IllegalArgumentException("attribute set id: " + id + " (expected: one in use)");
    }
  }

  private PathAttributes shareParts(PathAttributes given) {
    AsPath asPath = (AsPath) shared(given.asPath());
    IpAddress nextHop = (IpAddress) shared(given.nextHop());
    Communities communities = (Communities) shared(given.communities());
    ExtendedCommunities extended = (ExtendedCommunities) shared(given.extendedCommunities());
    LargeCommunities large = (LargeCommunities) shared(given.largeCommunities());
    return given.toBuilder()
        .asPath(asPath)
        .nextHop(nextHop)
        .communities(communities)
        .extendedCommunities(extended)
        .largeCommunities(large)
        .build();
  }

  private Object shared(Object part) {
    int cell = spread(part.hashCode()) & (RECENT_PARTS - 1);
    Object recent = recentParts[cell];
    if (part.equals(recent)) {
      return recent;
    }
    recentParts[cell] = part;
    return part;
  }

  private static int spread(int hash) {
    int mixed = hash * 0x9e3779b9;
    return mixed ^ (mixed >>> 15);
  }
}

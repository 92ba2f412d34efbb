package net.donut.agent.fib;

import net.donut.model.Family;
import org.agrona.collections.Int2ObjectHashMap;
import org.jspecify.annotations.Nullable;

/// The kernel's ids of our next hops and groups. Owned by `agent-fib`.
final class KernelIds {
  /*
   * Ids are a function of what they stand for, so that a restarted agent finds its own objects again
   * without having written anything down, and so that an operator can read them:
   *
   *   10gggggggg  group g, as IPv4 routes use it       12nnnnnnnn  next hop n, IPv4
   *   11gggggggg  group g, as IPv6 routes use it       13nnnnnnnn  next hop n, IPv6
   *   1400000004, 1400000006  the discards
   *
   * That is for the network instance in the main table and gRIBI ids below 50 million. All others
   * are hashed into the upper half of each range; a taken id is followed by the next free one. After
   * a restart colliding ids may be dealt out in another order: that costs rewrites, nothing else.
   */

  enum Kind {
    GROUP_IPV4(1_000_000_000),
    GROUP_IPV6(1_100_000_000),
    HOP_IPV4(1_200_000_000),
    HOP_IPV6(1_300_000_000);

    private final int base;

    Kind(int base) {
      this.base = base;
    }

    static Kind group(Family family) {
      return family == Family.IPV4 ? GROUP_IPV4 : GROUP_IPV6;
    }

    static Kind hop(Family family) {
      return family == Family.IPV4 ? HOP_IPV4 : HOP_IPV6;
    }
  }

  private static final int FIRST = 1_000_000_000;
  private static final int LAST = 1_400_000_099;
  private static final int HALF = 50_000_000;
  private static final int DISCARDS = 1_400_000_000;

  private final Int2ObjectHashMap<Object> owners = new Int2ObjectHashMap<>();

  static int discard(Family family) {
    return DISCARDS + (family == Family.IPV4 ? 4 : 6);
  }

  /// Whether an id is one that this class may give out.
  static boolean isOurs(int id) {
    return id >= FIRST && id <= LAST;
  }

  /// The id of an owner, given out now if it has none.
  int take(Kind kind, Instance instance, long gribiId, Object owner) {
    int id = first(kind, instance, gribiId);
    for (int tried = 0; tried < HALF; tried++) {
      @Nullable Object holder = owners.get(id);
      if (holder == null || holder.equals(owner)) {
        owners.put(id, owner);
        return id;
      }
      id = id + 1 == kind.base + 2 * HALF ? kind.base + HALF : id + 1;
    }
    throw new IllegalStateException("kernel ids of " + kind + ": all taken");
  }

  /// Marks an id as somebody else's.
  void reserve(int id) {
    owners.put(id, "foreign");
  }

  void release(int id) {
    owners.remove(id);
  }

  /// Who has an id, or null.
  @Nullable Object owner(int id) {
    return owners.get(id);
  }

  private static int first(Kind kind, Instance instance, long gribiId) {
    if (instance.table() == FibOptions.MAIN_TABLE && gribiId > 0 && gribiId < HALF) {
      return kind.base + (int) gribiId;
    }
    long hash = (gribiId * 31 + instance.table()) * 0x9e3779b97f4a7c15L;
    return kind.base + HALF + (int) Long.remainderUnsigned(hash ^ (hash >>> 29), HALF);
  }
}

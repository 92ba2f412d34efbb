package net.donut.core;

import java.util.BitSet;
import java.util.Map;
import java.util.TreeMap;
import java.util.TreeSet;
import net.donut.core.answer.Loss;
import net.donut.model.table.PrefixTable;
import org.jspecify.annotations.Nullable;

/// What lost neighbors announced in one family when their routes were given up, so that a loss does
/// not become silence. Owned by the engine's thread.
final class LostPrefixes {
  /*
   * One table for all of them: neighbors that are lost together announced much the same. A bit says
   * that a neighbor announced the prefix of a slot, and that policy had accepted it. A prefix is lost
   * as long as it has no class, which is asked when somebody wants to know: nothing is done on the way
   * of a route. The table goes with the last neighbor.
   */
  private record AsOf(long generation, long changes, long version) {}

  private final CoreRib rib;
  private final Map<Integer, BitSet> byNeighbor = new TreeMap<>();
  private PrefixTable table;
  private long changes;
  private @Nullable AsOf countedAt;
  private Loss counted = Loss.NONE;

  LostPrefixes(CoreRib rib) {
    this.rib = rib;
    this.table = new PrefixTable(rib.family());
  }

  /// Notes the accepted prefixes of a neighbor, beside those noted before. O(prefixes).
  void remember(int neighbor) {
    BitSet announced = byNeighbor.computeIfAbsent(neighbor, _ -> new BitSet());
    rib.forEachAccepted(
        neighbor,
        slot ->
            announced.set(
                table.findOrAdd(
                    rib.table().high(slot), rib.table().low(slot), rib.table().length(slot))));
    if (announced.isEmpty()) {
      byNeighbor.remove(neighbor);
    }
    changes++;
  }

  /// The neighbor is back, or nobody waits for it any longer.
  void forget(int neighbor) {
    if (byNeighbor.remove(neighbor) != null) {
      changes++;
      if (byNeighbor.isEmpty()) {
        table = new PrefixTable(rib.family());
      }
    }
  }

  /// What has no class now, and who announced it. O(prefixes noted) once a `generation`.
  Loss loss(long generation) {
    if (byNeighbor.isEmpty()) {
      return Loss.NONE;
    }
    AsOf now = new AsOf(generation, changes, rib.table().version());
    if (!now.equals(countedAt)) {
      countedAt = now;
      counted = count();
    }
    return counted;
  }

  private Loss count() {
    BitSet lost = new BitSet();
    byNeighbor.values().forEach(lost::or);
    for (int slot = lost.nextSetBit(0); slot >= 0; slot = lost.nextSetBit(slot + 1)) {
      int now = rib.table().find(table.high(slot), table.low(slot), table.length(slot));
      if (now != PrefixTable.NONE && rib.classOf(now) != 0) {
        lost.clear(slot);
      }
    }
    TreeSet<Integer> neighbors = new TreeSet<>();
    byNeighbor.forEach((neighbor, announced) -> {
      if (announced.intersects(lost)) {
        neighbors.add(neighbor);
      }
    });
    return new Loss(neighbors, lost.cardinality());
  }

  /// Whether a lost neighbor announced a default route.
  boolean hadDefault(int neighbor) {
    int slot = table.find(0, 0, 0);
    BitSet announced = byNeighbor.get(neighbor);
    return slot != PrefixTable.NONE && announced != null && announced.get(slot);
  }
}

package net.donut.core;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import net.donut.core.change.Hop;
import net.donut.core.change.HopGroup;
import net.donut.core.change.NumberedHop;
import net.donut.core.change.OverrideEnd;
import net.donut.core.change.RouteBlock;
import net.donut.core.change.RouterDelta;
import org.jspecify.annotations.Nullable;

/// The hops and groups that one router was told of, and what the running commit changes of them.
/// Owned by the engine's thread.
final class RouterState {
  /*
   * A class group holds the primary hop and names a backup group, which stands for the rest of the
   * hop list and is shared by all classes with the same rest (`Rest` is the list and the family).
   * Backup groups and hops are counted; what a commit no longer uses is removed when it ends, after
   * everything new is in place.
   *
   * Ids: bit 62 is set in class groups and clear in backup groups, so the two never collide.
   */
  private static final long CLASS_BIT = 1L << 62;
  private static final long ID_MASK = CLASS_BIT - 1;

  private record Rest(int family, List<Integer> hops) {}

  private final String name;
  private final Map<Hop, Integer> indexes = new HashMap<>();
  private final Map<Integer, Hop> hops = new HashMap<>();
  private final Map<Integer, Integer> hopUses = new LinkedHashMap<>();
  private final Map<Long, HopGroup> groups = new LinkedHashMap<>();
  private final Map<Rest, Long> backupIds = new HashMap<>();
  private final Map<Long, Rest> backupContents = new HashMap<>();
  private final Map<Long, Integer> backupUses = new HashMap<>();

  private final List<NumberedHop> newHops = new ArrayList<>();
  private final List<HopGroup> changed = new ArrayList<>();
  private final List<HopGroup> replaced = new ArrayList<>();
  private final List<Long> removed = new ArrayList<>();

  RouterState(String name) {
    this.name = name;
  }

  String name() {
    return name;
  }

  /// The id of the group of a class from the hash of its content.
  static long classGroupId(long hash) {
    return (hash & ID_MASK) | CLASS_BIT;
  }

  /// The index of a hop, the same for the life of the engine.
  int index(Hop hop) {
    Integer known = indexes.get(hop);
    if (known != null) {
      return known;
    }
    int index =
        (int)
            (ContentHash.finish(ContentHash.add(ContentHash.start(), hop.toString()))
                & 0x7fff_ffff);
    while (index == 0 || hops.containsKey(index)) {
      index = (index + 1) & 0x7fff_ffff;
    }
    indexes.put(hop, index);
    hops.put(index, hop);
    return index;
  }

  Hop hop(int index) {
    Hop hop = hops.get(index);
    if (hop == null) {
      throw new IllegalArgumentException("hop index: " + index + " (expected: one given out)");
    }
    return hop;
  }

  /// Gives a class group its hops, primary first, at least one.
  void set(long id, int family, int[] hopList) {
    long backup = hopList.length > 1 ? useRest(family, hopList, 1) : 0;
    useHop(hopList[0]);
    HopGroup next = new HopGroup(id, hopList[0], backup);
    HopGroup before = groups.put(id, next);
    if (before != null) {
      replaced.add(before);
    }
    if (!next.equals(before)) {
      changed.add(next);
    }
  }

  /// Removes a class group.
  void remove(long id) {
    HopGroup before = groups.remove(id);
    if (before != null) {
      removed.add(id);
      replaced.add(before);
    }
  }

  /// Ends the commit: releases what is no longer used and returns the changes with these routes.
  RouterDelta finish(List<RouteBlock> routes, List<OverrideEnd> overrideEnds) {
    List<Integer> removedHops = new ArrayList<>();
    replaced.forEach(group -> release(group, removedHops));
    replaced.clear();
    changed.removeIf(group -> !group.equals(groups.get(group.id())));
    removedHops.removeIf(index -> hopUses.containsKey(index));
    RouterDelta delta =
        new RouterDelta(name, newHops, changed, routes, overrideEnds, removed, removedHops);
    newHops.clear();
    changed.clear();
    removed.clear();
    return delta;
  }

  private void release(HopGroup group, List<Integer> removedHops) {
    dropHop(group.hop(), removedHops);
    long backup = group.backup();
    if (backup == 0 || backupUses.merge(backup, -1, Integer::sum) > 0) {
      return;
    }
    backupUses.remove(backup);
    HopGroup rest = groups.remove(backup);
    backupIds.remove(backupContents.remove(backup));
    removed.add(backup);
    if (rest != null) {
      release(rest, removedHops);
    }
  }

  private long useRest(int family, int[] hopList, int from) {
    Rest rest = new Rest(family, Arrays.stream(hopList, from, hopList.length).boxed().toList());
    Long known = backupIds.get(rest);
    if (known != null) {
      backupUses.merge(known, 1, Integer::sum);
      return known;
    }
    long backup = from + 1 < hopList.length ? useRest(family, hopList, from + 1) : 0;
    long id = newBackupId(rest);
    backupIds.put(rest, id);
    backupContents.put(id, rest);
    backupUses.put(id, 1);
    useHop(hopList[from]);
    HopGroup group = new HopGroup(id, hopList[from], backup);
    groups.put(id, group);
    changed.add(group);
    return id;
  }

  private long newBackupId(Rest rest) {
    long hash = ContentHash.add(ContentHash.start(), rest.family());
    for (int hop : rest.hops()) {
      hash = ContentHash.add(hash, hop);
    }
    long id = ContentHash.finish(hash) & ID_MASK;
    while (id == 0 || groups.containsKey(id)) {
      id = (id + 1) & ID_MASK;
    }
    return id;
  }

  private void useHop(int index) {
    if (hopUses.merge(index, 1, Integer::sum) == 1) {
      newHops.add(new NumberedHop(index, hop(index)));
    }
  }

  private void dropHop(int index, List<Integer> removedHops) {
    if (hopUses.merge(index, -1, Integer::sum) == 0) {
      hopUses.remove(index);
      removedHops.add(index);
    }
  }

  /// The hops in use.
  List<NumberedHop> hops() {
    List<NumberedHop> used = new ArrayList<>();
    hopUses.keySet().forEach(index -> used.add(new NumberedHop(index, hop(index))));
    return used;
  }

  /// All groups, backups before those that use them.
  List<HopGroup> groups() {
    Map<Long, HopGroup> ordered = new LinkedHashMap<>();
    groups.values().forEach(group -> addWithBackups(group, ordered));
    Collection<HopGroup> values = ordered.values();
    return List.copyOf(values);
  }

  private void addWithBackups(HopGroup group, Map<Long, HopGroup> ordered) {
    @Nullable HopGroup backup = groups.get(group.backup());
    if (backup != null && !ordered.containsKey(backup.id())) {
      addWithBackups(backup, ordered);
    }
    ordered.put(group.id(), group);
  }
}

package net.donut.core;

import java.util.ArrayList;
import java.util.BitSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.BiConsumer;
import net.donut.core.change.OverrideEnd;
import net.donut.model.Prefix;
import net.donut.model.table.PrefixTable;
import org.jspecify.annotations.Nullable;

/// The overrides of one family, and what routers were told of them. Owned by the engine's thread.
final class CoreOverrides {
  /// No neighbor was chosen.
  static final int NOBODY = -1;

  /// What routers were told of a slot under an override.
  ///
  /// @param base the class that it would be in without, 0 for none
  /// @param groups the group of that class by router, 0 where it has none; never written
  private record Told(int base, long until, long[] groups) {
    static final Told NOTHING = new Told(0, 0, new long[0]);

    long group(int router) {
      return router < groups.length ? groups[router] : 0;
    }
  }

  private record Standing(RouteOverride override, int neighbor) {}

  private final PrefixTable table;
  private final Map<Prefix, Standing> standing = new HashMap<>();
  private final Map<Integer, Told> told = new HashMap<>();

  CoreOverrides(PrefixTable table) {
    this.table = table;
  }

  List<RouteOverride> all() {
    return standing.values().stream().map(Standing::override).toList();
  }

  /// Adds an override, or replaces that of its prefix; marks the prefix dirty.
  void add(RouteOverride override, int neighbor, BitSet dirty) {
    standing.put(override.prefix(), new Standing(override, neighbor));
    mark(override.prefix(), dirty);
  }

  /// Ends the override of a prefix, if there is one; marks the prefix dirty.
  void remove(Prefix prefix, BitSet dirty) {
    if (standing.remove(prefix) != null) {
      mark(prefix, dirty);
    }
  }

  /// Ends those that chose one of these neighbors; the prefixes are decided anew anyway.
  void removeNeighbors(List<Neighbor> gone) {
    standing
        .values()
        .removeIf(one -> gone.stream().anyMatch(neighbor -> neighbor.index == one.neighbor()));
  }

  private void mark(Prefix prefix, BitSet dirty) {
    int slot = table.find(prefix);
    if (slot != PrefixTable.NONE) {
      dirty.set(slot);
    }
  }

  /// Marks every prefix under an override.
  void markAll(BitSet dirty) {
    standing.keySet().forEach(prefix -> mark(prefix, dirty));
  }

  private @Nullable Standing at(int slot) {
    return standing.isEmpty() ? null : standing.get(table.prefix(slot));
  }

  /// The neighbor chosen for a slot, or [#NOBODY].
  int neighbor(int slot) {
    Standing one = at(slot);
    return one == null ? NOBODY : one.neighbor();
  }

  /// The class that routers were told a slot goes back to, 0 for none.
  int base(int slot) {
    return told.isEmpty() ? 0 : told.getOrDefault(slot, Told.NOTHING).base();
  }

  /// Hands over each slot that routers were told a class to go back to for, and that class.
  void forEachBase(BiConsumer<Integer, Integer> into) {
    told.forEach((slot, one) -> into.accept(slot, one.base()));
  }

  /// Notes the class that a slot would be in without its override, 0 without one, and tells routers
  /// the groups of that class.
  void tell(int slot, int base, long[] groups, ClassTable classes, CommitLog log) {
    Told was = told.getOrDefault(slot, Told.NOTHING);
    Standing one = at(slot);
    Told is =
        one == null || base == 0 ? Told.NOTHING : new Told(base, one.override().until(), groups);
    if (is.base() != 0) {
      classes.hold(is.base());
      told.put(slot, is);
    } else {
      told.remove(slot);
    }
    if (was.base() != 0) {
      classes.letGo(was.base());
    }
    for (int router = 0; router < groups.length; router++) {
      long group = is.group(router);
      if (group != was.group(router) || (group != 0 && is.until() != was.until())) {
        log.overrideEnd(router, new OverrideEnd(table.prefix(slot), group, is.until()));
      }
    }
  }

  /// What a router was told last.
  List<OverrideEnd> ends(int router) {
    List<OverrideEnd> ends = new ArrayList<>();
    told.forEach((slot, one) -> {
      if (one.group(router) != 0) {
        ends.add(new OverrideEnd(table.prefix(slot), one.group(router), one.until()));
      }
    });
    return ends;
  }
}

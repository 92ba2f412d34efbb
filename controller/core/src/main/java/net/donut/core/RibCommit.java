package net.donut.core;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.BitSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import net.donut.core.change.ExportBlock;
import net.donut.core.policy.Policy;
import net.donut.model.PathAttributes;
import net.donut.model.Prefix;
import net.donut.model.Prefixes;
import net.donut.model.Relation;
import net.donut.model.table.PrefixTable;
import org.jspecify.annotations.Nullable;

/// What routers and neighbors were told of one family, and the commit that brings it up to date.
/// Owned by the engine's thread.
final class RibCommit {
  /*
   * `current[c]` is what class c means under the liveness of this commit, `published[c]` what the
   * routers have of it (null: no group). A commit
   *   1. makes liveness anew if links or sessions changed, and with it `current` of every class: O(classes);
   *   2. decides the dirty prefixes;
   *   3. finds the classes whose meaning changed so that single prefixes must be told (a router lost
   *      its last hop or found one, or another best path is to be exported) and adds their prefixes;
   *   4. brings the groups up to date.
   * In the usual case of a lost link step 3 finds nothing.
   *
   * `toldFrom[r]` and `toldPath[r]` remember for each slot the neighbor (+ 1) and the attribute set
   * that router r's best path had, where anybody at r may hear of it; the set is retained.
   */
  private final CoreRib rib;
  private final CoreNeighbors neighbors;
  private final Routers routers;
  private final List<Column> toldFrom = new ArrayList<>();
  private final List<Column> toldPath = new ArrayList<>();
  private final BitSet toldDefault = new BitSet();
  private Liveness liveness;
  private Decider decider;
  private Exporter exporter;
  private Exporter exporterBefore;
  private @Nullable ClassForwarding[] current = new @Nullable ClassForwarding[16];
  private @Nullable ClassForwarding[] published = new @Nullable ClassForwarding[16];
  private int[] decidedInto = new int[16];

  RibCommit(CoreRib rib, CoreNeighbors neighbors, Routers routers, Policy policy) {
    this.rib = rib;
    this.neighbors = neighbors;
    this.routers = routers;
    this.liveness = rib.liveness(Set.of(), Set.of());
    this.decider = rib.decider(liveness);
    this.exporter = new Exporter(rib.family(), policy, neighbors, routers, rib.attributes());
    this.exporterBefore = exporter;
    makeRoom();
  }

  Liveness liveness() {
    return liveness;
  }

  Decider decider() {
    return decider;
  }

  Exporter exporter() {
    return exporter;
  }

  void applyPolicy(Policy policy) {
    Exporter next = new Exporter(rib.family(), policy, neighbors, routers, rib.attributes());
    exporter = next.tellsSameAs(exporterBefore) ? exporterBefore : next;
    makeRoom();
  }

  private void makeRoom() {
    while (toldFrom.size() < routers.size()) {
      toldFrom.add(new Column());
      toldPath.add(new Column());
    }
  }

  void commit(CommitLog log) {
    rib.defer();
    if (rib.isClean()) {
      return;
    }
    renewLiveness();
    decider.begin();
    Arrays.fill(decidedInto, 0);
    BitSet unheard = new BitSet(0);
    for (int slot = rib.nextDirty(0); slot >= 0; slot = rib.nextDirty(slot + 1)) {
      if (rib.table().isPresent(slot)) {
        decide(slot, log);
        if (!decider.isHeard()) {
          unheard.set(slot);
        }
      }
    }
    tellOfClasses(log);
    updateGroups();
    tellOfDefault(log);
    unheard.stream().forEach(rib::removeSlot);
    exporterBefore = exporter;
    rib.committed();
    if (rib.purgeClasses()) {
      decider.forget();
      Arrays.fill(current, null);
      for (int number = 1; number < rib.classCount(); number++) {
        if (rib.isClassUsed(number)) {
          current[number] = published[number];
        }
      }
    }
  }

  private void renewLiveness() {
    if (!rib.isLivenessDirty() && !rib.isOrderDirty()) {
      return;
    }
    rib.markOverridden();
    Liveness next = rib.liveness(Set.of(), Set.of());
    boolean costsChanged = routers.size() > 2 && !next.sameDistances(liveness);
    liveness = next;
    decider = rib.decider(next);
    Arrays.fill(current, null);
    if (costsChanged) {
      rib.markAll();
    } else {
      rib.markUndecided(next);
    }
  }

  /// A router hears nobody any more: it goes on as of the last commit.
  void loseRouter(int router) {
    if (rib.isHeadless(router)) {
      return;
    }
    int[] exits = new int[published.length];
    for (int number = 1; number < published.length; number++) {
      @Nullable ClassForwarding told = published[number];
      exits[number] = told == null ? Exits.NONE : told.exit(router);
    }
    Map<Integer, Integer> afterOverrides = new HashMap<>();
    rib.overrides()
        .forEachBase((slot, base) -> {
          ClassForwarding meaning = published(base);
          afterOverrides.put(slot, meaning == null ? Exits.NONE : meaning.exit(router));
        });
    rib.loseRouter(router, liveness, exits, afterOverrides);
  }

  private void decide(int slot, CommitLog log) {
    int before = rib.classOf(slot);
    int decided = decider.decide(slot);
    boolean overridden = rib.overrides().neighbor(slot) != CoreOverrides.NOBODY;
    int base = overridden ? decider.decideWithoutOverride(slot) : 0;
    int now = rib.keepHeadless(slot, before, decided);
    ClassForwarding was = before == 0 ? null : published(before);
    ClassForwarding is = now == 0 ? null : current(now);
    rib.setClass(slot, now);
    if (now != 0) {
      decidedInto[now]++;
    }
    if (before != now || !Objects.equals(was, is)) {
      log.moved += isMoved(was, is) ? 1 : 0;
      tellRouters(slot, before, was, now, is, log);
    }
    tellNeighbors(slot, is, log);
    tellOverride(slot, base, log);
  }

  private void tellOverride(int slot, int base, CommitLog log) {
    if (base != 0 || rib.overrides().base(slot) != 0) {
      rib.tellOverride(slot, base, groupsByRouter(base), log);
    }
  }

  /// The group of a class by router, 0 where it has none.
  private long[] groupsByRouter(int number) {
    long[] groups = new long[routers.size()];
    for (int router = 0; router < groups.length && number != 0; router++) {
      groups[router] = current(number).isAlive(router) ? rib.group(number) : 0;
    }
    return groups;
  }

  /// Whether another neighbor is used at any router.
  private boolean isMoved(@Nullable ClassForwarding was, @Nullable ClassForwarding is) {
    for (int router = 0; router < routers.size(); router++) {
      if (neighbor(was, router) != neighbor(is, router)) {
        return true;
      }
    }
    return false;
  }

  /// The neighbor that a router uses, -1 for none.
  private int neighbor(@Nullable ClassForwarding meaning, int router) {
    int exit = meaning == null ? Exits.NONE : meaning.exit(router);
    return exit == Exits.NONE ? -1 : rib.exits().neighbor(exit);
  }

  private void tellRouters(
      int slot,
      int before,
      @Nullable ClassForwarding was,
      int now,
      @Nullable ClassForwarding is,
      CommitLog log) {
    for (int router = 0; router < routers.size(); router++) {
      boolean wasAlive = was != null && was.isAlive(router);
      if (is != null && is.isAlive(router)) {
        if (!wasAlive || before != now) {
          log.route(router, is.depth(router), rib.table(), slot, rib.group(now));
        }
      } else if (was != null && wasAlive) {
        int stage = 2 * Routers.MOST - was.depth(router);
        log.route(router, stage, rib.table(), slot, 0);
      }
    }
  }

  private void tellNeighbors(int slot, @Nullable ClassForwarding is, CommitLog log) {
    for (int router = 0; router < routers.size(); router++) {
      int from = neighbor(is, router);
      int path = 0;
      if (from >= 0 && exporter.audience(router, from).length > 0) {
        path = rib.column(from).get(slot);
      }
      tellNeighborsOf(router, slot, path == 0 ? -1 : from, path, log);
    }
  }

  private void tellNeighborsOf(int router, int slot, int from, int path, CommitLog log) {
    Column fromColumn = toldFrom.get(router);
    Column pathColumn = toldPath.get(router);
    int fromBefore = fromColumn.get(slot) - 1;
    int pathBefore = pathColumn.get(slot);
    boolean same = fromBefore == from && pathBefore == path;
    if (same && (path == 0 || exporterBefore == exporter)) {
      return;
    }
    if (path != 0) {
      for (int to : exporter.audience(router, from)) {
        if (exporter.tells(to, router, from, path)) {
          if (!isTold(to, router, fromBefore, pathBefore, from, path)) {
            log.announce(exporter, to, from, path, rib.table(), slot);
          }
        } else if (wasTold(to, router, fromBefore, pathBefore)) {
          log.withdraw(exporter.name(to), to, rib.table(), slot);
        }
      }
    }
    withdrawFromOthers(router, slot, fromBefore, pathBefore, from, path, log);
    fromColumn.set(slot, from + 1);
    if (path != pathBefore) {
      if (path != 0) {
        rib.attributes().retain(path);
      }
      pathColumn.set(slot, path);
      if (pathBefore != 0) {
        rib.release(pathBefore);
      }
    }
  }

  private boolean wasTold(int to, int router, int from, int path) {
    return path != 0 && exporterBefore.tells(to, router, from, path);
  }

  /// Whether a neighbor was told exactly this already: MED and LOCAL_PREF are not passed on, so
  /// paths that differ in them look the same outside.
  private boolean isTold(int to, int router, int fromBefore, int pathBefore, int from, int path) {
    return wasTold(to, router, fromBefore, pathBefore)
        && rib.attributes().get(pathBefore).asPath().equals(rib.attributes().get(path).asPath())
        && exporterBefore
            .rewritten(to, fromBefore, pathBefore)
            .equals(exporter.rewritten(to, from, path));
  }

  /// Those who heard of the path before and are not in the audience of the one now.
  private void withdrawFromOthers(
      int router, int slot, int fromBefore, int pathBefore, int from, int path, CommitLog log) {
    if (pathBefore == 0) {
      return;
    }
    int[] audience = path == 0 ? new int[0] : exporter.audience(router, from);
    for (int to : exporterBefore.audience(router, fromBefore)) {
      boolean handled = Arrays.stream(audience).anyMatch(one -> one == to);
      boolean remains = neighbors.get(to).isConfigured() && neighbors.get(to).router() == router;
      if (!handled && remains && wasTold(to, router, fromBefore, pathBefore)) {
        log.withdraw(exporterBefore.name(to), to, rib.table(), slot);
      }
    }
  }

  private void tellOfClasses(CommitLog log) {
    BitSet numbers = new BitSet();
    for (int number = 1; number < rib.classCount(); number++) {
      ClassForwarding was = number < published.length ? published[number] : null;
      if (was == null || rib.prefixesOf(number) == 0) {
        continue;
      }
      ClassForwarding is = current(number);
      if (isMoved(was, is)) {
        log.moved += rib.prefixesOf(number) - decidedInto[number];
      }
      if (mustTell(was, is)) {
        numbers.set(number);
      }
    }
    BitSet slots = rib.cleanSlotsOf(numbers);
    for (int slot = slots.nextSetBit(0); slot >= 0; slot = slots.nextSetBit(slot + 1)) {
      int number = rib.classOf(slot);
      ClassForwarding is = current(number);
      tellRouters(slot, number, published[number], number, is, log);
      tellNeighbors(slot, is, log);
    }
  }

  private boolean mustTell(ClassForwarding was, ClassForwarding is) {
    for (int router = 0; router < routers.size(); router++) {
      int from = neighbor(is, router);
      int before = neighbor(was, router);
      boolean heard =
          (from >= 0 && exporter.audience(router, from).length > 0)
              || (before >= 0 && exporter.audience(router, before).length > 0);
      if (was.isAlive(router) != is.isAlive(router) || (from != before && heard)) {
        return true;
      }
    }
    return false;
  }

  private void updateGroups() {
    for (int number = 1; number < rib.classCount(); number++) {
      ClassForwarding was = number < published.length ? published[number] : null;
      ClassForwarding is = rib.isClassUsed(number) ? current(number) : null;
      if (Objects.equals(was, is)) {
        continue;
      }
      updateGroup(rib.group(number), was, is);
      published(number);
      published[number] = is;
    }
  }

  private void updateGroup(
      long group, @Nullable ClassForwarding was, @Nullable ClassForwarding is) {
    for (int router = 0; router < routers.size(); router++) {
      int[] before = was == null ? new int[0] : was.hops(router);
      int[] now = is == null ? new int[0] : is.hops(router);
      if (now.length > 0 && !Arrays.equals(before, now)) {
        routers.get(router).set(group, rib.family().afi(), now);
      } else if (now.length == 0 && before.length > 0) {
        routers.get(router).remove(group);
      }
    }
  }

  private void tellOfDefault(CommitLog log) {
    Prefixes prefix = Prefixes.of(Prefix.defaultRoute(rib.family()));
    BitSet now = new BitSet();
    for (int to : exporter.defaultRouteListeners()) {
      if (hasTransit(neighbors.get(to).router())) {
        now.set(to);
        PathAttributes path = exporter.defaultRoute(to);
        boolean same = toldDefault.get(to) && path.equals(exporterBefore.defaultRoute(to));
        if (!same) {
          log.export(new ExportBlock.Announce(exporter.name(to), prefix, path));
        }
      }
    }
    toldDefault.andNot(now);
    toldDefault.stream()
        .filter(to -> neighbors.get(to).isConfigured())
        .forEach(to -> log.export(new ExportBlock.Withdraw(neighbors.get(to).name, prefix)));
    toldDefault.clear();
    toldDefault.or(now);
  }

  private boolean hasTransit(int router) {
    return neighbors.configured().stream()
        .anyMatch(neighbor ->
            neighbor.relation() == Relation.TRANSIT
                && neighbor.config().session(rib.family()) != null
                && liveness.isUsable(neighbor.index)
                && liveness.reaches(router, neighbor.router()));
  }

  /// What a class means now.
  ClassForwarding current(int number) {
    makeRoomFor(number);
    ClassForwarding known = current[number];
    if (known == null) {
      known = rib.meaning(number, liveness);
      ClassForwarding before = published[number];
      if (before != null && before.equals(known)) {
        known = before;
      }
      current[number] = known;
    }
    return known;
  }

  private @Nullable ClassForwarding published(int number) {
    makeRoomFor(number);
    return published[number];
  }

  private void makeRoomFor(int number) {
    if (number >= current.length) {
      int room = number * 2;
      current = Arrays.copyOf(current, room);
      published = Arrays.copyOf(published, room);
      decidedInto = Arrays.copyOf(decidedInto, room);
    }
  }

  // As of the last commit.

  /// What neighbors of a router, or one of them, are told.
  void exports(int router, int onlyTo, List<ExportBlock.Announce> into) {
    CommitLog all = new CommitLog(routers.size());
    Column paths = toldPath.get(router);
    for (int slot = 0; slot < rib.table().capacity(); slot++) {
      int path = paths.get(slot);
      if (path != 0) {
        announce(router, slot, path, onlyTo, all);
      }
    }
    for (ExportBlock block : all.exports()) {
      if (block instanceof ExportBlock.Announce announce) {
        into.add(announce);
      }
    }
    defaultExports(router, onlyTo, into);
  }

  /// What neighbors of a router are told of some prefixes.
  void exports(int router, Prefixes prefixes, List<ExportBlock.Announce> into) {
    CommitLog all = new CommitLog(routers.size());
    for (int i = 0; i < prefixes.size(); i++) {
      int slot = rib.table().find(prefixes.high(i), prefixes.low(i), prefixes.length(i));
      int path = slot == PrefixTable.NONE ? 0 : toldPath.get(router).get(slot);
      if (path != 0) {
        announce(router, slot, path, -1, all);
      }
    }
    for (ExportBlock block : all.exports()) {
      if (block instanceof ExportBlock.Announce announce) {
        into.add(announce);
      }
    }
    for (int i = 0; i < prefixes.size(); i++) {
      if (prefixes.length(i) == 0) {
        defaultExports(router, -1, into);
      }
    }
  }

  private void defaultExports(int router, int onlyTo, List<ExportBlock.Announce> into) {
    Prefixes prefix = Prefixes.of(Prefix.defaultRoute(rib.family()));
    for (int to : exporter.defaultRouteListeners()) {
      if (toldDefault.get(to)
          && neighbors.get(to).router() == router
          && (onlyTo < 0 || onlyTo == to)) {
        into.add(new ExportBlock.Announce(exporter.name(to), prefix, exporter.defaultRoute(to)));
      }
    }
  }

  private void announce(int router, int slot, int path, int onlyTo, CommitLog into) {
    int from = toldFrom.get(router).get(slot) - 1;
    for (int to : exporter.audience(router, from)) {
      if ((onlyTo < 0 || onlyTo == to) && exporter.tells(to, router, from, path)) {
        into.announce(exporter, to, from, path, rib.table(), slot);
      }
    }
  }

  /// The routes of a router.
  void routes(int router, CommitLog into) {
    for (int slot = 0; slot < rib.table().capacity(); slot++) {
      int number = rib.classOf(slot);
      if (number != 0 && current(number).isAlive(router)) {
        into.route(router, current(number).depth(router), rib.table(), slot, rib.group(number));
      }
    }
  }
}

package net.donut.core;

import java.util.Arrays;
import java.util.Objects;
import net.donut.core.answer.RejectReason;
import net.donut.core.decision.Elimination;
import net.donut.core.decision.Rank;
import net.donut.core.decision.Step;
import net.donut.model.Family;
import org.jspecify.annotations.Nullable;

/// Decides the class of a prefix: gathers what its neighbors announce, and for each router makes
/// the exit list. Pure in (columns, grades, liveness); the memo is a cache. Made anew whenever
/// liveness changes.
final class Decider {
  /*
   * A list is the first three places among all accepted paths, usable or not: so a lost link leaves
   * every prefix in its class. Only when a router can use none of the three is its list made again
   * from what it can use, and the row is marked as fallback, so that it is made again when liveness
   * changes.
   */
  /// No candidate.
  static final int NOBODY = -1;

  private final CoreRib rib;
  private final CoreNeighbors neighbors;
  private final Routers routers;
  private final Liveness liveness;
  private final ClassTable classes;
  private final int[] tieOrder;
  private final Elimination rounds = new Elimination();
  private final Memo memo = new Memo();
  private final int[] places = new int[ClassTable.LIST];
  private int[] rows;
  private int[] grades = new int[16];
  private int count;
  private int hash;
  private boolean heard;

  private int page = -1;
  private int[][] pageValues = new int[0][];
  private int[] pageNeighbors = new int[0];
  private int pageColumns;

  Decider(
      CoreRib rib,
      CoreNeighbors neighbors,
      Routers routers,
      Family family,
      Liveness liveness,
      ClassTable classes) {
    this.rib = rib;
    this.neighbors = neighbors;
    this.routers = routers;
    this.liveness = liveness;
    this.classes = classes;
    this.tieOrder = neighbors.tieOrder(family);
    this.rows = new int[routers.size() * ClassTable.ROW];
  }

  /// Columns may have changed since the last decision.
  void begin() {
    page = -1;
  }

  /// Class numbers may mean something else from now on.
  void forget() {
    memo.clear();
  }

  /// Whether any neighbor announces the prefix decided last, accepted or not.
  boolean isHeard() {
    return heard;
  }

  /// The class of a prefix, 0 when no path is accepted.
  int decide(int slot) {
    gather(slot);
    if (count == 0) {
      return 0;
    }
    int chosen = rib.overrides().neighbor(slot);
    return chosen == CoreOverrides.NOBODY ? decideRemembered() : decideGathered(chosen);
  }

  /// The class that a prefix would be in without an override, 0 when no path is accepted.
  int decideWithoutOverride(int slot) {
    return gather(slot) == 0 ? 0 : decideRemembered();
  }

  private int decideRemembered() {
    int known = memo.find(grades, count, hash);
    if (known >= 0) {
      return known;
    }
    int decided = decideGathered(CoreOverrides.NOBODY);
    memo.add(grades, count, hash, decided);
    return decided;
  }

  /// Collects the grades of the accepted paths of a prefix. Returns how many.
  int gather(int slot) {
    if (slot >>> Column.PAGE_BITS != page) {
      turnTo(slot >>> Column.PAGE_BITS);
    }
    int at = slot & Column.PAGE_MASK;
    @Nullable RejectReason reason = rib.prefixReason(slot);
    count = 0;
    hash = 0;
    heard = false;
    for (int i = 0; i < pageColumns; i++) {
      int attributes = pageValues[i][at];
      if (attributes != 0) {
        heard = true;
        int neighbor = pageNeighbors[i];
        int grade = rib.grades().grade(neighbor, attributes);
        if (grade > 0
            && (reason == null || rib.prefixReason(neighbor, slot, reason) == null)
            && !rib.isInvalidOrigin(neighbor, slot, attributes)) {
          grades[count++] = grade;
          hash = hash * 31 + grade;
        }
      }
    }
    return count;
  }

  /// Grade `i` of those gathered last.
  int gathered(int i) {
    return grades[i];
  }

  private void turnTo(int next) {
    page = next;
    int columns = rib.columnCount();
    if (pageValues.length < columns) {
      pageValues = new int[columns][];
      pageNeighbors = new int[columns];
      grades = new int[columns];
    }
    pageColumns = 0;
    for (int neighbor = 0; neighbor < columns; neighbor++) {
      int[] values = rib.column(neighbor).page(page);
      if (!Column.isZeros(values)) {
        pageValues[pageColumns] = values;
        pageNeighbors[pageColumns++] = neighbor;
      }
    }
  }

  private int decideGathered(int chosen) {
    load(chosen);
    Arrays.fill(rows, 0);
    for (int router = 0; router < routers.size(); router++) {
      if (routers.isConfigured(router)) {
        decideFor(router);
      }
    }
    return classes.intern(rows);
  }

  /// The candidate that wins a prefix at a router, among those it can use if there are any,
  /// numbered as [#gathered]; [#NOBODY] when no path is accepted.
  int winner(int slot, int router) {
    if (gather(slot) == 0) {
      return NOBODY;
    }
    load(rib.overrides().neighbor(slot));
    loadCosts(router);
    rounds.restart();
    int usable = 0;
    for (int i = 0; i < count; i++) {
      usable += isUsable(router, grades[i]) ? 1 : 0;
    }
    for (int i = 0; i < count && usable > 0; i++) {
      if (!isUsable(router, grades[i])) {
        rounds.exclude(i);
      }
    }
    return rounds.winner();
  }

  /// The step at which the last of the others lost to the winner decided last; null when there were
  /// no others.
  @Nullable Step lastStep(int winner) {
    @Nullable Step last = null;
    for (int i = 0; i < count; i++) {
      @Nullable Step step = lostAt(i, winner);
      if (step != null && (last == null || step.compareTo(last) > 0)) {
        last = step;
      }
    }
    return last;
  }

  private @Nullable Step lostAt(int i, int winner) {
    @Nullable Step step = rounds.lostAt(i, winner);
    return step == Elimination.TIE ? tieStep(i, winner) : step;
  }

  private Step tieStep(int i, int winner) {
    Neighbor loser = neighbors.get(rib.grades().neighbor(grades[i]));
    Neighbor best = neighbors.get(rib.grades().neighbor(grades[winner]));
    if (!Objects.equals(loser.identifier(rib.family()), best.identifier(rib.family()))) {
      return Step.ROUTER_ID;
    }
    return loser.address(rib.family()).equals(best.address(rib.family()))
        ? Step.NAME
        : Step.NEIGHBOR_ADDRESS;
  }

  /// `chosen` is the neighbor of an override, or [CoreOverrides#NOBODY].
  private void load(int chosen) {
    rounds.start(count);
    for (int i = 0; i < count; i++) {
      int grade = grades[i];
      int neighbor = rib.grades().neighbor(grade);
      rounds.set(
          i,
          rib.grades().rank(grade) | Rank.of(neighbors.get(neighbor).word(chosen)),
          rib.grades().med(grade),
          rib.grades().as(grade),
          tieOrder[neighbor]);
    }
  }

  private void loadCosts(int router) {
    for (int i = 0; i < count; i++) {
      rounds.setCost(i, cost(router, i));
    }
  }

  private void decideFor(int router) {
    loadCosts(router);
    rounds.restart();
    int found = rounds.places(places, ClassTable.LIST);
    int fallback = 0;
    if (!isAnyUsable(router, found)) {
      int usable = placesOfUsable(router);
      if (usable > 0) {
        found = usable;
        fallback = ClassTable.FALLBACK;
      } else {
        rounds.restart();
        found = rounds.places(places, ClassTable.LIST);
      }
    }
    rows[router * ClassTable.ROW] = fallback;
    for (int i = 0; i < found; i++) {
      rows[router * ClassTable.ROW + 1 + i] = rib.grades().exit(grades[places[i]]);
    }
  }

  private int placesOfUsable(int router) {
    rounds.restart();
    for (int i = 0; i < count; i++) {
      if (!isUsable(router, grades[i])) {
        rounds.exclude(i);
      }
    }
    return rounds.places(places, ClassTable.LIST);
  }

  /// The interior cost of candidate `i` of those gathered, as a router sees it.
  private int cost(int router, int i) {
    Neighbor neighbor = neighbors.get(rib.grades().neighbor(grades[i]));
    return neighbor.isOwn() || neighbor.router() == router
        ? Elimination.EXTERNAL
        : liveness.distance(router, neighbor.router());
  }

  private boolean isAnyUsable(int router, int found) {
    for (int i = 0; i < found; i++) {
      if (isUsable(router, grades[places[i]])) {
        return true;
      }
    }
    return false;
  }

  private boolean isUsable(int router, int grade) {
    return rib.forwarding().isUsable(rib.grades().exit(grade), router, liveness);
  }
}

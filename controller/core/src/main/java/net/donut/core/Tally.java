package net.donut.core;

import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import net.donut.core.answer.Counts;
import net.donut.core.answer.NeighborCounts;
import net.donut.core.answer.RejectReason;
import net.donut.model.Family;
import net.donut.model.Relation;

/// Counts prefixes and paths from the classes and columns, not from the prefixes. Reads only.
final class Tally {
  private final List<CoverageReport.Side> sides;
  private final CoreNeighbors neighbors;
  private final Routers routers;

  Tally(List<CoverageReport.Side> sides, CoreNeighbors neighbors, Routers routers) {
    this.sides = sides;
    this.neighbors = neighbors;
    this.routers = routers;
  }

  /// The neighbor that a class goes to at the first router that forwards it; when none does, the
  /// first of its list.
  static int best(CoreRib rib, RibCommit commit, Routers routers, int number) {
    ClassForwarding meaning = commit.current(number);
    for (int router = 0; router < routers.size(); router++) {
      if (meaning.isAlive(router)) {
        return rib.exits().neighbor(meaning.exit(router));
      }
    }
    for (int router = 0; router < routers.size(); router++) {
      int exit = rib.exit(number, router, 0);
      if (exit != Exits.NONE) {
        return rib.exits().neighbor(exit);
      }
    }
    return Neighbor.OWN;
  }

  /// Whether every accepted prefix is forwarded by every router.
  boolean isWhole() {
    for (CoverageReport.Side side : sides) {
      CoreRib rib = side.rib();
      for (int number = 1; number < rib.classCount(); number++) {
        for (int router = 0; router < routers.size(); router++) {
          if (rib.prefixesOf(number) > 0
              && routers.isConfigured(router)
              && !side.commit().current(number).isAlive(router)) {
            return false;
          }
        }
      }
    }
    return true;
  }

  Counts counts(long holes) {
    Map<Relation, Long> prefixes = new EnumMap<>(Relation.class);
    Map<Relation, Long> paths = new EnumMap<>(Relation.class);
    long total = 0;
    long direct = 0;
    long protectedPrefixes = 0;
    long classCount = 0;
    long attributeSets = 0;
    for (CoverageReport.Side side : sides) {
      CoreRib rib = side.rib();
      classCount += rib.classesInUse();
      attributeSets = side.rib().attributes().size();
      for (int number = 1; number < rib.classCount(); number++) {
        long count = rib.prefixesOf(number);
        if (count > 0) {
          Relation relation =
              neighbors.get(best(side.rib(), side.commit(), routers, number)).relation();
          prefixes.merge(relation, count, Long::sum);
          total += count;
          direct += relation.isDirect() ? count : 0;
          protectedPrefixes += isProtected(side, number) ? count : 0;
        }
      }
    }
    long heard = 0;
    long accepted = 0;
    for (Neighbor neighbor : neighbors.configured()) {
      NeighborCounts counts = neighbor(neighbor);
      heard += counts.accepted() + counts.rejected();
      accepted += counts.accepted();
      paths.merge(neighbor.relation(), counts.accepted(), Long::sum);
    }
    return new Counts(
        total,
        direct,
        prefixes.getOrDefault(Relation.TRANSIT, 0L),
        protectedPrefixes,
        holes,
        heard,
        accepted,
        prefixes,
        paths,
        attributeSets,
        classCount);
  }

  /// Whether every router that sends packets of a class out itself has another hop for them, and at
  /// least one does.
  private boolean isProtected(CoverageReport.Side side, int number) {
    ClassForwarding meaning = side.commit().current(number);
    boolean leaves = false;
    for (int router = 0; router < routers.size(); router++) {
      if (meaning.isAlive(router) && meaning.depth(router) == 0) {
        leaves = true;
        if (meaning.hops(router).length < 2) {
          return false;
        }
      }
    }
    return leaves;
  }

  NeighborCounts neighbor(Neighbor neighbor) {
    Map<RejectReason, Long> rejects = new EnumMap<>(RejectReason.class);
    long heard = 0;
    long rejected = 0;
    long best = 0;
    for (CoverageReport.Side side : sides) {
      heard += side.rib().column(neighbor.index).size();
      long[] counts = side.rib().rejects(neighbor.index);
      for (RejectReason reason : RejectReason.values()) {
        if (counts[reason.index()] > 0) {
          rejects.merge(reason, counts[reason.index()], Long::sum);
          rejected += counts[reason.index()];
        }
      }
      best += best(side, neighbor);
    }
    return new NeighborCounts(neighbor.name, heard - rejected, rejected, best, rejects);
  }

  private static long best(CoverageReport.Side side, Neighbor neighbor) {
    CoreRib rib = side.rib();
    long best = 0;
    for (int number = 1; number < rib.classCount(); number++) {
      if (rib.prefixesOf(number) > 0) {
        int exit = side.commit().current(number).exit(neighbor.router());
        if (exit != Exits.NONE && side.rib().exits().neighbor(exit) == neighbor.index) {
          best += rib.prefixesOf(number);
        }
      }
    }
    return best;
  }

  /// The share of prefixes whose best path is direct, 0..1; 0 when there are none. O(classes).
  double donutRatio() {
    long total = 0;
    long direct = 0;
    for (CoverageReport.Side side : sides) {
      CoreRib rib = side.rib();
      for (int number = 1; number < rib.classCount(); number++) {
        long count = rib.prefixesOf(number);
        if (count > 0) {
          int best = best(side.rib(), side.commit(), routers, number);
          total += count;
          direct += neighbors.get(best).relation().isDirect() ? count : 0;
        }
      }
    }
    return total == 0 ? 0 : (double) direct / total;
  }

  /// How many transits sent a default route of a family, those included that cannot be used now, or
  /// are lost.
  int defaultsKnown(Family family, LostPrefixes lost) {
    int count = 0;
    for (CoverageReport.Side side : sides) {
      if (side.rib().family() == family) {
        int slot = side.rib().table().find(0, 0, 0);
        for (Neighbor neighbor : neighbors.configured()) {
          int id = slot < 0 ? 0 : side.rib().column(neighbor.index).get(slot);
          boolean announced = id != 0 && side.rib().reason(neighbor.index, slot, id) == null;
          count += announced || lost.hadDefault(neighbor.index) ? 1 : 0;
        }
      }
    }
    return count;
  }

  /// How many transits send a usable default route of a family.
  int defaults(Family family) {
    int count = 0;
    for (CoverageReport.Side side : sides) {
      if (side.rib().family() == family) {
        int slot = side.rib().table().find(0, 0, 0);
        for (Neighbor neighbor : neighbors.configured()) {
          int id = slot < 0 ? 0 : side.rib().column(neighbor.index).get(slot);
          if (id != 0
              && side.rib().reason(neighbor.index, slot, id) == null
              && side.commit().liveness().isUsable(neighbor.index)) {
            count++;
          }
        }
      }
    }
    return count;
  }
}

package net.donut.core;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import net.donut.core.answer.AddressCount;
import net.donut.core.answer.Coverage;
import net.donut.core.answer.RejectReason;
import net.donut.model.AsPath;
import net.donut.model.Family;
import net.donut.model.Prefix;
import net.donut.model.Relation;
import net.donut.model.table.PrefixTable;

/// Judges address space by longest match: one walk over the sorted prefixes of a family with a
/// stack of those that contain the one in hand. Reads only.
final class CoverageReport {
  /*
   * What belongs to a prefix is what no accepted longer prefix takes: its size less that of the
   * longer ones directly below it, known when the walk leaves it. A packet to it follows the prefix,
   * or where a router has not got it the nearest shorter one that it has; our own networks end that
   * chain, since they discard.
   *
   * Sizes are exact in both families, see AddressCount: a single /128 that is left of a /32 is left.
   * Shares are of what anything but a default route covers, so a default takes no share.
   */
  private static final Prefix EVERYTHING = Prefix.defaultRoute(Family.IPV4);
  private static final int NOBODY = -1;
  private static final int SEVERAL = -2;

  private enum Discards {
    INCLUDED,
    LEFT_OUT
  }

  /// A direct neighbor and the transit that takes what the neighbor could have taken.
  private record Detour(int direct, int transit) {}

  private static final class Amount {
    long prefixes;
    AddressCount ipv4 = AddressCount.NONE;
    AddressCount ipv6 = AddressCount.NONE;

    void add(Family family, AddressCount addresses) {
      if (family == Family.IPV4) {
        ipv4 = ipv4.plus(addresses);
      } else {
        ipv6 = ipv6.plus(addresses);
      }
    }
  }

  /// Why holes of one class are holes: their class, and the routers that do not forward them.
  private record Missing(Family family, int number, long routers) {}

  /// Holes of one cause so far.
  private static final class Holes {
    long blocks;
    Prefix largest;

    Holes(Prefix first) {
      largest = first;
    }

    void add(Prefix prefix) {
      blocks++;
      largest = LARGEST_FIRST.compare(prefix, largest) < 0 ? prefix : largest;
    }
  }

  private static final Comparator<Prefix> LARGEST_FIRST =
      Comparator.comparingInt(Prefix::length).thenComparing(Comparator.naturalOrder());

  /// A family's routes and what was committed of them.
  record Side(CoreRib rib, RibCommit commit) {}

  /// A prefix that contains the one in hand.
  private static final class Frame {
    int slot;
    int length;
    boolean own;
    // The addresses that no longer prefix takes.
    AddressCount left = AddressCount.NONE;
    // Bit r: router r forwards the addresses, by this prefix or a shorter one.
    long forwarded;
    // The one neighbor that takes the addresses, by this prefix or a shorter one.
    int taker;
    // The nearest prefix with a direct best path, this one included, or NONE.
    int direct;
    // The direct neighbor that the best path, a transit's, bypasses, or NOBODY.
    int bypassed;
    int best;
    int number;
  }

  private final List<Side> sides;
  private final CoreNeighbors neighbors;
  private final Routers routers;
  private final int limit;
  private final List<Coverage.Block> holes = new ArrayList<>();
  private final List<Coverage.Block> singleExits = new ArrayList<>();
  private final List<Coverage.CostLeak> costLeaks = new ArrayList<>();
  private final List<Coverage.Block> coveredHoles = new ArrayList<>();
  private long holeCount;
  private long singleExitCount;
  private long costLeakCount;
  private long coveredHoleCount;
  private final Amount covered = new Amount();
  private final Amount direct = new Amount();
  private final Amount transit = new Amount();
  private final Amount unforwarded = new Amount();
  private final Amount[] lost;
  private final Amount[] moved;
  private final Map<Detour, Amount> detours = new HashMap<>();
  private final Map<Missing, Holes> missing = new HashMap<>();

  private final List<Frame> frames = new ArrayList<>();
  private int depth;

  CoverageReport(List<Side> sides, CoreNeighbors neighbors, Routers routers, int limit) {
    this.sides = sides;
    this.neighbors = neighbors;
    this.routers = routers;
    this.limit = limit;
    this.lost = amounts(neighbors.size());
    this.moved = amounts(neighbors.size());
  }

  private static Amount[] amounts(int count) {
    Amount[] amounts = new Amount[count];
    Arrays.setAll(amounts, i -> new Amount());
    return amounts;
  }

  Coverage coverage() {
    sides.forEach(this::walk);
    Tally tally = new Tally(sides, neighbors, routers);
    return new Coverage(
        tally.counts(holeCount),
        holeCount,
        largest(holes),
        holeCauses(),
        singleExitCount,
        largest(singleExits),
        costLeakCount,
        dearest(costLeaks),
        bypasses(),
        coveredHoleCount,
        largest(coveredHoles),
        exitLosses(),
        covered.ipv4.low(),
        covered.ipv6,
        tally.defaults(Family.IPV4),
        tally.defaults(Family.IPV6),
        new Coverage.SpaceShares(
            direct.ipv4.shareOf(covered.ipv4),
            transit.ipv4.shareOf(covered.ipv4),
            unforwarded.ipv4.shareOf(covered.ipv4)),
        new Coverage.SpaceShares(
            direct.ipv6.shareOf(covered.ipv6),
            transit.ipv6.shareOf(covered.ipv6),
            unforwarded.ipv6.shareOf(covered.ipv6)));
  }

  private List<Coverage.Block> largest(List<Coverage.Block> blocks) {
    return blocks.stream()
        .sorted(Comparator.comparing(Coverage.Block::prefix, LARGEST_FIRST))
        .limit(limit)
        .toList();
  }

  /// Those that cost most for a Mbit/s first, then the largest.
  private List<Coverage.CostLeak> dearest(List<Coverage.CostLeak> leaks) {
    return leaks.stream()
        .sorted(
            Comparator.comparingDouble(Coverage.CostLeak::extraPrice)
                .reversed()
                .thenComparing(Coverage.CostLeak::prefix, LARGEST_FIRST))
        .limit(limit)
        .toList();
  }

  private void walk(Side side) {
    PrefixTable table = side.rib().table();
    depth = 0;
    for (int slot : table.sortedSlots()) {
      while (depth > 0 && !contains(table, top().slot, slot)) {
        leave(side);
      }
      if (side.rib().classOf(slot) == 0) {
        checkCoveredHole(side, slot);
      } else {
        enter(side, slot);
      }
    }
    while (depth > 0) {
      leave(side);
    }
  }

  private static boolean contains(PrefixTable table, int cover, int slot) {
    return table.prefix(cover).contains(table.prefix(slot));
  }

  private Frame top() {
    return frames.get(depth - 1);
  }

  private void enter(Side side, int slot) {
    PrefixTable table = side.rib().table();
    int number = side.rib().classOf(slot);
    int best = Tally.best(side.rib(), side.commit(), routers, number);
    Relation relation = neighbors.get(best).relation();
    while (frames.size() <= depth) {
      frames.add(new Frame());
    }
    Frame frame = frames.get(depth);
    boolean first = depth == 0;
    ClassForwarding meaning = side.commit().current(number);
    frame.slot = slot;
    frame.length = table.length(slot);
    frame.own = side.rib().column(Neighbor.OWN).get(slot) != 0;
    AddressCount size = AddressCount.ofHostBits(table.family().bits() - frame.length);
    frame.left = size;
    frame.forwarded =
        (first ? 0 : top().forwarded & ~routersWith(side, meaning, Discards.INCLUDED))
            | routersWith(side, meaning, Discards.LEFT_OUT);
    boolean chained = !first && !top().own;
    frame.taker = frame.own ? NOBODY : join(chained ? top().taker : NOBODY, takers(side, slot));
    frame.direct = first ? PrefixTable.NONE : top().direct;
    frame.number = number;
    frame.best = best;
    frame.bypassed = NOBODY;
    if (relation == Relation.TRANSIT && frame.direct != PrefixTable.NONE) {
      frame.bypassed =
          Tally.best(side.rib(), side.commit(), routers, side.rib().classOf(frame.direct));
      detour(frame).prefixes++;
      addCostLeak(side, slot, frame.direct);
    }
    if (relation.isDirect() && !frame.own && frame.length > 0) {
      frame.direct = slot;
    }
    if (!first) {
      takeFrom(top(), size);
    }
    boolean underDefaultOnly = first || (depth == 1 && top().length == 0);
    if (frame.length > 0 && underDefaultOnly) {
      covered.add(table.family(), size);
    }
    depth++;
  }

  /// Takes the addresses of a prefix from the one around it. The whole IPv6 space counts one short,
  /// so its last part takes one more than is left.
  private static void takeFrom(Frame frame, AddressCount size) {
    frame.left = size.compareTo(frame.left) < 0 ? frame.left.minus(size) : AddressCount.NONE;
  }

  private void leave(Side side) {
    Frame frame = top();
    depth--;
    addShare(side, frame);
    if (frame.own || frame.left.isNone()) {
      return;
    }
    addMoved(side, frame);
    Prefix prefix = side.rib().table().prefix(frame.slot);
    long without = everyRouter() & ~frame.forwarded;
    if (without != 0) {
      holeCount++;
      if (limit > 0) {
        holes.add(
            new Coverage.Block(
                prefix, "not forwarded at " + String.join(", ", names(without)), ""));
        missing
            .computeIfAbsent(
                new Missing(side.rib().family(), frame.number, without), _ -> new Holes(prefix))
            .add(prefix);
      }
    }
    if (frame.taker >= 0) {
      singleExitCount++;
      lost[frame.taker].prefixes++;
      if (frame.length > 0) {
        lost[frame.taker].add(side.rib().family(), frame.left);
      }
      if (limit > 0) {
        String exit = neighbors.get(frame.taker).name;
        singleExits.add(new Coverage.Block(prefix, "only " + exit + " takes it", exit));
      }
    }
  }

  /// Counts the addresses of a prefix for the way they leave.
  private void addShare(Side side, Frame frame) {
    if (frame.length == 0) {
      return;
    }
    boolean isHole = !frame.own && (everyRouter() & ~frame.forwarded) != 0;
    boolean isDirect = frame.own || neighbors.get(frame.best).relation().isDirect();
    Amount way = isHole ? unforwarded : isDirect ? direct : transit;
    way.add(side.rib().family(), frame.left);
  }

  /// Counts the addresses of a prefix for each neighbor that takes them at some router.
  private void addMoved(Side side, Frame frame) {
    Family family = side.rib().family();
    if (frame.bypassed != NOBODY) {
      detour(frame).add(family, frame.left);
    }
    if (frame.length == 0) {
      return;
    }
    ClassForwarding meaning = side.commit().current(frame.number);
    for (int router = 0; router < routers.size(); router++) {
      int exit = meaning.exit(router);
      if (exit != Exits.NONE && isFirst(meaning, side.rib(), router)) {
        moved[side.rib().exits().neighbor(exit)].add(family, frame.left);
      }
    }
  }

  private Amount detour(Frame frame) {
    return detours.computeIfAbsent(new Detour(frame.bypassed, frame.best), detour -> new Amount());
  }

  /// Whether no router before this one uses the same neighbor.
  private static boolean isFirst(ClassForwarding meaning, CoreRib rib, int router) {
    int neighbor = rib.exits().neighbor(meaning.exit(router));
    for (int before = 0; before < router; before++) {
      int exit = meaning.exit(before);
      if (exit != Exits.NONE && rib.exits().neighbor(exit) == neighbor) {
        return false;
      }
    }
    return true;
  }

  private List<Coverage.Bypass> bypasses() {
    List<Coverage.Bypass> all = new ArrayList<>();
    detours.forEach((detour, amount) ->
        all.add(
            new Coverage.Bypass(
                neighbors.get(detour.direct()).name,
                neighbors.get(detour.transit()).name,
                amount.prefixes,
                amount.ipv4.low(),
                amount.ipv6,
                price(detour.direct()),
                price(detour.transit()))));
    all.sort(
        Comparator.comparingLong(Coverage.Bypass::ipv4Addresses)
            .thenComparing(Coverage.Bypass::ipv6Addresses)
            .thenComparingLong(Coverage.Bypass::prefixes)
            .reversed()
            .thenComparing(Coverage.Bypass::direct)
            .thenComparing(Coverage.Bypass::transit));
    return all;
  }

  /// The routers that have a route for a class, leaving out those that discard unless asked for.
  private long routersWith(Side side, ClassForwarding meaning, Discards discards) {
    long bits = 0;
    for (int router = 0; router < routers.size(); router++) {
      boolean counts =
          meaning.isAlive(router)
              && (discards == Discards.INCLUDED
                  || side.rib().exits().neighbor(meaning.exit(router)) != Neighbor.OWN);
      bits |= counts ? 1L << router : 0;
    }
    return bits;
  }

  private long everyRouter() {
    long bits = 0;
    for (int router = 0; router < routers.size(); router++) {
      bits |= routers.isConfigured(router) ? 1L << router : 0;
    }
    return bits;
  }

  private List<String> names(long bits) {
    List<String> names = new ArrayList<>();
    for (int router = 0; router < routers.size(); router++) {
      if ((bits & 1L << router) != 0) {
        names.add(routers.get(router).name());
      }
    }
    return names;
  }

  private double price(int neighbor) {
    return neighbor == Neighbor.OWN ? 0 : neighbors.get(neighbor).config().price();
  }

  /// Why the holes are holes, most blocks first.
  private List<Coverage.HoleCause> holeCauses() {
    Map<Coverage.HoleCause, Holes> merged = new HashMap<>();
    missing.forEach((where, found) -> {
      Holes all = merged.computeIfAbsent(cause(where), _ -> new Holes(found.largest));
      all.add(found.largest);
      all.blocks += found.blocks - 1;
    });
    List<Coverage.HoleCause> causes = new ArrayList<>();
    merged.forEach((cause, found) -> causes.add(cause.with(found.blocks, found.largest)));
    causes.sort(
        Comparator.comparingLong(Coverage.HoleCause::blocks)
            .reversed()
            .thenComparing(Coverage.HoleCause::largest, LARGEST_FIRST));
    return causes;
  }

  /// What keeps the exits of a class from carrying its packets, without figures.
  private Coverage.HoleCause cause(Missing where) {
    List<String> gone = new ArrayList<>();
    List<String> away = new ArrayList<>();
    for (Side side : sides) {
      if (side.rib().family() == where.family()) {
        for (int neighbor : exitNeighbors(side.rib(), where.number())) {
          boolean usable = side.commit().liveness().isUsable(neighbor);
          (usable ? away : gone).add(neighbors.get(neighbor).name);
        }
      }
    }
    boolean everywhere = where.routers() == everyRouter();
    return new Coverage.HoleCause(
        gone, away, everywhere ? List.of() : names(where.routers()), 0, EVERYTHING);
  }

  /// The neighbors of the exit lists of a class, our own networks left out.
  private Set<Integer> exitNeighbors(CoreRib rib, int number) {
    Set<Integer> found = new TreeSet<>();
    for (int router = 0; router < routers.size(); router++) {
      for (int i = 0; i < ClassTable.LIST; i++) {
        int exit = rib.exit(number, router, i);
        if (exit != Exits.NONE && rib.exits().neighbor(exit) != Neighbor.OWN) {
          found.add(rib.exits().neighbor(exit));
        }
      }
    }
    return found;
  }

  private static int join(int one, int other) {
    if (one == NOBODY || one == other) {
      return other;
    }
    return other == NOBODY ? one : SEVERAL;
  }

  /// Who could take a prefix now: nobody, one neighbor, or several.
  private int takers(Side side, int slot) {
    CoreRib rib = side.rib();
    int number = rib.classOf(slot);
    int found = NOBODY;
    boolean complete = true;
    for (int router = 0; router < routers.size(); router++) {
      for (int i = 0; i < ClassTable.LIST; i++) {
        int exit = rib.exit(number, router, i);
        if (exit != Exits.NONE) {
          found = join(found, usableTaker(side, rib.exits().neighbor(exit)));
          complete &= i < ClassTable.LIST - 1;
        }
      }
    }
    if (found == SEVERAL || complete) {
      return found;
    }
    Decider decider = side.commit().decider();
    int count = decider.gather(slot);
    for (int i = 0; i < count; i++) {
      found = join(found, usableTaker(side, rib.grades().neighbor(decider.gathered(i))));
    }
    return found;
  }

  private static int usableTaker(Side side, int neighbor) {
    return neighbor != Neighbor.OWN && side.commit().liveness().isUsable(neighbor)
        ? neighbor
        : NOBODY;
  }

  private void addCostLeak(Side side, int slot, int cover) {
    costLeakCount++;
    if (limit > 0) {
      int direct = Tally.best(side.rib(), side.commit(), routers, side.rib().classOf(cover));
      int transit = Tally.best(side.rib(), side.commit(), routers, side.rib().classOf(slot));
      PrefixTable table = side.rib().table();
      costLeaks.add(
          new Coverage.CostLeak(
              table.prefix(slot),
              table.prefix(cover),
              neighbors.get(direct).name,
              price(direct),
              neighbors.get(transit).name,
              price(transit)));
    }
  }

  /// A prefix of which every path is rejected: its addresses follow the prefix around it.
  private void checkCoveredHole(Side side, int slot) {
    if (depth == 0 || top().own || top().length == 0) {
      return;
    }
    CoreRib rib = side.rib();
    int best = Tally.best(rib, side.commit(), routers, rib.classOf(top().slot));
    AsPath cover = rib.attributes().get(rib.column(best).get(top().slot)).asPath();
    for (int neighbor = 0; neighbor < rib.columnCount(); neighbor++) {
      int id = rib.column(neighbor).get(slot);
      if (id != 0) {
        RejectReason reason = rib.reason(neighbor, slot, id);
        long origin = Integer.toUnsignedLong(rib.attributes().get(id).asPath().originAs());
        if (reason != null && origin != 0 && !cover.contains(origin)) {
          addCoveredHole(side, slot, reason, neighbors.get(best).name);
        }
        return;
      }
    }
  }

  private void addCoveredHole(Side side, int slot, RejectReason reason, String exit) {
    coveredHoleCount++;
    if (limit > 0) {
      PrefixTable table = side.rib().table();
      coveredHoles.add(
          new Coverage.Block(
              table.prefix(slot),
              "rejected ("
                  + reason.word()
                  + "), follows "
                  + table.prefix(top().slot)
                  + " of another origin to "
                  + exit,
              exit));
    }
  }

  private List<Coverage.ExitLoss> exitLosses() {
    List<Coverage.ExitLoss> losses = new ArrayList<>();
    for (Neighbor neighbor : neighbors.configured()) {
      int index = neighbor.index;
      losses.add(
          new Coverage.ExitLoss(
              neighbor.name,
              price(index),
              moved(index),
              moved[index].ipv4.shareOf(covered.ipv4),
              moved[index].ipv6.shareOf(covered.ipv6),
              lost[index].prefixes,
              lost[index].ipv4.shareOf(covered.ipv4),
              lost[index].ipv6.shareOf(covered.ipv6)));
    }
    return losses;
  }

  private long moved(int neighbor) {
    long moved = 0;
    for (Side side : sides) {
      CoreRib rib = side.rib();
      for (int number = 1; number < rib.classCount(); number++) {
        if (rib.prefixesOf(number) > 0 && uses(side, number, neighbor)) {
          moved += rib.prefixesOf(number);
        }
      }
    }
    return moved;
  }

  private boolean uses(Side side, int number, int neighbor) {
    ClassForwarding meaning = side.commit().current(number);
    for (int router = 0; router < routers.size(); router++) {
      int exit = meaning.exit(router);
      if (exit != Exits.NONE && side.rib().exits().neighbor(exit) == neighbor) {
        return true;
      }
    }
    return false;
  }
}

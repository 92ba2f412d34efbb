package net.donut.core;

import java.util.ArrayList;
import java.util.BitSet;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import net.donut.core.answer.WhatIf;

/// Asks what a change would do: the same decision on a copy of liveness, with classes of its own.
/// Reads only.
final class WhatIfTrial {
  private record Move(int router, int from, int to) implements Comparable<Move> {
    @Override
    public int compareTo(Move other) {
      int byRouter = Integer.compare(router, other.router);
      int byFrom = byRouter != 0 ? byRouter : Integer.compare(from, other.from);
      return byFrom != 0 ? byFrom : Integer.compare(to, other.to);
    }
  }

  private static final int NOBODY = -1;

  private final List<CoverageReport.Side> sides;
  private final CoreNeighbors neighbors;
  private final Routers routers;
  private final Set<String> cutNeighbors = new HashSet<>();
  private final Set<String> cutLinks = new HashSet<>();
  private final Map<Move, Long> moves = new TreeMap<>();
  private long moved;
  private long lost;

  WhatIfTrial(
      List<CoverageReport.Side> sides,
      CoreNeighbors neighbors,
      Routers routers,
      List<WhatIf.Change> changes) {
    this.sides = sides;
    this.neighbors = neighbors;
    this.routers = routers;
    for (WhatIf.Change change : changes) {
      switch (change) {
        case WhatIf.Change.CutNeighbor(String name) -> cutNeighbors.add(neighbors.named(name).name);
        case WhatIf.Change.CutLink(String name) -> cutLinks.add(name);
      }
    }
  }

  WhatIf run() {
    sides.forEach(this::run);
    List<WhatIf.Shift> shifts = new ArrayList<>();
    moves.forEach((move, count) ->
        shifts.add(
            new WhatIf.Shift(
                routers.get(move.router()).name(), name(move.from()), name(move.to()), count)));
    return new WhatIf(shifts, moved, lost);
  }

  private String name(int neighbor) {
    return neighbor == NOBODY ? "" : neighbors.get(neighbor).name;
  }

  private void run(CoverageReport.Side side) {
    CoreRib rib = side.rib();
    Liveness then = rib.liveness(cutNeighbors, cutLinks);
    boolean costsChange = routers.size() > 2 && !then.sameDistances(side.commit().liveness());
    BitSet undecided = rib.undecided(then);
    for (int number = 1; number < rib.classCount(); number++) {
      int count = rib.prefixesOf(number);
      if (count > 0 && (costsChange || undecided.get(number))) {
        undecided.set(number);
      } else if (count > 0) {
        ClassForwarding meaning = rib.meaning(number, then);
        compare(rib, side.commit().current(number), meaning, count);
      }
    }
    decideAgain(side, then, undecided);
  }

  private void decideAgain(CoverageReport.Side side, Liveness then, BitSet undecided) {
    CoreRib rib = side.rib();
    BitSet slots = rib.slotsOf(undecided);
    ClassTable classes = rib.newClassTable();
    Decider decider = rib.decider(then, classes);
    Map<Integer, ClassForwarding> meanings = new HashMap<>();
    for (int slot = slots.nextSetBit(0); slot >= 0; slot = slots.nextSetBit(slot + 1)) {
      int number = decider.decide(slot);
      ClassForwarding meaning =
          meanings.computeIfAbsent(
              number, undecidedClass -> rib.forwarding().of(classes, undecidedClass, then));
      compare(rib, side.commit().current(rib.classOf(slot)), meaning, 1);
    }
  }

  private void compare(CoreRib rib, ClassForwarding was, ClassForwarding is, long count) {
    boolean moves = false;
    boolean loses = false;
    for (int router = 0; router < routers.size(); router++) {
      int from = neighbor(rib, was.exit(router));
      int to = neighbor(rib, is.exit(router));
      if (from != to) {
        this.moves.merge(new Move(router, from, to), count, Long::sum);
        moves |= to != NOBODY;
        loses |= to == NOBODY;
      }
    }
    moved += moves && !loses ? count : 0;
    lost += loses ? count : 0;
  }

  private static int neighbor(CoreRib rib, int exit) {
    return exit == Exits.NONE ? NOBODY : rib.exits().neighbor(exit);
  }
}

package net.donut.core.decision;

import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/// The decision of RFC 4271 §9.1.2.2 on parallel arrays: rounds that remove candidates until one is
/// left. Reused for every prefix; allocates only to grow. Owned by whoever made it.
public final class Elimination {
  /*
   * Candidate i: rank (Rank), MED with the neighbor AS it may be compared within, cost (EXTERNAL at
   * this router, else the interior cost), tie (the position in the order of BGP identifier, address
   * and name, unique). MED is no total order, so it must be a round over who is left, after rank and
   * before cost; a comparator would give results that depend on the order of arrival.
   *
   * `stage[i]` says in which round candidate i was removed, `by[i]` who removed it in the MED round.
   */
  /// The cost of a path that leaves the network at the router that decides.
  public static final int EXTERNAL = -1;

  /// Stands for all three steps of the tie order, which are one round here: whoever knows the
  /// addresses tells them apart.
  public static final Step TIE = Step.ROUTER_ID;

  private static final int BY_RANK = 1;
  private static final int BY_MED = 2;
  private static final int BY_COST = 3;
  private static final int BY_TIE = 4;
  private static final int NOT_RUNNING = 5;

  private long[] rank = new long[16];
  private long[] med = new long[16];
  private int[] as = new int[16];
  private int[] cost = new int[16];
  private int[] tie = new int[16];
  private int[] stage = new int[16];
  private int[] by = new int[16];
  private boolean[] running = new boolean[16];
  private int count;

  /// Makes room for `count` candidates, all of them running.
  public void start(int candidates) {
    count = candidates;
    if (candidates > rank.length) {
      int room = candidates * 2;
      rank = new long[room];
      med = new long[room];
      as = new int[room];
      cost = new int[room];
      tie = new int[room];
      stage = new int[room];
      by = new int[room];
      running = new boolean[room];
    }
    Arrays.fill(running, 0, count, true);
  }

  /// Says what candidate `i` is, but for its cost: `rank` as [Rank] packs it, `tie` its unique
  /// position in the order of BGP identifier, address and name.
  public void set(int i, long itsRank, long itsMed, int neighborAs, int itsTie) {
    rank[i] = itsRank;
    med[i] = itsMed;
    as[i] = neighborAs;
    tie[i] = itsTie;
  }

  /// Says what candidate `i` costs at the router that decides: [#EXTERNAL], or 0 and up.
  public void setCost(int i, int interiorCost) {
    cost[i] = interiorCost;
  }

  /// Lets all candidates run again.
  public void restart() {
    Arrays.fill(running, 0, count, true);
  }

  /// Takes a candidate out of the following decisions.
  public void exclude(int candidate) {
    running[candidate] = false;
  }

  /// The first `most` places, written to `places`: each is the winner among those that are left
  /// when the winners before it are gone. Returns how many there are.
  public int places(int[] places, int most) {
    int found = 0;
    while (found < most) {
      int winner = winner();
      if (winner < 0) {
        break;
      }
      places[found++] = winner;
      running[winner] = false;
    }
    return found;
  }

  /// The winner among the running candidates, or -1.
  public int winner() {
    int left = roundOfRank();
    if (left > 1) {
      left -= roundOfMed();
    }
    if (left > 1) {
      left -= roundOfCost();
    }
    if (left > 1) {
      roundOfTie();
    }
    for (int i = 0; i < count; i++) {
      if (stage[i] == 0) {
        return i;
      }
    }
    return -1;
  }

  /// The step at which candidate `i` lost to the winner that was decided last; null for the winner
  /// and for who did not run. [#TIE] stands for any step of the tie order.
  public @Nullable Step lostAt(int i, int winner) {
    return switch (stage[i]) {
      case BY_RANK -> Rank.step(rank[i], rank[winner]);
      case BY_MED -> Step.MED;
      case BY_COST -> cost[winner] == EXTERNAL ? Step.EXTERNAL : Step.INTERIOR_COST;
      case BY_TIE -> TIE;
      default -> null;
    };
  }

  /// Who removed a candidate that lost by MED: not always the winner.
  public int removedByMed(int i) {
    return by[i];
  }

  private int roundOfRank() {
    long best = Long.MAX_VALUE;
    for (int i = 0; i < count; i++) {
      if (running[i] && rank[i] < best) {
        best = rank[i];
      }
    }
    int left = 0;
    for (int i = 0; i < count; i++) {
      stage[i] = !running[i] ? NOT_RUNNING : rank[i] == best ? 0 : BY_RANK;
      left += stage[i] == 0 ? 1 : 0;
    }
    return left;
  }

  /// RFC 4271 §9.1.2.2(c): everybody who is left is compared with everybody who was left when the
  /// round began, so the order of comparison does not matter. The remover is the lowest MED of the
  /// AS, the first in tie order among equals.
  private int roundOfMed() {
    int removed = 0;
    for (int i = 0; i < count; i++) {
      if (stage[i] != 0) {
        continue;
      }
      int lowest = i;
      for (int j = 0; j < count; j++) {
        boolean comparable = (stage[j] == 0 || stage[j] == BY_MED) && as[j] == as[i];
        if (comparable
            && (med[j] < med[lowest] || (med[j] == med[lowest] && tie[j] < tie[lowest]))) {
          lowest = j;
        }
      }
      if (med[lowest] < med[i]) {
        stage[i] = BY_MED;
        by[i] = lowest;
        removed++;
      }
    }
    return removed;
  }

  private int roundOfCost() {
    int lowest = Integer.MAX_VALUE;
    for (int i = 0; i < count; i++) {
      if (stage[i] == 0) {
        lowest = Math.min(lowest, cost[i]);
      }
    }
    int removed = 0;
    for (int i = 0; i < count; i++) {
      if (stage[i] == 0 && cost[i] > lowest) {
        stage[i] = BY_COST;
        removed++;
      }
    }
    return removed;
  }

  private void roundOfTie() {
    int first = -1;
    for (int i = 0; i < count; i++) {
      if (stage[i] == 0 && (first < 0 || tie[i] < tie[first])) {
        first = i;
      }
    }
    for (int i = 0; i < count; i++) {
      if (stage[i] == 0 && i != first) {
        stage[i] = BY_TIE;
      }
    }
  }
}

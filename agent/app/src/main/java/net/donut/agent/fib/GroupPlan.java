package net.donut.agent.fib;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.function.Predicate;
import net.donut.model.Family;
import org.jspecify.annotations.Nullable;

/// What the kernel should hold for a group and a family of routes. Pure: a function of intent and
/// liveness.
sealed interface GroupPlan {
  /*
   * The chain of a group and its backups is a list of levels. Members that live, level by level,
   * become one kernel group whose weights give everything to the first level that lives. Weights
   * follow the whole chain, dead members included, and the dead are then left out: so the plan after
   * a link died is exactly what the kernel has made of the group by itself, and nothing is written.
   * Only where the weights do not reach to the end of the chain the living are weighed anew, so that
   * what was left out moves up.
   *
   * A member that came back and is not trusted yet stands behind all others; behind it one whose
   * session ended; and last of all the sink, where packets end.
   */

  /// A kernel group of these members.
  record Members(List<Share> shares) implements GroupPlan {
    public Members {
      shares = List.copyOf(shares);
    }
  }

  /// A kernel group that discards: asked for, or because nothing is known that leads anywhere.
  record Blackhole() implements GroupPlan {}

  /// No kernel group: the interfaces of its next hops are down, and less specific routes take over
  /// until one is back.
  record Down() implements GroupPlan {}

  record Share(FibHop hop, int weight) {}

  static GroupPlan of(Group group, Family family, Weights.Rule rule) {
    Chain chain = new Chain(family);
    for (Group at = group; at != null && !chain.closed; at = chain.follow(at)) {
      chain.add(at);
    }
    return chain.plan(rule);
  }

  /// Whether routes of a family can use a hop: IPv6 routes need an IPv6 next hop (RFC 8950 is about
  /// the other direction).
  static boolean suits(FibHop hop, Family family) {
    return !(family == Family.IPV6
        && hop.spec() instanceof HopSpec.Gateway(var address, _)
        && address.family() == Family.IPV4);
  }

  /// The levels collected so far.
  final class Chain {
    /// Those that carry where nothing better is left, the best first.
    private static final List<FibHop.Life> DOUBTFUL =
        List.of(FibHop.Life.HOLDING, FibHop.Life.WITHDRAWING, FibHop.Life.LOST);

    private final Family family;
    private final List<List<Group.Member>> levels = new ArrayList<>();
    private final Set<FibHop> seen = new HashSet<>();
    private boolean closed;
    private boolean anyDown;

    private Chain(Family family) {
      this.family = family;
    }

    private @Nullable Group follow(Group group) {
      return group.backup();
    }

    private void add(Group group) {
      List<Group.Member> level = new ArrayList<>();
      boolean discards = false;
      for (Group.Member member : group.members()) {
        if (member.hop().spec() instanceof HopSpec.Discard) {
          discards = true;
        } else if (suits(member.hop(), family) && seen.add(member.hop())) {
          level.add(member);
          anyDown |= isDown(member.hop().life());
        }
      }
      closed = discards && level.isEmpty();
      if (!level.isEmpty()) {
        levels.add(level);
      }
    }

    private static boolean isDown(FibHop.Life life) {
      return life == FibHop.Life.DOWN
          || life == FibHop.Life.ADDRESSLESS
          || life == FibHop.Life.UNREACHABLE;
    }

    private GroupPlan plan(Weights.Rule rule) {
      List<Share> shares = carrying(rule);
      if (!shares.isEmpty()) {
        return new Members(rule.leaks() ? unsunk(shares) : shares);
      }
      return closed || !anyDown ? new Blackhole() : new Down();
    }

    private List<Share> carrying(Weights.Rule rule) {
      boolean doubtful = DOUBTFUL.stream().anyMatch(life -> !of(life).isEmpty());
      if (doubtful) {
        return weigh(byTrust(), rule);
      }
      List<Share> all = weigh(levels, rule);
      return all.size() == seen.size()
          ? all.stream().filter(share -> share.hop().life().isInKernel()).toList()
          : weigh(of(FibHop.Life.LIVE), rule);
    }

    /// The members without sinks, unless nothing else is there.
    private static List<Share> unsunk(List<Share> shares) {
      List<Share> leading = shares.stream().filter(share -> !share.hop().isSink()).toList();
      return leading.isEmpty() ? shares : leading;
    }

    /// The living levels, behind them the doubtful ones, the sink.
    private List<List<Group.Member>> byTrust() {
      List<List<Group.Member>> reordered = levelsOf(hop -> is(hop, FibHop.Life.LIVE));
      DOUBTFUL.forEach(life -> reordered.addAll(of(life)));
      reordered.addAll(levelsOf(hop -> hop.isSink() && hop.life() == FibHop.Life.LIVE));
      return reordered;
    }

    private static boolean is(FibHop hop, FibHop.Life life) {
      return hop.life() == life && !hop.isSink();
    }

    private List<List<Group.Member>> of(FibHop.Life life) {
      return levelsOf(hop -> hop.life() == life);
    }

    private List<List<Group.Member>> levelsOf(Predicate<FibHop> wanted) {
      List<List<Group.Member>> found = new ArrayList<>();
      for (List<Group.Member> level : levels) {
        List<Group.Member> members =
            level.stream().filter(member -> wanted.test(member.hop())).toList();
        if (!members.isEmpty()) {
          found.add(members);
        }
      }
      return found;
    }

    private static List<Share> weigh(List<List<Group.Member>> levels, Weights.Rule rule) {
      List<long[]> relative =
          levels.stream()
              .map(level -> level.stream().mapToLong(Group.Member::weight).toArray())
              .toList();
      List<int[]> weights = Weights.of(relative, rule);
      List<Share> shares = new ArrayList<>();
      for (int level = 0; level < weights.size(); level++) {
        for (int i = 0; i < levels.get(level).size(); i++) {
          shares.add(new Share(levels.get(level).get(i).hop(), weights.get(level)[i]));
        }
      }
      return shares;
    }
  }
}

package net.donut.agent.fib;

import java.util.EnumSet;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// Which gateways are said to have failed, and by whom. Owned by `agent-fib`.
final class Adjacencies {
  /// All a source holds for failed, at one moment.
  record Verdict(Set<Adjacency> failed, Failure failure) {
    Verdict {
      failed = Set.copyOf(failed);
    }
  }

  private final Map<String, Verdict> verdicts = new HashMap<>();

  /// Takes what a source says in place of what it said before. Returns whether that differs.
  boolean put(String source, Verdict verdict) {
    Verdict before =
        verdict.failed().isEmpty() ? verdicts.remove(source) : verdicts.put(source, verdict);
    return before == null ? !verdict.failed().isEmpty() : !before.equals(verdict);
  }

  /// What changed since it was told last: how many have failed in all, which of them newly, which
  /// work again, and why those that have failed did.
  record Told(int failed, Set<Adjacency> fails, Set<Adjacency> works, Set<Failure> because) {
    boolean isNothing() {
      return fails.isEmpty() && works.isEmpty();
    }
  }

  private Set<Adjacency> told = Set.of();

  /// What is to be told now; it counts as told.
  Told tell() {
    Set<Adjacency> failed = new HashSet<>();
    Set<Failure> because = EnumSet.noneOf(Failure.class);
    verdicts
        .values()
        .forEach(verdict -> {
          failed.addAll(verdict.failed());
          because.add(verdict.failure());
        });
    Set<Adjacency> fails = new HashSet<>(failed);
    fails.removeAll(told);
    Set<Adjacency> works = new HashSet<>(told);
    works.removeAll(failed);
    told = failed;
    return new Told(failed.size(), fails, works, because);
  }

  /// The worst that is said of a gateway, or null.
  @Nullable Failure failureOf(HopSpec.Gateway spec, FibHop.Path path) {
    Failure worst = null;
    for (Verdict verdict : verdicts.values()) {
      boolean worse = worst == null || verdict.failure().compareTo(worst) > 0;
      if (worse && verdict.failed().stream().anyMatch(adjacency -> adjacency.isOf(spec, path))) {
        worst = verdict.failure();
      }
    }
    return worst;
  }
}

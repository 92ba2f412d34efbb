package net.donut.controller.rib;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import net.donut.controller.policy.PolicyDocument;
import net.donut.controller.state.SavedOverride;
import net.donut.core.Engine;
import net.donut.core.RouteOverride;

/// The overrides of operators in time: each ends when it is due. The engine holds them. Owned by
/// `rib`.
final class TimedOverrides {
  private final Engine engine;
  private final InstantSource clock;
  private long next = Long.MAX_VALUE;

  TimedOverrides(Engine engine, InstantSource clock) {
    this.engine = engine;
    this.clock = clock;
  }

  /// Takes up what a controller before this one kept. What is over, or by a neighbor that is gone,
  /// is left out.
  void restore(List<SavedOverride> saved, PolicyDocument policy, long now) {
    Instant today = clock.instant();
    for (SavedOverride one : saved) {
      if (one.until().isAfter(today) && policy.neighbor(one.neighbor()) != null) {
        add(one, now);
      }
    }
  }

  void add(SavedOverride one, long now) {
    long until = now + Duration.between(clock.instant(), one.until()).toNanos();
    engine.override(new RouteOverride(one.prefix(), one.neighbor(), until));
    next = Math.min(next, until);
  }

  /// What stands, to be kept.
  List<SavedOverride> saved(long now) {
    Instant today = clock.instant();
    return engine.overrides().stream()
        .map(one ->
            new SavedOverride(one.prefix(), one.neighbor(), today.plusNanos(one.until() - now)))
        .toList();
  }

  /// Ends what is due, and returns it.
  List<RouteOverride> endDue(long now) {
    if (now < next) {
      return List.of();
    }
    List<RouteOverride> due = new ArrayList<>(engine.overrides());
    due.removeIf(one -> one.until() > now);
    due.forEach(one -> engine.endOverride(one.prefix()));
    next = engine.overrides().stream().mapToLong(RouteOverride::until).min().orElse(Long.MAX_VALUE);
    return due;
  }

  /// When the next may be due; Long.MAX_VALUE for never. Early where an operator ended or prolonged
  /// one.
  long nextEnd() {
    return next;
  }
}

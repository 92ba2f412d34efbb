package net.donut.controller.rib;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/// What operators are told of progress, each at most once a second: how many prefixes moved, and
/// the latest generation that every agent has. Owned by `rib`.
final class Milestones {
  private static final long LEAST_NANOS = TimeUnit.SECONDS.toNanos(1);

  /// A kind of event, and its text.
  record Line(String kind, String text) {}

  private long moved;
  private long movedAt;
  private long settled;
  private long settledTold;
  private long settledAt;

  Milestones(long now) {
    movedAt = now - LEAST_NANOS;
    settledAt = now - LEAST_NANOS;
  }

  void moved(long prefixes) {
    moved += prefixes;
  }

  void settled(long generation) {
    settled = generation;
  }

  /// What is to be told now.
  List<Line> due(long now) {
    List<Line> lines = new ArrayList<>();
    boolean telling = settled != settledTold && now - settledAt >= LEAST_NANOS;
    if (moved > 0 && (telling || now - movedAt >= LEAST_NANOS)) {
      lines.add(
          new Line(
              "routes",
              "%,d %s another way now"
                  .formatted(moved, moved == 1 ? "prefix goes" : "prefixes go")));
      moved = 0;
      movedAt = now;
    }
    if (telling) {
      lines.add(
          new Line(
              "converged", "every router has every change (generation %d)".formatted(settled)));
      settledTold = settled;
      settledAt = now;
    }
    return lines;
  }

  /// When something is due, as far as it is known; Long.MAX_VALUE for never.
  long next() {
    long next = moved > 0 ? movedAt + LEAST_NANOS : Long.MAX_VALUE;
    return settled == settledTold ? next : Math.min(next, settledAt + LEAST_NANOS);
  }
}

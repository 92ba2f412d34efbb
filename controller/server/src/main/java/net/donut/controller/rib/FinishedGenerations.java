package net.donut.controller.rib;

import java.util.ArrayDeque;
import java.util.Collection;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import net.donut.controller.southbound.Report;
import net.donut.controller.southbound.StageTickets;

/// Up to which generation every router has done its part, or had time enough: an announcement of a
/// later one would attract packets that a router on the way does not forward yet. Owned by `rib`.
final class FinishedGenerations {
  /// A router that does not acknowledge holds up the announcements of others no longer than this;
  /// its own wait for it.
  static final long BOUND_NANOS = TimeUnit.SECONDS.toNanos(30);

  private record Part(long generation, long ticket, long since) {}

  private final ArrayDeque<Part> open = new ArrayDeque<>();
  private long done;

  /// A change with these stages was handed out.
  void add(long generation, IntStream stages, long now) {
    StageTickets tickets = new StageTickets(generation);
    open.add(new Part(generation, stages.mapToLong(tickets::of).max().orElse(0), now));
  }

  /// The latest generation that is done.
  long advance(Collection<Report.Progress> progress, long now) {
    while (!open.isEmpty()) {
      Part first = open.getFirst();
      boolean acknowledged = Report.Progress.allHave(progress, first.generation(), first.ticket());
      if (!acknowledged && now - first.since() < BOUND_NANOS) {
        break;
      }
      done = first.generation();
      open.removeFirst();
    }
    return done;
  }

  /// When [#advance] has something to do at the latest, in nanoseconds of `System.nanoTime`.
  long nextLook() {
    return open.isEmpty() ? Long.MAX_VALUE : open.getFirst().since() + BOUND_NANOS;
  }
}

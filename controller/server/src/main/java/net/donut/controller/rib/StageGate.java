package net.donut.controller.rib;

import java.util.ArrayDeque;
import java.util.Collection;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import net.donut.controller.southbound.Report;
import net.donut.controller.southbound.StageTickets;

/// Lets the later stages of a change go once every router has done the earlier ones, or after a
/// short wait: exits are programmed before the routers that use them. Owned by `rib`.
final class StageGate {
  static final long BOUND_NANOS = TimeUnit.MILLISECONDS.toNanos(250);

  private record Stage(long ticket, long generation) {}

  private final ArrayDeque<Stage> waiting = new ArrayDeque<>();
  private long open;
  private long since;

  /// A change with these stages was handed out.
  void add(long generation, IntStream stages, long now) {
    StageTickets tickets = new StageTickets(generation);
    if (waiting.isEmpty()) {
      since = now;
    }
    stages
        .filter(stage -> stage > 0)
        .mapToLong(tickets::of)
        .distinct()
        .sorted()
        .forEach(ticket -> waiting.add(new Stage(ticket, generation)));
  }

  /// The ticket that is open now; it grows when `progress` or time allow.
  long advance(Collection<Report.Progress> progress, long now) {
    while (!waiting.isEmpty()) {
      Stage head = waiting.getFirst();
      boolean done = Report.Progress.allHave(progress, head.generation(), open);
      if (!done && now - since < BOUND_NANOS) {
        break;
      }
      waiting.removeFirst();
      open = head.ticket();
      since = now;
    }
    return open;
  }

  boolean isWaiting() {
    return !waiting.isEmpty();
  }
}

package net.donut.controller.rib;

import java.util.ArrayList;
import java.util.List;
import net.donut.model.queue.Outbox;

/// The events that wait for one watching operator. When they are too many the oldest go, and one
/// event says how many.
public final class Watcher {
  private static final int MOST = 1024;
  private static final long LOST = -1;

  private final Outbox<Long, OperatorEvent> waiting = new Outbox<>();
  private long next;
  private long lost;

  public Watcher() {}

  /// Called by the owner of the events.
  void put(OperatorEvent event) {
    if (waiting.size() >= MOST) {
      lost += waiting.drain(MOST / 4).keySet().stream().filter(key -> key != LOST).count();
      OperatorEvent notice =
          new OperatorEvent(
              event.unixNs(), "notice", "", "", "lost " + lost + " events", event.generation());
      waiting.put(LOST, notice);
    }
    waiting.put(next++, event);
  }

  /// Waits for events, at most so long, and takes them.
  public List<OperatorEvent> take(long millis) throws InterruptedException {
    return waiting.awaitMillis(millis) ? new ArrayList<>(waiting.drain(256).values()) : List.of();
  }
}

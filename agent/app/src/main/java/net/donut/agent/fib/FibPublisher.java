package net.donut.agent.fib;

import java.util.List;

/// What the rest of the agent hears of forwarding: events as they happen, and the latest counters
/// and links for any thread. Written by its owner, `agent-fib`.
final class FibPublisher {
  /// What other threads may read at any time.
  record Published(FibCounters counters, List<LinkStatus> links) {}

  private final FibListener listener;
  private volatile Published published = new Published(FibCounters.NONE, List.of());

  FibPublisher(FibListener listener) {
    this.listener = listener;
  }

  /// Usable from any thread.
  Published published() {
    return published;
  }

  void tell(FibEvent event) {
    listener.changed(event);
  }

  void notice(String text) {
    FibLog.notice(text);
    tell(new FibEvent.Notice(text));
  }

  void link(LinkStatus link) {
    tell(new FibEvent.LinkChanged(link));
  }

  void links(List<LinkStatus> links) {
    published = new Published(published.counters(), links);
  }

  void counters(FibCounters counters) {
    if (!counters.equals(published.counters())) {
      published = new Published(counters, published.links());
      tell(new FibEvent.CountersChanged(counters));
    }
  }
}

package net.donut.agent.rib;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import net.donut.model.Family;
import org.jspecify.annotations.Nullable;

/// A subscriber to every Adj-RIB-In, and how far it was told of each. Owned by `agent-rib`.
final class RouteWatcher {
  private final RouteSubscriber subscriber;
  private final List<RouteFlow> flows = new ArrayList<>();
  private final ArrayDeque<String> removed = new ArrayDeque<>();
  private int turn;

  RouteWatcher(RouteSubscriber subscriber) {
    this.subscriber = subscriber;
  }

  RouteSubscriber subscriber() {
    return subscriber;
  }

  void added(RibSession session) {
    for (Family family : Family.values()) {
      flows.add(new RouteFlow(session.name(), session.in(family)));
    }
  }

  void removed(String session) {
    removed.add(session);
    for (RouteFlow flow : List.copyOf(flows)) {
      if (flow.session().equals(session)) {
        flow.close();
        flows.remove(flow);
      }
    }
  }

  void close() {
    flows.forEach(RouteFlow::close);
    flows.clear();
  }

  /// Routes waiting, without those of a snapshot in progress.
  int waiting() {
    int waiting = 0;
    for (RouteFlow flow : flows) {
      waiting += flow.waiting();
    }
    return waiting;
  }

  /// Whether routes were kept back for a batch worth sending.
  boolean isGathering() {
    return flows.stream().anyMatch(RouteFlow::isGathering);
  }

  /// Tells the subscriber up to `most` pieces while it is ready. Returns whether there may be more
  /// that could be told now.
  boolean tell(int most, long nowNanos) {
    for (int i = 0; i < most; i++) {
      if (!subscriber.isReady()) {
        return false;
      }
      RouteDelta delta = next(nowNanos);
      if (delta == null) {
        return false;
      }
      subscriber.next(delta);
    }
    return true;
  }

  private @Nullable RouteDelta next(long nowNanos) {
    String gone = removed.poll();
    if (gone != null) {
      return new RouteDelta.Removed(gone);
    }
    for (RouteFlow flow : flows) {
      RouteDelta delta = flow.nextBadNews();
      if (delta != null) {
        return delta;
      }
    }
    for (int i = 0; i < flows.size(); i++) {
      turn = (turn + 1) % flows.size();
      RouteDelta delta = flows.get(turn).nextGathered(nowNanos);
      if (delta != null) {
        return delta;
      }
    }
    return null;
  }
}

package net.donut.agent.rib;

import java.util.ArrayDeque;
import net.donut.model.Family;
import org.jspecify.annotations.Nullable;

/// A subscriber that is told once what is announced to one session. Owned by `agent-rib`.
final class AdvertisedListing {
  private final String session;
  private final RouteSubscriber subscriber;
  private final ArrayDeque<RouteFlow> flows = new ArrayDeque<>();

  AdvertisedListing(RibSession session, RouteSubscriber subscriber) {
    this.session = session.name();
    this.subscriber = subscriber;
    for (Family family : Family.values()) {
      flows.add(new RouteFlow(session.name(), session.out(family)));
    }
  }

  boolean isEnded() {
    return flows.isEmpty();
  }

  /// Ends with its session. Returns whether it did.
  boolean endIfOf(String name) {
    if (!session.equals(name)) {
      return false;
    }
    close();
    subscriber.completed();
    return true;
  }

  /// Ends because its subscriber left. Returns whether it did.
  boolean endIfFor(RouteSubscriber gone) {
    if (!subscriber.equals(gone)) {
      return false;
    }
    close();
    return true;
  }

  private void close() {
    flows.forEach(RouteFlow::close);
    flows.clear();
  }

  /// Tells the subscriber up to `most` pieces while it is ready. Returns whether there may be more.
  boolean tell(int most) {
    for (int i = 0; i < most && subscriber.isReady(); i++) {
      RouteFlow flow = flows.peek();
      if (flow == null) {
        return false;
      }
      RouteDelta delta = next(flow);
      if (delta != null) {
        subscriber.next(delta);
      }
      if (flow.isCompleted()) {
        flow.close();
        flows.remove();
        if (flows.isEmpty()) {
          subscriber.completed();
        }
      }
    }
    return subscriber.isReady() && !flows.isEmpty();
  }

  private static @Nullable RouteDelta next(RouteFlow flow) {
    RouteDelta bad = flow.nextBadNews();
    return bad != null ? bad : flow.nextRoutes();
  }
}

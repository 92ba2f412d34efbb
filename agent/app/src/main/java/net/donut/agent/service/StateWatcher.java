package net.donut.agent.service;

import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.Map;
import net.donut.agent.fib.RouteTrouble;
import net.donut.api.agent.v1.RouteStates;
import net.donut.api.agent.v1.StateEvent;
import net.donut.model.Prefix;
import org.jspecify.annotations.Nullable;

/// A subscriber to state and what it has not been told yet: the latest event of each key and the
/// latest state of each route in trouble, bad news first. Owned by `agent-state`.
final class StateWatcher {
  private static final int ROUTES_AN_EVENT = 500;

  private final StateSubscriber subscriber;
  private final Map<String, StateEvent> bad = new LinkedHashMap<>();
  private final Map<String, StateEvent> other = new LinkedHashMap<>();
  private final Map<RouteKey, RouteTrouble> routes = new LinkedHashMap<>();

  /// A route of the agent.
  record RouteKey(String networkInstance, Prefix prefix) {
    static RouteKey of(RouteTrouble trouble) {
      return new RouteKey(trouble.networkInstance(), trouble.prefix());
    }
  }

  enum News {
    BAD,
    OTHER
  }

  StateWatcher(StateSubscriber subscriber) {
    this.subscriber = subscriber;
  }

  StateSubscriber subscriber() {
    return subscriber;
  }

  void put(String key, StateEvent event, News news) {
    if (news == News.BAD) {
      other.remove(key);
      bad.put(key, event);
    } else if (bad.containsKey(key)) {
      bad.remove(key);
      other.put(key, event);
    } else {
      other.put(key, event);
    }
  }

  void put(RouteTrouble trouble) {
    routes.put(RouteKey.of(trouble), trouble);
  }

  int waiting() {
    return bad.size() + routes.size() + other.size();
  }

  void tell() {
    while (subscriber.isReady()) {
      StateEvent event = take(bad);
      event = event == null ? takeRoutes() : event;
      event = event == null ? take(other) : event;
      if (event == null) {
        return;
      }
      subscriber.next(event);
    }
  }

  private @Nullable StateEvent takeRoutes() {
    if (routes.isEmpty()) {
      return null;
    }
    RouteStates.Builder states = RouteStates.newBuilder();
    Iterator<RouteTrouble> all = routes.values().iterator();
    while (all.hasNext() && states.getRoutesCount() < ROUTES_AN_EVENT) {
      states.addRoutes(StateMapping.route(all.next()));
      all.remove();
    }
    return AgentState.event().setRoutes(states).build();
  }

  private static @Nullable StateEvent take(Map<String, StateEvent> events) {
    Iterator<StateEvent> all = events.values().iterator();
    if (!all.hasNext()) {
      return null;
    }
    StateEvent first = all.next();
    all.remove();
    return first;
  }
}

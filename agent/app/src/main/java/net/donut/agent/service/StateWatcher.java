package net.donut.agent.service;

import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.Map;
import net.donut.api.agent.v1.StateEvent;
import org.jspecify.annotations.Nullable;

/// A subscriber to state and what it has not been told yet: the latest event a key, bad news first.
/// Owned by `agent-state`.
final class StateWatcher {
  private final StateSubscriber subscriber;
  private final Map<String, StateEvent> bad = new LinkedHashMap<>();
  private final Map<String, StateEvent> other = new LinkedHashMap<>();

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

  int waiting() {
    return bad.size() + other.size();
  }

  void tell() {
    while (subscriber.isReady()) {
      StateEvent event = take(bad);
      event = event == null ? take(other) : event;
      if (event == null) {
        return;
      }
      subscriber.next(event);
    }
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

package net.donut.core;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import net.donut.core.policy.Policy;
import net.donut.core.policy.RouterConfig;

/// The routers by number and by name. A number is never given to another name. Owned by the
/// engine's thread.
final class Routers {
  /// As many as fit in the bits of a long.
  static final int MOST = 64;

  private final List<RouterState> all = new ArrayList<>();
  private final Map<String, Integer> indexes = new HashMap<>();
  private Set<String> configured = Set.of();

  void configure(Policy policy) {
    TreeSet<String> names = new TreeSet<>();
    for (RouterConfig router : policy.routers()) {
      names.add(router.name());
      if (!indexes.containsKey(router.name())) {
        if (all.size() == MOST) {
          throw new IllegalArgumentException("routers: more than " + MOST + " since the start");
        }
        indexes.put(router.name(), all.size());
        all.add(new RouterState(router.name()));
      }
    }
    configured = names;
  }

  /// One more than the largest number.
  int size() {
    return all.size();
  }

  RouterState get(int index) {
    return all.get(index);
  }

  boolean isConfigured(int index) {
    return configured.contains(all.get(index).name());
  }

  /// Throws IllegalArgumentException naming those known.
  int index(String name) {
    Integer index = indexes.get(name);
    if (index == null || !configured.contains(name)) {
      throw new IllegalArgumentException(
          "router: " + name + " (expected: one of " + configured + ")");
    }
    return index;
  }
}

package net.donut.agent.rib;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import net.donut.model.Family;
import net.donut.model.PathAttributes;
import net.donut.model.Prefix;

/// A subscriber that rebuilds the routes from what it is told, as a controller does: what was
/// cleared stays in use until the end marker of the new epoch sweeps it.
final class FakeSubscriber implements RouteSubscriber {
  record Key(String session, Family family) {}

  private record Told(PathAttributes attributes, long epoch) {}

  final List<RouteDelta> deltas = new ArrayList<>();
  private final Map<Key, Map<Prefix, Told>> routes = new HashMap<>();
  private final Map<Key, Long> epochs = new HashMap<>();
  int credit = Integer.MAX_VALUE;
  int completions;

  @Override
  public boolean isReady() {
    return credit > 0;
  }

  @Override
  public void completed() {
    completions++;
  }

  @Override
  public void next(RouteDelta delta) {
    credit--;
    deltas.add(delta);
    switch (delta) {
      case RouteDelta.Removed(var session) -> {
        routes.keySet().removeIf(key -> key.session().equals(session));
        epochs.keySet().removeIf(key -> key.session().equals(session));
      }
      case RouteDelta.Cleared(var session, var family, var epoch) -> {
        long before = epochs.getOrDefault(new Key(session, family), 1L);
        if (epoch <= before) {
          throw new IllegalStateException("epoch: " + epoch + " (expected: above " + before + ")");
        }
        epochs.put(new Key(session, family), epoch);
      }
      case RouteDelta.Withdrawn(var session, var family, _, var prefixes) ->
          prefixes.forEach(table(session, family)::remove);
      case RouteDelta.Announced(var session, var family, var epoch, var groups) -> {
        for (RouteDelta.Group group : groups) {
          for (Prefix prefix : group.prefixes()) {
            table(session, family).put(prefix, new Told(group.attributes(), epoch));
          }
        }
      }
      case RouteDelta.Completed(var session, var family, var epoch) ->
          table(session, family).values().removeIf(told -> told.epoch() < epoch);
    }
  }

  private Map<Prefix, Told> table(String session, Family family) {
    return routes.computeIfAbsent(new Key(session, family), _ -> new HashMap<>());
  }

  /// The routes in use, those of older epochs included.
  Map<Prefix, PathAttributes> routes(String session, Family family) {
    Map<Prefix, PathAttributes> result = new HashMap<>();
    table(session, family).forEach((prefix, told) -> result.put(prefix, told.attributes()));
    return result;
  }

  long completed(String session, Family family) {
    return deltas.stream()
        .filter(delta ->
            delta instanceof RouteDelta.Completed(var s, var f, _)
                && s.equals(session)
                && f == family)
        .count();
  }
}

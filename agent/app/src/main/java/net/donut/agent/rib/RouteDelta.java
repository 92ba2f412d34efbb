package net.donut.agent.rib;

import java.util.List;
import net.donut.model.Family;
import net.donut.model.PathAttributes;
import net.donut.model.Prefixes;

/// A piece of the difference between what a subscriber was told and what is. The rules of epochs
/// and end markers are those of `WatchRoutes` in agent.proto.
public sealed interface RouteDelta {
  String session();

  /// Everything told of this family is void; `epoch` is the one that begins.
  record Cleared(String session, Family family, long epoch) implements RouteDelta {}

  record Withdrawn(String session, Family family, long epoch, Prefixes prefixes)
      implements RouteDelta {}

  record Announced(String session, Family family, long epoch, List<Group> groups)
      implements RouteDelta {
    public Announced {
      groups = List.copyOf(groups);
    }
  }

  /// Prefixes with one attribute set. `id` stands for `attributes` as long as `generation` is the
  /// same.
  record Group(int id, int generation, PathAttributes attributes, Prefixes prefixes) {}

  /// The snapshot of this epoch is complete.
  record Completed(String session, Family family, long epoch) implements RouteDelta {}

  /// The session is no longer configured.
  record Removed(String session) implements RouteDelta {}
}

package net.donut.core;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import net.donut.core.change.Delta;
import net.donut.core.change.ExportBlock;
import net.donut.core.change.Hop;
import net.donut.core.change.HopGroup;
import net.donut.core.change.OverrideEnd;
import net.donut.core.change.RouteBlock;
import net.donut.core.change.RouterDelta;
import net.donut.core.change.RouterView;
import net.donut.model.PathAttributes;
import net.donut.model.Prefix;

/// Routers and neighbors that do what deltas say, and complain when that is not possible.
final class Mirror {
  /// What one router has.
  static final class Router {
    final Map<Integer, Hop> hops = new HashMap<>();
    final Map<Long, HopGroup> groups = new HashMap<>();
    final Map<Prefix, Long> routes = new HashMap<>();
    final Map<Prefix, OverrideEnd> ends = new HashMap<>();

    void apply(RouterDelta delta) {
      delta.hops().forEach(hop -> hops.put(hop.index(), hop.hop()));
      delta.groups().forEach(this::set);
      delta.routes().forEach(this::apply);
      delta.overrideEnds().forEach(this::apply);
      for (long id : delta.removedGroups()) {
        assertThat(groups.remove(id)).as("group removed").isNotNull();
        assertThat(routes.values()).as("routes of a removed group").doesNotContain(id);
        assertThat(ends.values()).extracting(OverrideEnd::group).doesNotContain(id);
        assertThat(groups.values()).extracting(HopGroup::backup).doesNotContain(id);
      }
      for (int index : delta.removedHops()) {
        assertThat(hops.remove(index)).as("hop removed").isNotNull();
        assertThat(groups.values()).extracting(HopGroup::hop).doesNotContain(index);
      }
    }

    void set(HopGroup group) {
      assertThat(hops).containsKey(group.hop());
      if (group.backup() != 0) {
        assertThat(groups).containsKey(group.backup());
      }
      groups.put(group.id(), group);
    }

    /// Ends an override by itself, as a router does that hears nobody.
    void end(Prefix prefix) {
      OverrideEnd end = ends.remove(prefix);
      if (end != null) {
        routes.put(prefix, end.group());
      }
    }

    void apply(OverrideEnd end) {
      if (end.group() == 0) {
        assertThat(ends.remove(end.prefix())).as("end of %s", end.prefix()).isNotNull();
      } else {
        assertThat(groups).containsKey(end.group());
        assertThat(ends.put(end.prefix(), end)).isNotEqualTo(end);
      }
    }

    private void apply(RouteBlock block) {
      for (int i = 0; i < block.prefixes().size(); i++) {
        Prefix prefix = block.prefixes().get(i);
        long group = block.groups()[i];
        if (group == 0) {
          assertThat(routes.remove(prefix)).as("route removed: %s", prefix).isNotNull();
        } else {
          assertThat(groups).containsKey(group);
          Long before = routes.put(prefix, group);
          assertThat(Objects.equals(before, group)).as("repeated route of %s", prefix).isFalse();
        }
      }
    }

    List<Hop> hops(Prefix prefix) {
      return hopsOf(routes.getOrDefault(prefix, 0L));
    }

    /// The hops of a prefix by name: a neighbor, `via` a router, or `discard`.
    List<String> hopNames(Prefix prefix) {
      return hops(prefix).stream()
          .map(hop ->
              switch (hop) {
                case Hop.Local local -> local.neighbor();
                case Hop.Via via -> "via " + via.router();
                case Hop.Discard _ -> "discard";
              })
          .toList();
    }

    /// The chain of a group, 0 for none.
    List<Hop> hopsOf(long first) {
      List<Hop> found = new ArrayList<>();
      long id = first;
      while (id != 0) {
        HopGroup group = groups.getOrDefault(id, new HopGroup(0, 0, 0));
        found.add(hops.getOrDefault(group.hop(), new Hop.Discard()));
        id = group.backup();
      }
      return found;
    }
  }

  final Map<String, Router> routers = new HashMap<>();
  final Map<String, Map<Prefix, PathAttributes>> told = new HashMap<>();

  Router router(String name) {
    return routers.computeIfAbsent(name, unseen -> new Router());
  }

  Map<Prefix, PathAttributes> told(String neighbor) {
    return told.computeIfAbsent(neighbor, unseen -> new HashMap<>());
  }

  void apply(Delta delta) {
    delta.routers().forEach(router -> router(router.router()).apply(router));
    delta.exports().forEach(this::apply);
  }

  private void apply(ExportBlock block) {
    Map<Prefix, PathAttributes> known = told(block.neighbor());
    for (Prefix prefix : block.prefixes()) {
      switch (block) {
        case ExportBlock.Announce(var _, var _, var attributes) ->
            assertThat(known.put(prefix, attributes))
                .as("%s to %s", prefix, block.neighbor())
                .isNotEqualTo(attributes);
        case ExportBlock.Withdraw _ ->
            assertThat(known.remove(prefix))
                .as("%s withdrawn from %s", prefix, block.neighbor())
                .isNotNull();
      }
    }
  }

  /// What a router has after it was told everything anew.
  static Router of(RouterView view) {
    Router router = new Router();
    view.hops().forEach(hop -> router.hops.put(hop.index(), hop.hop()));
    view.groups().forEach(router::set);
    view.routes().forEach(router::apply);
    view.overrideEnds().forEach(router::apply);
    return router;
  }
}

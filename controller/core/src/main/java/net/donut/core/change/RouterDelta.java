package net.donut.core.change;

import java.util.List;

/// What changed for one router, to be sent in the order of the components: `groups` holds backups
/// before those that use them, `removedGroups` users before backups.
public record RouterDelta(
    String router,
    List<NumberedHop> hops,
    List<HopGroup> groups,
    List<RouteBlock> routes,
    List<OverrideEnd> overrideEnds,
    List<Long> removedGroups,
    List<Integer> removedHops) {

  public RouterDelta {
    hops = List.copyOf(hops);
    groups = List.copyOf(groups);
    routes = List.copyOf(routes);
    overrideEnds = List.copyOf(overrideEnds);
    removedGroups = List.copyOf(removedGroups);
    removedHops = List.copyOf(removedHops);
  }

  public boolean isEmpty() {
    return hops.isEmpty()
        && groups.isEmpty()
        && routes.isEmpty()
        && overrideEnds.isEmpty()
        && removedGroups.isEmpty()
        && removedHops.isEmpty();
  }
}

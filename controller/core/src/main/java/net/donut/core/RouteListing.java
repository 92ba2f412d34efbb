package net.donut.core;

import java.util.ArrayList;
import java.util.List;
import net.donut.core.answer.RoutePage;
import net.donut.core.answer.RouteQuery;
import net.donut.core.answer.RouteView;
import net.donut.model.Family;
import net.donut.model.Prefix;
import net.donut.model.table.PrefixTable;

/// Lists routes by page in the order of prefixes. Reads only.
final class RouteListing {
  private final RouteInspection ipv4;
  private final RouteInspection ipv6;
  private final CoreNeighbors neighbors;

  RouteListing(RouteInspection ipv4, RouteInspection ipv6, CoreNeighbors neighbors) {
    this.ipv4 = ipv4;
    this.ipv6 = ipv6;
    this.neighbors = neighbors;
  }

  RoutePage page(RouteQuery query) {
    int neighbor = query.neighbor() == null ? -1 : neighbors.named(query.neighbor()).index;
    List<RouteView> routes = new ArrayList<>();
    for (RouteInspection side : List.of(ipv4, ipv6)) {
      if (isAsked(query, side.table().family())) {
        int[] slots = slots(query, side.table());
        for (int i = after(query, side.table(), slots); i < slots.length; i++) {
          if (matches(query, side, slots[i], neighbor)) {
            if (routes.size() == query.limit()) {
              return new RoutePage(routes, routes.getLast().prefix());
            }
            routes.add(route(side, slots[i], query));
          }
        }
      }
    }
    return new RoutePage(routes, null);
  }

  private static boolean isAsked(RouteQuery query, Family family) {
    Prefix after = query.after();
    boolean passed = after != null && after.family() == Family.IPV6 && family == Family.IPV4;
    return !passed && (query.prefix() == null || query.prefix().family() == family);
  }

  private static int[] slots(RouteQuery query, PrefixTable table) {
    Prefix prefix = query.prefix();
    if (prefix == null) {
      return table.sortedSlots();
    }
    if (query.match() == RouteQuery.Match.LONGER) {
      return table.slotsWithin(prefix);
    }
    int slot = table.find(prefix);
    return slot == PrefixTable.NONE ? new int[0] : new int[] {slot};
  }

  /// The first position behind `query.after()`.
  private static int after(RouteQuery query, PrefixTable table, int[] slots) {
    Prefix after = query.after();
    if (after == null || after.family() != table.family()) {
      return 0;
    }
    int low = 0;
    int high = slots.length;
    while (low < high) {
      int middle = (low + high) >>> 1;
      if (table.prefix(slots[middle]).compareTo(after) <= 0) {
        low = middle + 1;
      } else {
        high = middle;
      }
    }
    return low;
  }

  private boolean matches(RouteQuery query, RouteInspection side, int slot, int neighbor) {
    if (neighbor >= 0 && side.rib().column(neighbor).get(slot) == 0) {
      return false;
    }
    if (query.relation() == null) {
      return true;
    }
    int best = side.best(slot);
    return best >= 0 && neighbors.get(best).relation() == query.relation();
  }

  private static RouteView route(RouteInspection side, int slot, RouteQuery query) {
    RouteView all = side.route(slot);
    return query.neighbor() == null
        ? all
        : new RouteView(
            all.prefix(),
            all.paths().stream().filter(path -> path.neighbor().equals(query.neighbor())).toList());
  }
}

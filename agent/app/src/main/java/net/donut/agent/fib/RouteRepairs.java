package net.donut.agent.fib;

import net.donut.model.Prefix;

/// Puts right what others did to routes of ours. Owned by `agent-fib`.
final class RouteRepairs {
  private final RoutePlane routes;
  private final Drift drift;

  RouteRepairs(RoutePlane routes, Drift drift) {
    this.routes = routes;
    this.drift = drift;
  }

  /// Puts right a route that a dump showed to differ from what is known. Verified against the view
  /// of now, so that changes made since the dump are not undone.
  void repair(Audit.Finding finding) {
    Instance instance = routes.instance(finding.table());
    if (instance == null) {
      return;
    }
    Prefix prefix = finding.prefix();
    RouteTable table = instance.routes(prefix.family());
    int slot = routes.settledSlot(table, prefix.high(), prefix.low(), prefix.length());
    if (table.kernel(slot) != finding.known()) {
      table.releaseIfEmpty(slot);
      return;
    }
    boolean intended = table.intent(slot) != 0;
    table.setKernel(slot, finding.found());
    if (table.state(slot) == RouteTable.State.CONFLICT && finding.found() != 0) {
      table.setState(slot, RouteTable.State.GOOD, ""); // It is ours after all.
    }
    if (intended && table.state(slot) == RouteTable.State.GOOD) {
      drift.routeRepaired(table, prefix);
      routes.send(table, slot, (_, _) -> {}, 0);
    } else if (!intended && routes.isSwept() && finding.found() != 0) {
      drift.routeRepaired(table, prefix);
      routes.send(table, slot, (_, _) -> {}, 0);
    } else {
      table.releaseIfEmpty(slot);
    }
  }
}

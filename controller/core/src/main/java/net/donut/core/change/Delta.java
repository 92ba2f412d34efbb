package net.donut.core.change;

import java.util.List;

/// Everything that changed since the commit before: one entry per router with changes, in the order
/// of the policy, and exports in the order in which they are to be sent. `moved` counts the
/// prefixes whose best path went to another neighbor, at any router, or appeared or vanished.
public record Delta(
    long generation, List<RouterDelta> routers, List<ExportBlock> exports, long moved) {

  public Delta {
    routers = List.copyOf(routers);
    exports = List.copyOf(exports);
  }

  public boolean isEmpty() {
    return routers.isEmpty() && exports.isEmpty();
  }
}

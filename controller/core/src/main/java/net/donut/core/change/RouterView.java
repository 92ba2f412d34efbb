package net.donut.core.change;

import java.util.List;

/// The complete intended state of one router as of the last commit: what an empty router would have
/// to be sent, in this order.
public record RouterView(
    String router,
    List<NumberedHop> hops,
    List<HopGroup> groups,
    List<RouteBlock> routes,
    List<OverrideEnd> overrideEnds,
    List<ExportBlock.Announce> exports) {

  public RouterView {
    hops = List.copyOf(hops);
    groups = List.copyOf(groups);
    routes = List.copyOf(routes);
    overrideEnds = List.copyOf(overrideEnds);
    exports = List.copyOf(exports);
  }
}

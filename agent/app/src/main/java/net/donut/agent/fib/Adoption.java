package net.donut.agent.fib;

import net.donut.netlink.KernelGroup;
import net.donut.netlink.KernelRouteView;
import net.donut.netlink.NetlinkSocket;
import net.donut.netlink.NextHopObject;
import net.donut.netlink.RouteFilter;
import net.donut.netlink.RouteVisitor;

/// Takes over what an earlier agent left in the kernel: objects and routes under our protocol
/// number, kept until a client asks for them or they are swept. Owned by `agent-fib`.
final class Adoption {
  private final FibOptions options;
  private final NetlinkSocket socket;
  private final KernelObjects objects;
  private final KernelIds ids;
  private final RoutePlane routes;

  Adoption(
      FibOptions options,
      NetlinkSocket socket,
      KernelObjects objects,
      KernelIds ids,
      RoutePlane routes) {
    this.options = options;
    this.socket = socket;
    this.objects = objects;
    this.ids = ids;
    this.routes = routes;
  }

  void run() {
    long start = System.nanoTime();
    int adoptedGroups = 0;
    int adoptedHops = 0;
    for (NextHopObject object : socket.view().nextHops()) {
      if (object.protocol() == options.protocol()) {
        objects.adopt(object);
        if (object instanceof KernelGroup) {
          adoptedGroups++;
        } else {
          adoptedHops++;
        }
      } else if (KernelIds.isOurs(object.id())) {
        ids.reserve(object.id());
      }
    }
    long adoptedRoutes = 0;
    for (RouteTable table : routes.tables()) {
      adoptedRoutes += adopt(table);
    }
    FibLog.adopted(adoptedGroups, adoptedHops, adoptedRoutes, (System.nanoTime() - start) / 1000);
  }

  private long adopt(RouteTable table) {
    RouteFilter filter =
        new RouteFilter(table.family(), table.instance().table(), options.protocol());
    socket
        .view()
        .routes(
            filter,
            new RouteVisitor() {
              @Override
              public void route(KernelRouteView route) {
                if (route.metric() == options.metric() && route.nextHopId() != 0) {
                  int slot = table.findOrAdd(route.high(), route.low(), route.length());
                  table.setKernel(slot, route.nextHopId());
                  table.setAdopted(slot);
                }
              }

              @Override
              public void restart() {
                for (int slot = 0; slot < table.capacity(); slot++) {
                  if (table.prefixes().isPresent(slot)) {
                    table.setKernel(slot, 0);
                    table.releaseIfEmpty(slot);
                  }
                }
              }
            });
    return table.unclaimed();
  }
}

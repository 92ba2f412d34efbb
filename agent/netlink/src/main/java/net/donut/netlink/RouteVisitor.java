package net.donut.netlink;

/// Takes the routes of a dump as they arrive.
public interface RouteVisitor {

  /// Takes one route. The view is valid only until this returns.
  void route(KernelRouteView route);

  /// The tables changed while the kernel was dumping: forget every route taken, they come again.
  void restart();
}

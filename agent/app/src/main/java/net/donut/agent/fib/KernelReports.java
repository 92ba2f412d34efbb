package net.donut.agent.fib;

import java.util.HashSet;
import java.util.List;
import java.util.Set;
import net.donut.model.Prefix;
import net.donut.model.table.PrefixTable;
import net.donut.netlink.KernelAddress;
import net.donut.netlink.KernelEvent;
import net.donut.netlink.KernelLink;
import net.donut.netlink.KernelRoute;
import net.donut.netlink.NetlinkSocket;
import net.donut.netlink.NextHopObject;
import org.jspecify.annotations.Nullable;

/// What the kernel reports, and what follows from it: links and addresses that came or went, and
/// what others did to what is ours. Owned by `agent-fib`.
final class KernelReports {
  private final FibOptions options;
  private final FibPublisher publisher;
  private final NetlinkSocket socket;
  private final KernelObjects objects;
  private final Interfaces interfaces;
  private final KernelNeighbors neighbors;
  private final RoutePlane routes;
  private final GroupPlane groups;
  private final RouteRepairs repairs;
  private final Drift drift;

  KernelReports(
      FibOptions options,
      FibPublisher publisher,
      NetlinkSocket socket,
      KernelObjects objects,
      Interfaces interfaces,
      KernelNeighbors neighbors,
      RoutePlane routes,
      GroupPlane groups,
      RouteRepairs repairs,
      Drift drift) {
    this.options = options;
    this.publisher = publisher;
    this.socket = socket;
    this.objects = objects;
    this.interfaces = interfaces;
    this.neighbors = neighbors;
    this.routes = routes;
    this.groups = groups;
    this.repairs = repairs;
    this.drift = drift;
  }

  /// Whether an event means anything to us. Usable from any thread.
  static boolean concern(KernelEvent event, FibOptions options) {
    return switch (event) {
      case KernelEvent.RouteChanged(var route) -> isOurPlace(route, options);
      case KernelEvent.RouteDeleted(var route) -> isOurPlace(route, options);
      case KernelEvent.NextHopChanged(var object) -> KernelIds.isOurs(object.id());
      case KernelEvent.NextHopDeleted(int id) -> KernelIds.isOurs(id);
      case KernelEvent.BucketChanged _ -> false;
      case KernelEvent.NeighborChanged(var neighbor) ->
          neighbor.isResolved() || neighbor.hasFailed();
      case KernelEvent.LinkChanged _,
          KernelEvent.LinkDeleted _,
          KernelEvent.AddressChanged _,
          KernelEvent.AddressDeleted _,
          KernelEvent.NeighborDeleted _,
          KernelEvent.Overrun _ ->
          true;
    };
  }

  private static boolean isOurPlace(KernelRoute route, FibOptions options) {
    return route.metric() == options.metric()
        && options.networkInstances().containsValue(route.table());
  }

  void handle(KernelEvent event) {
    switch (event) {
      case KernelEvent.LinkChanged(var link) -> linkChanged(link);
      case KernelEvent.LinkDeleted(var link) -> linkDeleted(link);
      case KernelEvent.AddressChanged(KernelAddress address) -> {
        if (interfaces.put(address)) {
          addressesChanged(address);
        }
      }
      case KernelEvent.AddressDeleted(KernelAddress address) -> {
        if (interfaces.remove(address)) {
          addressesChanged(address);
        }
      }
      case KernelEvent.NextHopChanged(var object) -> {
        if (!object.equals(objects.get(object.id()))) {
          verifyObject(object.id());
        }
      }
      case KernelEvent.NextHopDeleted(int id) -> {
        if (objects.get(id) != null) {
          verifyObject(id);
        }
      }
      case KernelEvent.RouteChanged(var route) -> {
        if (route.protocol() == options.protocol()) {
          forgedRoute(route);
        } else {
          foreignRoute(route);
        }
      }
      case KernelEvent.RouteDeleted(var route) -> routeDeleted(route);
      case KernelEvent.Overrun() -> overrun();
      case KernelEvent.NeighborDeleted(var neighbor) ->
          neighbors.deleted(neighbor.interfaceIndex(), neighbor.address());
      case KernelEvent.NeighborChanged(var neighbor) -> {
        if (neighbors.changed(neighbor, System.nanoTime())) {
          groups.resolveAgain(System.nanoTime());
        }
      }
      case KernelEvent.BucketChanged _ -> {}
    }
  }

  private void linkChanged(KernelLink link) {
    KernelLink before = interfaces.put(link);
    if (before != null && before.equals(link)) {
      return;
    }
    boolean was = before != null && before.hasCarrier();
    if (was && !link.hasCarrier()) {
      FibLog.linkLost(link.name());
    } else if (!was && link.hasCarrier()) {
      FibLog.linkUsable(link.name());
    }
    if (!link.hasCarrier()) {
      groups.linkGone(link.index());
    }
    groups.resolveAgain(System.nanoTime());
    tellLink(link);
  }

  private void tellLink(KernelLink link) {
    publisher.link(interfaces.status(link));
    publisher.links(interfaces.statuses());
  }

  private void linkDeleted(KernelLink link) {
    interfaces.remove(link);
    groups.linkGone(link.index());
    groups.resolveAgain(System.nanoTime());
    tellLink(link);
  }

  private void addressesChanged(KernelAddress address) {
    groups.resolveAgain(System.nanoTime());
    KernelLink link = interfaces.byIndex(address.interfaceIndex());
    if (link != null) {
      FibLog.addresses(interfaces.status(link));
      tellLink(link);
    }
  }

  /// Somebody may have changed an object of ours; or it is the echo of our own write, overtaken by
  /// a later one.
  private void verifyObject(int id) {
    NextHopObject now = objects.ask(id);
    NextHopObject known = objects.get(id);
    boolean same = now == null ? known == null : now.equals(known);
    if (!same) {
      reconcileObjects();
    }
  }

  void reconcileObjects() {
    refreshLinks();
    groups.resolveAgain(System.nanoTime());
    int repaired = groups.reconcile(System.nanoTime());
    if (repaired > 0) {
      drift.objectsRepaired(repaired);
    }
  }

  /// Reads the links anew, takes note of those that died meanwhile, and tells what changed: the
  /// event of a change that was read here finds nothing new.
  void refreshLinks() {
    List<KernelLink> before = interfaces.links();
    Set<LinkStatus> told = new HashSet<>(interfaces.statuses());
    interfaces.replaceAll(socket.view().links(), socket.view().addresses());
    for (KernelLink link : before) {
      KernelLink now = interfaces.byIndex(link.index());
      if (now == null || !now.hasCarrier()) {
        groups.linkGone(link.index());
      }
      if (now == null) {
        publisher.link(interfaces.status(link));
      }
    }
    interfaces.statuses().stream()
        .filter(status -> !told.contains(status))
        .forEach(publisher::link);
    publisher.links(interfaces.statuses());
  }

  /// Somebody else wrote a route under our protocol number: the kernel does not report our own.
  private void forgedRoute(KernelRoute route) {
    RouteTable table = table(route);
    Prefix prefix = route.prefix();
    if (table == null) {
      return;
    }
    int slot = routes.settledSlot(table, prefix.high(), prefix.low(), prefix.length());
    int known = table.kernel(slot);
    if (known != 0 && known == route.nextHopId()) {
      return;
    }
    repairs.repair(new Audit.Finding(table.instance().table(), prefix, known, route.nextHopId()));
    routes.flush();
  }

  /// Somebody put a route where ours belongs.
  private void foreignRoute(KernelRoute route) {
    RouteTable table = table(route);
    int slot = table == null ? PrefixTable.NONE : table.prefixes().find(route.prefix());
    if (table == null || slot == PrefixTable.NONE) {
      return;
    }
    routes.awaitAnswer(table, slot);
    if (table.intent(slot) == 0) {
      table.setKernel(slot, 0);
      table.releaseIfEmpty(slot);
      return;
    }
    String conflict = routes.foreignRoute(table, slot, route);
    if (conflict != null) {
      drift.conflict(route.prefix() + " of " + table.instance() + ": " + conflict);
    }
  }

  private void routeDeleted(KernelRoute route) {
    RouteTable table = table(route);
    if (table == null) {
      return;
    }
    boolean ours = route.protocol() == options.protocol();
    if (ours && routes.isOwnDelete(table, route.prefix())) {
      return;
    }
    int slot = table.prefixes().find(route.prefix());
    if (slot == PrefixTable.NONE || table.intent(slot) == 0) {
      if (slot != PrefixTable.NONE && ours && !table.isPending(slot)) {
        table.setKernel(slot, 0);
        table.releaseIfEmpty(slot);
      }
      return;
    }
    routes.awaitAnswer(table, slot);
    if (ours && table.kernel(slot) != 0) {
      table.setKernel(slot, 0);
      drift.routeRepaired(table, route.prefix());
      routes.sendNow(table, slot);
    } else if (!ours && table.state(slot) == RouteTable.State.CONFLICT) {
      table.setState(slot, RouteTable.State.GOOD, "");
      routes.sendNow(table, slot);
    }
  }

  private @Nullable RouteTable table(KernelRoute route) {
    Instance instance = routes.instance(route.table());
    return instance == null ? null : instance.routes(route.prefix().family());
  }

  private void overrun() {
    publisher.notice("kernel notifications were lost: comparing everything with a dump");
    routes.reportsLost();
    reconcileObjects();
    if (neighbors.refresh(System.nanoTime())) {
      groups.resolveAgain(System.nanoTime());
    }
    drift.auditNow();
  }
}

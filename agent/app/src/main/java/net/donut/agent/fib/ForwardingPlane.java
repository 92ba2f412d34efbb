package net.donut.agent.fib;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import net.donut.model.Family;
import net.donut.model.IpAddress;
import net.donut.model.Prefix;
import net.donut.model.ReturnHolds;
import net.donut.model.queue.Mailbox;
import net.donut.model.queue.Owner;
import net.donut.model.table.PrefixTable;
import net.donut.netlink.KernelAddress;
import net.donut.netlink.KernelCapabilities;
import net.donut.netlink.KernelEvent;
import net.donut.netlink.KernelLink;
import net.donut.netlink.KernelRoute;
import net.donut.netlink.KernelRouteView;
import net.donut.netlink.NetlinkMonitor;
import net.donut.netlink.NetlinkSocket;
import net.donut.netlink.NetworkNamespace;
import net.donut.netlink.NextHopObject;
import net.donut.netlink.RouteFilter;
import net.donut.netlink.RouteLookup;
import net.donut.netlink.RouteVisitor;
import net.donut.netlink.Subscription;
import net.donut.netlink.Sysctl;
import org.jspecify.annotations.Nullable;

/// Linux as a forwarding plane: routes, groups, links and the kernel's reports of what others do.
/// Owned by `agent-fib`.
final class ForwardingPlane implements AgentForwarding, AutoCloseable {
  /*
   * Truth is the kernel. Three ways keep the view of it right:
   *
   *   link events     say what the kernel did to next hops and groups on its own (it reports neither)
   *   route and next-hop events   say what others did to what is ours; every one is verified
   *   the audit       compares all with a fresh dump, paced, on a thread of its own, and at once when
   *                   events were lost
   */

  /// What other threads may read at any time.
  record Published(FibCounters counters, List<LinkStatus> links) {}

  private static final long TICK_NANOS = TimeUnit.MILLISECONDS.toNanos(200);
  private static final long RETRY_NANOS = TimeUnit.SECONDS.toNanos(1);
  private static final long LOOK_NANOS = TimeUnit.SECONDS.toNanos(1);
  /* Trying a thousand routes again may take a second of every two at most. */
  private static final long RETRY_NANOS_A_ROUTE = TimeUnit.MILLISECONDS.toNanos(1);
  private static final int MOST_TOLD = 4096;
  private static final List<Setting> SETTINGS =
      List.of(
          new Setting(Sysctl.NEXTHOP_COMPAT_MODE, "0", Setting.Kind.OURS),
          new Setting(Sysctl.IGNORE_ROUTES_WITH_LINKDOWN, "1", Setting.Kind.OURS),
          new Setting(Sysctl.IGNORE_IPV6_ROUTES_WITH_LINKDOWN, "1", Setting.Kind.OURS),
          new Setting(Sysctl.LOOPBACK_FORWARDING, "0", Setting.Kind.OURS),
          new Setting(Sysctl.FORWARDING, "1", Setting.Kind.OPERATORS),
          new Setting(Sysctl.IPV6_FORWARDING, "1", Setting.Kind.OPERATORS));
  // Addresses that no route but a default covers (RFC 1112 §4, RFC 6666).
  private static final IpAddress NOBODYS_IPV4 = IpAddress.parse("240.0.0.1");
  private static final IpAddress NOBODYS_IPV6 = IpAddress.parse("100::1");
  private static final int EVENT_BUFFER_BYTES = 32 << 20;

  private final FibOptions options;
  private final FibListener listener;
  private final Owner owner = new Owner("agent-fib");
  private final NetlinkSocket socket;
  private final KernelObjects objects;
  private final KernelIds ids = new KernelIds();
  private final Interfaces interfaces = new Interfaces();
  private final KernelNeighbors neighbors;
  private final Adjacencies adjacencies = new Adjacencies();
  private final RoutePlane routes;
  private final GroupPlane groups;
  private final FibCapabilities capabilities;
  private final Drift drift;
  private final RemovalGuard guard;
  private @Nullable NetlinkMonitor monitor;
  private volatile Published published = new Published(FibCounters.NONE, List.of());
  private long nextTickNanos;
  private long nextRetryNanos = System.nanoTime();
  private long nextTroubleNanos = System.nanoTime();
  private long nextLookNanos = System.nanoTime();
  private List<String> toldFaults = List.of();
  private long lastOperationNanos;
  private boolean operated;
  private boolean swept;

  static ForwardingPlane open(FibOptions options, FibListener listener, Mailbox<KernelEvent> events)
      throws InterruptedException {
    Path namespace = options.namespace();
    if (namespace != null) {
      try (NetworkNamespace handle = NetworkNamespace.open(namespace)) {
        handle.enter();
      }
    }
    ForwardingPlane plane = new ForwardingPlane(options, listener);
    try {
      plane.begin(events);
      return plane;
    } catch (RuntimeException e) {
      plane.close();
      throw e;
    }
  }

  private ForwardingPlane(FibOptions options, FibListener listener) {
    this.options = options;
    this.listener = listener;
    owner.claim();
    socket = NetlinkSocket.open();
    KernelCapabilities found = options.kernel().of(KernelCapabilities.probe(socket));
    if (!found.nextHopObjects().isPresent()) {
      socket.close();
      throw new IllegalStateException(
          "kernel next-hop objects: "
              + found.nextHopObjects()
              + " (expected: Linux 5.3 or later, and CAP_NET_ADMIN)");
    }
    capabilities = describe(found);
    objects = new KernelObjects(socket, options.protocol());
    neighbors = new KernelNeighbors(socket, options.returnHold());
    routes = new RoutePlane(socket, options);
    groups =
        new GroupPlane(
            options,
            objects,
            ids,
            interfaces,
            neighbors,
            adjacencies,
            routes,
            capabilities,
            weights(found));
    drift = new Drift(options);
    guard = new RemovalGuard(options.removalPercent());
  }

  private static Weights.Rule weights(KernelCapabilities found) {
    int largest = found.wideWeights().isPresent() ? Weights.WIDE : Weights.NARROW;
    return found.resilientGroups().isPresent()
        ? Weights.Rule.resilient(largest)
        : Weights.Rule.hashThreshold(largest);
  }

  private static FibCapabilities describe(KernelCapabilities found) {
    List<String> warnings = new ArrayList<>();
    if (!found.resilientGroups().isPresent()) {
      warnings.add(
          "kernel without resilient next-hop groups: backups carry 1/257 of the flows all the time"
              + " (expected: Linux 5.13 or later)");
    }
    if (!found.managedNeighbors().isPresent()) {
      warnings.add("kernel without managed neighbors: a backup's first packets wait for ARP or ND");
    }
    List<Sysctl.Outcome> outcomes = SETTINGS.stream().map(Setting::enforce).toList();
    boolean compatOff = outcomes.getFirst() instanceof Sysctl.Outcome.Verified;
    return new FibCapabilities(release(), found.resilientGroups().isPresent(), compatOff, warnings);
  }

  private static String release() {
    try {
      return Files.readString(Path.of("/proc/sys/kernel/osrelease")).strip();
    } catch (IOException e) {
      return "unknown";
    }
  }

  private void begin(Mailbox<KernelEvent> events) {
    monitor =
        NetlinkMonitor.start(
            new NetlinkMonitor.Options(
                "agent-fib-events",
                java.util.EnumSet.of(
                    Subscription.LINK,
                    Subscription.NEIGHBOR,
                    Subscription.IPV4_ADDRESS,
                    Subscription.IPV6_ADDRESS,
                    Subscription.IPV4_ROUTE,
                    Subscription.IPV6_ROUTE,
                    Subscription.NEXT_HOP),
                EVENT_BUFFER_BYTES,
                socket.port()),
            event -> pass(event, events));
    refreshLinks();
    adopt();
    capabilities.warnings().forEach(this::notice);
    nextTickNanos = System.nanoTime();
    publish();
  }

  /// Runs on the monitor's thread: hands over what the owner has to know, and waits while its queue
  /// is full.
  private void pass(KernelEvent event, Mailbox<KernelEvent> events) {
    boolean relevant =
        switch (event) {
          case KernelEvent.RouteChanged(var route) -> isOurPlace(route);
          case KernelEvent.RouteDeleted(var route) -> isOurPlace(route);
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
    if (relevant) {
      try {
        events.put(event);
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
      }
    }
  }

  private boolean isOurPlace(KernelRoute route) {
    return route.metric() == options.metric()
        && options.networkInstances().containsValue(route.table());
  }

  // ---- adoption

  private void adopt() {
    long start = System.nanoTime();
    int adoptedGroups = 0;
    int adoptedHops = 0;
    for (NextHopObject object : socket.view().nextHops()) {
      if (object.protocol() == options.protocol()) {
        objects.adopt(object);
        if (object instanceof net.donut.netlink.KernelGroup) {
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

  // ---- what clients ask for

  FibCapabilities capabilities() {
    return capabilities;
  }

  Published published() {
    return published;
  }

  @Override
  public Collection<Instance> instances() {
    return routes.instances();
  }

  @Override
  public @Nullable Instance instance(String name) {
    return routes.instance(name);
  }

  @Override
  public Group newGroup(Instance instance, long id) {
    return routes.newGroup(instance, id);
  }

  @Override
  public Group group(int handle) {
    return routes.group(handle);
  }

  /// How long what returns is held from now on.
  void holds(ReturnHolds.Range range) {
    groups.holds(range);
  }

  @Override
  public @Nullable String putHop(FibHop hop) {
    operation();
    routes.flush();
    return groups.putHop(hop, System.nanoTime());
  }

  @Override
  public void removeHop(FibHop hop) {
    operation();
    routes.flush();
    groups.removeHop(hop);
  }

  @Override
  public @Nullable String putGroup(Group group) {
    operation();
    routes.flush();
    return groups.putGroup(group);
  }

  @Override
  public void removeGroup(Group group) {
    operation();
    routes.flush();
    groups.removeGroup(group);
    routes.freeGroup(group);
  }

  @Override
  public int putRoute(
      RouteTable table, long high, long low, int length, Group group, RouteAck ack, long token) {
    operation();
    int slot = routes.settledSlot(table, high, low, length);
    groups.need(group, table.family());
    routes.intend(table, slot, group);
    if (table.state(slot) != RouteTable.State.GOOD) {
      table.setState(slot, RouteTable.State.GOOD, "");
    }
    routes.send(table, slot, ack, token);
    return slot;
  }

  @Override
  public int withholdRoute(
      RouteTable table,
      long high,
      long low,
      int length,
      Group group,
      String reason,
      RouteAck ack,
      long token) {
    operation();
    int slot = routes.settledSlot(table, high, low, length);
    routes.intend(table, slot, group);
    table.setState(slot, RouteTable.State.WITHHELD, reason);
    routes.send(table, slot, (_, _) -> ack.programmed(token, reason), token);
    return slot;
  }

  @Override
  public void removeRoute(RouteTable table, int slot, RouteAck ack, long token) {
    operation();
    if (table.isPending(slot)) {
      routes.flush();
    }
    routes.intend(table, slot, null);
    routes.send(table, slot, ack, token);
  }

  @Override
  public void removeRoutes(Instance instance) {
    operation();
    routes.flush();
    java.util.Map<Group, Integer> here = new java.util.HashMap<>();
    for (Family family : Family.values()) {
      RouteTable table = instance.routes(family);
      for (int slot = 0; slot < table.capacity(); slot++) {
        if (table.isIntended(slot)) {
          here.merge(routes.group(table.intent(slot)), 1, Integer::sum);
        }
      }
    }
    List<Group> exclusive = new ArrayList<>();
    here.forEach((group, count) -> {
      int all = group.routes(Family.IPV4) + group.routes(Family.IPV6);
      if (group.instance().equals(instance) && count == all) {
        exclusive.add(group);
      }
    });
    groups.removeWithRoutes(exclusive);
    for (Family family : Family.values()) {
      RouteTable table = instance.routes(family);
      for (int slot = 0; slot < table.capacity(); slot++) {
        if (table.isIntended(slot)) {
          removeRoute(table, slot, (_, _) -> {}, 0);
        }
      }
    }
    routes.flush();
  }

  @Override
  public void flush() {
    routes.flush();
  }

  private void operation() {
    owner.check();
    operated = true;
    lastOperationNanos = System.nanoTime();
  }

  @Override
  public RemovalGuard guard() {
    return guard;
  }

  /// A client has said everything it knows. What was adopted and not asked for again goes, if the
  /// client is the primary and the budget allows.
  SweepAnswer endSync(long electionHigh, long electionLow) {
    owner.check();
    long unclaimed = counters().unclaimed();
    if (!guard.isPrimary(electionHigh, electionLow)) {
      return new SweepAnswer(unclaimed, "election id: not that of the primary");
    }
    long now = System.nanoTime();
    for (RouteTable table : routes.tables()) {
      long present = (long) table.intended() + table.unclaimed();
      String objection = guard.take(table, table.unclaimed(), present, now);
      if (objection != null) {
        return new SweepAnswer(unclaimed, "stale routes: " + objection);
      }
    }
    sweepUnclaimed();
    return new SweepAnswer(unclaimed, "");
  }

  void sweepUnclaimed() {
    owner.check();
    swept = true;
    long unclaimed = counters().unclaimed();
    routes.removeUnclaimed(() -> FibLog.swept(unclaimed, groups.sweepObjects()));
  }

  /// Does a part of long work. Returns whether more is left.
  boolean step() {
    return routes.step();
  }

  // ---- what the kernel reports

  void handle(KernelEvent event) {
    owner.check();
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
          routes.flush();
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
      routes.flush();
      groups.linkGone(link.index());
    }
    groups.resolveAgain(System.nanoTime());
    LinkStatus status = interfaces.status(link);
    listener.changed(new FibEvent.LinkChanged(status));
    publishLinks();
  }

  private void linkDeleted(KernelLink link) {
    interfaces.remove(link);
    routes.flush();
    groups.linkGone(link.index());
    groups.resolveAgain(System.nanoTime());
    listener.changed(new FibEvent.LinkChanged(interfaces.status(link)));
    publishLinks();
  }

  private void addressesChanged(KernelAddress address) {
    routes.flush();
    groups.resolveAgain(System.nanoTime());
    KernelLink link = interfaces.byIndex(address.interfaceIndex());
    if (link != null) {
      FibLog.addresses(interfaces.status(link));
      listener.changed(new FibEvent.LinkChanged(interfaces.status(link)));
      publishLinks();
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

  private void reconcileObjects() {
    routes.flush();
    refreshLinks();
    groups.resolveAgain(System.nanoTime());
    int repaired = groups.reconcile(System.nanoTime());
    if (repaired > 0) {
      drift.objectsRepaired(repaired);
    }
  }

  /// Reads the links anew, takes note of those that died meanwhile, and tells what changed: the
  /// event of a change that was read here finds nothing new.
  private void refreshLinks() {
    List<KernelLink> before = interfaces.links();
    Set<LinkStatus> told = new HashSet<>(interfaces.statuses());
    interfaces.replaceAll(socket.view().links(), socket.view().addresses());
    for (KernelLink link : before) {
      KernelLink now = interfaces.byIndex(link.index());
      if (now == null || !now.hasCarrier()) {
        groups.linkGone(link.index());
      }
      if (now == null) {
        listener.changed(new FibEvent.LinkChanged(interfaces.status(link)));
      }
    }
    interfaces.statuses().stream()
        .filter(status -> !told.contains(status))
        .forEach(status -> listener.changed(new FibEvent.LinkChanged(status)));
    publishLinks();
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
    repair(new Audit.Finding(table.instance().table(), prefix, known, route.nextHopId()));
    routes.flush();
  }

  /// Somebody put a route where ours belongs.
  private void foreignRoute(KernelRoute route) {
    RouteTable table = table(route);
    int slot = table == null ? PrefixTable.NONE : table.prefixes().find(route.prefix());
    if (table == null || slot == PrefixTable.NONE) {
      return;
    }
    if (table.isPending(slot)) {
      routes.flush();
    }
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
    if (table.isPending(slot)) {
      routes.flush();
    }
    if (ours && table.kernel(slot) != 0) {
      table.setKernel(slot, 0);
      drift.routeRepaired(table, route.prefix());
      routes.send(table, slot, (_, _) -> {}, 0);
      routes.flush();
    } else if (!ours && table.state(slot) == RouteTable.State.CONFLICT) {
      table.setState(slot, RouteTable.State.GOOD, "");
      routes.send(table, slot, (_, _) -> {}, 0);
      routes.flush();
    }
  }

  private @Nullable RouteTable table(KernelRoute route) {
    Instance instance = routes.instance(route.table());
    return instance == null ? null : instance.routes(route.prefix().family());
  }

  private void overrun() {
    notice("kernel notifications were lost: comparing everything with a dump");
    routes.reportsLost();
    reconcileObjects();
    if (neighbors.refresh(System.nanoTime())) {
      groups.resolveAgain(System.nanoTime());
    }
    drift.auditNow();
  }

  // ---- what is known of gateways whose link is up

  /// Takes what a source says of gateways, and moves traffic at once.
  void judge(String source, Adjacencies.Verdict verdict) {
    owner.check();
    if (adjacencies.put(source, verdict)) {
      routes.flush();
      groups.resolveAgain(System.nanoTime());
    }
  }

  /// Logs what was judged since it was called last: one line, however many sources spoke.
  void tellJudged() {
    owner.check();
    Adjacencies.Told told = adjacencies.tell();
    if (!told.isNothing()) {
      FibLog.judged(told);
    }
  }

  // ---- time

  /// Does what is due. Returns nanoseconds until the next.
  long runTimers(long nowNanos) {
    long untilRelease = groups.releaseHolds(nowNanos);
    if (nowNanos - nextTickNanos >= 0) {
      nextTickNanos = nowNanos + TICK_NANOS;
      tick(nowNanos);
    }
    tellGateways(nowNanos);
    if (tellRoutes()) {
      return 1;
    }
    return Math.max(1, Math.min(untilRelease, nextTickNanos - nowNanos));
  }

  private boolean tellRoutes() {
    List<RouteTrouble> told = new ArrayList<>();
    boolean left = routes.tell(MOST_TOLD, told::add);
    if (!told.isEmpty()) {
      listener.changed(new FibEvent.RoutesChanged(told));
    }
    return left;
  }

  private void tellGateways(long nowNanos) {
    Set<Adjacency> failed =
        neighbors.news(
            index -> {
              KernelLink link = interfaces.byIndex(index);
              return link == null ? null : link.name();
            },
            nowNanos);
    if (failed != null) {
      FibLog.gatewaysSilent(failed);
      listener.changed(new FibEvent.GatewaysChanged(failed));
    }
  }

  /// What others may have changed of what we depend on, without a word from the kernel.
  private void lookAtSettings() {
    List<String> faults = new ArrayList<>();
    for (Setting setting : SETTINGS) {
      Sysctl.Outcome outcome = setting.enforce();
      if (outcome instanceof Sysctl.Outcome.Verified verified
          && !verified.previous().equals(verified.value())) {
        notice(
            "sysctl "
                + setting.name()
                + ": another program set it to "
                + verified.previous()
                + ", set back to "
                + verified.value());
      } else if (outcome instanceof Sysctl.Outcome.Refused refused) {
        faults.add(refused.message());
      }
    }
    faults.addAll(groups.refusals());
    faults.addAll(foreignDefaults());
    if (!faults.equals(toldFaults)) {
      toldFaults = List.copyOf(faults);
      faults.forEach(FibLog::notice);
      listener.changed(new FibEvent.FaultsChanged(toldFaults));
    }
  }

  /// Default routes of other programs that win over ours: a lower metric at the same length.
  private List<String> foreignDefaults() {
    List<String> found = new ArrayList<>();
    for (RouteTable table : routes.tables()) {
      if (table.instance().table() != KernelRoute.MAIN_TABLE
          || table.findIntended(0, 0, 0) == PrefixTable.NONE) {
        continue;
      }
      IpAddress nobodys = table.family() == Family.IPV4 ? NOBODYS_IPV4 : NOBODYS_IPV6;
      if (socket.view().fibMatch(nobodys) instanceof RouteLookup.Found match
          && match.route().prefix().length() == 0
          && match.route().protocol() != options.protocol()) {
        InspectSummary.FoundRoute route = KernelInspection.found(match, nobodys, socket);
        found.add(
            "%s: a default route of another program wins over ours:%s%s (%s, metric %s)"
                .formatted(
                    route.prefix(),
                    route.gateway().isEmpty() ? "" : " via " + route.gateway(),
                    route.device().isEmpty() ? "" : " on " + route.device(),
                    route.owner(),
                    Integer.toUnsignedString(route.metric())));
      }
    }
    return found;
  }

  private void tick(long nowNanos) {
    if (nowNanos - nextLookNanos >= 0) {
      nextLookNanos = nowNanos + LOOK_NANOS;
      lookAtSettings();
    }
    long troubled = counters().failed();
    if (troubled > 0 && nowNanos - nextTroubleNanos >= 0) {
      nextTroubleNanos = nowNanos + RETRY_NANOS + troubled * RETRY_NANOS_A_ROUTE;
      routes.retryTroubles();
    }
    if (groups.isSuspect() && nowNanos - nextRetryNanos >= 0) {
      nextRetryNanos = nowNanos + RETRY_NANOS;
      reconcileObjects();
      groups.retryRefused(nowNanos);
    }
    long sweepAfter = options.sweepAfter().toNanos();
    boolean due = sweepAfter > 0 && nowNanos - lastOperationNanos >= sweepAfter;
    if (operated && !swept && due && !guard.isEnforced()) {
      sweepUnclaimed();
    }
    neighbors.restore(nowNanos);
    guard.takeNotices().forEach(this::notice);
    drift.notices().forEach(this::notice);
    publish();
  }

  @Override
  public void notice(String text) {
    FibLog.notice(text);
    listener.changed(new FibEvent.Notice(text));
  }

  private void publish() {
    FibCounters counters = counters();
    if (!counters.equals(published.counters())) {
      published = new Published(counters, published.links());
      listener.changed(new FibEvent.CountersChanged(counters));
    }
    if (published.links().isEmpty()) {
      publishLinks();
    }
  }

  private void publishLinks() {
    published = new Published(published.counters(), interfaces.statuses());
  }

  FibCounters counters() {
    long intended = 0;
    long installed = 0;
    long failed = 0;
    long conflicts = 0;
    long unclaimed = 0;
    long digest = 0;
    for (RouteTable table : routes.tables()) {
      intended += table.intended();
      installed += table.installed();
      failed += table.failed();
      conflicts += table.conflicts();
      unclaimed += table.unclaimed();
      digest += table.digest();
    }
    return new FibCounters(
        intended,
        installed,
        failed,
        intended - installed - failed,
        routes.groups().size(),
        groups.hopCount(),
        conflicts,
        drift.repaired(),
        unclaimed,
        writes(),
        digest);
  }

  long writes() {
    return routes.writes() + objects.writes();
  }

  // ---- for inspections

  /// A copy of the intent for an inspection on another thread.
  Snapshot snapshot() {
    owner.check();
    routes.flush();
    return Snapshot.of(routes, groups, writes(), swept);
  }

  /// Puts right a route that a dump showed to differ from what is known. Verified against the view
  /// of now, so that changes made since the dump are not undone.
  void repair(Audit.Finding finding) {
    owner.check();
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
    } else if (!intended && swept && finding.found() != 0) {
      drift.routeRepaired(table, prefix);
      routes.send(table, slot, (_, _) -> {}, 0);
    } else {
      table.releaseIfEmpty(slot);
    }
  }

  /// Whether an audit is due; asking makes it so no longer.
  boolean takeAuditDue(long nowNanos, Duration lastTook) {
    return drift.takeAuditDue(nowNanos, lastTook);
  }

  @Override
  public void close() {
    if (monitor != null) {
      monitor.close();
    }
    socket.close();
  }
}

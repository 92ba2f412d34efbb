package net.donut.agent.fib;

import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import net.donut.model.Family;
import net.donut.model.ReturnHolds;
import net.donut.model.queue.Mailbox;
import net.donut.model.queue.Owner;
import net.donut.netlink.KernelEvent;
import net.donut.netlink.KernelLink;
import net.donut.netlink.NetlinkMonitor;
import net.donut.netlink.NetlinkSocket;
import net.donut.netlink.NetworkNamespace;
import net.donut.netlink.Subscription;
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

  private static final long TICK_NANOS = TimeUnit.MILLISECONDS.toNanos(200);
  private static final long RETRY_NANOS = TimeUnit.SECONDS.toNanos(1);
  private static final long LOOK_NANOS = TimeUnit.SECONDS.toNanos(1);
  /* Trying a thousand routes again may take a second of every two at most. */
  private static final long RETRY_NANOS_A_ROUTE = TimeUnit.MILLISECONDS.toNanos(1);
  private static final int MOST_TOLD = 4096;
  private static final int EVENT_BUFFER_BYTES = 32 << 20;

  private final FibOptions options;
  private final FibPublisher publisher;
  private final Owner owner = new Owner("agent-fib");
  private final NetlinkSocket socket;
  private final KernelObjects objects;
  private final KernelIds ids = new KernelIds();
  private final Interfaces interfaces = new Interfaces();
  private final KernelNeighbors neighbors;
  private final Adjacencies adjacencies = new Adjacencies();
  private final RoutePlane routes;
  private final GroupPlane groups;
  private final KernelSetup setup;
  private final KernelReports reports;
  private final RouteRepairs repairs;
  private final Drift drift;
  private final RemovalGuard guard;
  private @Nullable NetlinkMonitor monitor;
  private long nextTickNanos;
  private long nextRetryNanos = System.nanoTime();
  private long nextTroubleNanos = System.nanoTime();
  private long nextLookNanos = System.nanoTime();
  private List<String> toldFaults = List.of();
  private long lastOperationNanos;
  private boolean operated;

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
    this.publisher = new FibPublisher(listener);
    owner.claim();
    socket = NetlinkSocket.open();
    setup = setUp(socket, options);
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
            setup.capabilities(),
            setup.weights());
    drift = new Drift(options);
    repairs = new RouteRepairs(routes, drift);
    reports =
        new KernelReports(
            options,
            publisher,
            socket,
            objects,
            interfaces,
            neighbors,
            routes,
            groups,
            repairs,
            drift);
    guard = new RemovalGuard(options.removalPercent());
  }

  private static KernelSetup setUp(NetlinkSocket socket, FibOptions options) {
    try {
      return new KernelSetup(socket, options);
    } catch (RuntimeException e) {
      socket.close();
      throw e;
    }
  }

  private void begin(Mailbox<KernelEvent> events) {
    monitor =
        NetlinkMonitor.start(
            new NetlinkMonitor.Options(
                "agent-fib-events",
                EnumSet.of(
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
    reports.refreshLinks();
    new Adoption(options, socket, objects, ids, routes).run();
    setup.capabilities().warnings().forEach(this::notice);
    nextTickNanos = System.nanoTime();
    publisher.counters(counters());
  }

  /// Runs on the monitor's thread: hands over what the owner has to know, and waits while its queue
  /// is full.
  private void pass(KernelEvent event, Mailbox<KernelEvent> events) {
    if (KernelReports.concern(event, options)) {
      try {
        events.put(event);
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
      }
    }
  }

  // ---- what clients ask for

  FibCapabilities capabilities() {
    return setup.capabilities();
  }

  /// Usable from any thread.
  FibPublisher.Published published() {
    return publisher.published();
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
    return groups.putHop(hop, System.nanoTime());
  }

  @Override
  public void removeHop(FibHop hop) {
    operation();
    groups.removeHop(hop);
  }

  @Override
  public @Nullable String putGroup(Group group) {
    operation();
    return groups.putGroup(group);
  }

  @Override
  public void removeGroup(Group group) {
    operation();
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
    routes.awaitAnswer(table, slot);
    routes.intend(table, slot, null);
    routes.send(table, slot, ack, token);
  }

  @Override
  public void removeRoutes(Instance instance) {
    operation();
    Map<Group, Integer> here = new HashMap<>();
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
    long unclaimed = counters().unclaimed();
    routes.removeUnclaimed(() -> FibLog.swept(unclaimed, groups.sweepObjects()));
  }

  /// Does a part of long work. Returns whether more is left.
  boolean step() {
    return routes.step();
  }

  void handle(KernelEvent event) {
    owner.check();
    reports.handle(event);
  }

  // ---- what is known of gateways whose link is up

  /// Takes what a source says of gateways, and moves traffic at once.
  void judge(String source, Adjacencies.Verdict verdict) {
    owner.check();
    if (adjacencies.put(source, verdict)) {
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
      publisher.tell(new FibEvent.RoutesChanged(told));
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
      publisher.tell(new FibEvent.GatewaysChanged(failed));
    }
  }

  private void lookAtSetup() {
    List<String> faults = new ArrayList<>(setup.refusedSettings(this::notice));
    faults.addAll(groups.refusals());
    faults.addAll(setup.foreignDefaults(routes.tables()));
    if (!faults.equals(toldFaults)) {
      toldFaults = List.copyOf(faults);
      faults.forEach(FibLog::notice);
      publisher.tell(new FibEvent.FaultsChanged(toldFaults));
    }
  }

  private void tick(long nowNanos) {
    if (nowNanos - nextLookNanos >= 0) {
      nextLookNanos = nowNanos + LOOK_NANOS;
      lookAtSetup();
    }
    long troubled = counters().failed();
    if (troubled > 0 && nowNanos - nextTroubleNanos >= 0) {
      nextTroubleNanos = nowNanos + RETRY_NANOS + troubled * RETRY_NANOS_A_ROUTE;
      routes.retryTroubles();
    }
    if (groups.isSuspect() && nowNanos - nextRetryNanos >= 0) {
      nextRetryNanos = nowNanos + RETRY_NANOS;
      reports.reconcileObjects();
      groups.retryRefused(nowNanos);
    }
    long sweepAfter = options.sweepAfter().toNanos();
    boolean due = sweepAfter > 0 && nowNanos - lastOperationNanos >= sweepAfter;
    if (operated && !routes.isSwept() && due && !guard.isEnforced()) {
      sweepUnclaimed();
    }
    neighbors.restore(nowNanos);
    guard.takeNotices().forEach(this::notice);
    drift.notices().forEach(this::notice);
    publisher.counters(counters());
  }

  @Override
  public void notice(String text) {
    publisher.notice(text);
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
    return Snapshot.of(routes, groups, writes(), routes.isSwept());
  }

  /// Puts right a route that a dump showed to differ from what is known. Verified against the view
  /// of now, so that changes made since the dump are not undone.
  void repair(Audit.Finding finding) {
    owner.check();
    repairs.repair(finding);
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

package net.donut.controller.rib;

import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import net.donut.api.agent.v1.LinkState;
import net.donut.api.agent.v1.SessionState;
import net.donut.api.agent.v1.SilentGateways;
import net.donut.api.agent.v1.StateEvent;
import net.donut.controller.policy.PolicyDocument;
import net.donut.controller.policy.PolicyDocument.NeighborEntry;
import net.donut.controller.policy.PolicyDocument.RouterEntry;
import net.donut.controller.southbound.AgentConfiguration;
import net.donut.controller.southbound.AgentDriver;
import net.donut.controller.southbound.Report;
import net.donut.controller.state.SavedOverride;
import net.donut.core.Engine;
import net.donut.core.InterfaceState;
import net.donut.core.RouteOverride;
import net.donut.core.SessionLiveness;
import net.donut.core.SilentGateway;
import net.donut.core.change.Delta;
import net.donut.core.change.ExportBlock;
import net.donut.core.change.RouterDelta;
import net.donut.core.change.RouterView;
import net.donut.model.Family;
import net.donut.model.IpAddress;
import net.donut.model.Prefix;
import net.donut.model.Prefixes;
import org.jspecify.annotations.Nullable;

/// Everything the controller knows and decides: the engine, the agents, the sessions. Every method
/// takes one event, or hands out what changed. Owned by `rib`.
public final class ControllerRib {

  /// What makes and ends the drivers of agents.
  public interface Drivers {
    AgentDriver open(RouterEntry router);
  }

  /// The policy in use, as it was given.
  public record PolicyInUse(
      String fileName, String text, PolicyDocument document, long generation) {}

  private static final int MOST_TROUBLE_EVENTS = 5;

  private final Drivers drivers;
  private final InstantSource clock;
  private final Engine engine;
  private final SessionTable sessions;
  private final Map<String, AgentRecord> agents = new LinkedHashMap<>();
  private final Set<String> drained = new TreeSet<>();
  private final List<Watcher> watchers = new ArrayList<>();
  private final StageGate stages = new StageGate();
  private final FinishedGenerations done = new FinishedGenerations();
  private final Milestones milestones;
  private final LinkHolds linkHolds;
  private final InitialSync initialSync;
  private final TimedOverrides overrides;
  private final FirstTables firstTables;
  private final long startedUnixMs;
  private PolicyInUse policy;
  private long generation = 1;
  private long convergedGeneration;
  private long convergedUnixNs;
  private long openTicket;
  private long doneGeneration;
  private long moved;
  private boolean dirty;

  /// `clock` is the time of day, `now` a time of `System.nanoTime` as in every other method.
  ControllerRib(
      PolicyInUse policy, OperatorWords words, Drivers drivers, InstantSource clock, long now) {
    this.clock = clock;
    this.policy = policy;
    this.drivers = drivers;
    this.engine = new Engine(policy.document().toPolicy());
    this.sessions = new SessionTable(engine);
    this.initialSync = new InitialSync(now);
    this.milestones = new Milestones(now);
    this.startedUnixMs = clock.millis();
    sessions.configure(policy.document());
    this.linkHolds = new LinkHolds(policy.document().timers().returnHold());
    for (String neighbor : words.drained()) {
      if (policy.document().neighbor(neighbor) != null) {
        this.drained.add(neighbor);
        engine.drain(engine.neighbor(neighbor));
      }
    }
    this.overrides = new TimedOverrides(engine, clock);
    overrides.restore(words.overrides(), policy.document(), now);
    this.firstTables = new FirstTables(engine, sessions.all(), now);
    policy.document().routers().forEach(this::openDriver);
    dirty = true;
  }

  private AgentRecord openDriver(RouterEntry router) {
    AgentDriver driver = drivers.open(router);
    driver.configure(configuration(router));
    AgentRecord known = agents.get(router.name());
    AgentRecord record = known == null ? new AgentRecord(router.name(), driver) : known;
    if (known != null) {
      record.driver(driver);
    }
    agents.put(router.name(), record);
    return record;
  }

  private net.donut.api.agent.v1.ConfigureRequest configuration(RouterEntry router) {
    return AgentConfiguration.of(policy.document(), router, policy.generation());
  }

  // Reports of agents.

  void report(Report report, long now) {
    switch (report) {
      case Report.Wake() -> {
        // The other lanes are looked at anyway.
      }
      case Report.Connected connected -> connected(connected, now);
      case Report.Configured(var router) -> configured(router, now);
      case Report.Disconnected(var router, var reason) -> disconnected(router, reason);
      case Report.Inventory(var router, var entries) -> {
        AgentRecord agent = agents.get(router);
        if (agent != null) {
          agent.inventory(entries);
          if (agent.hasRoutes()) {
            firstTables.stop();
          }
        }
      }
      case Report.State(var router, var event) -> state(router, event, now);
      case Report.KernelVerdicts(var router, var routes) -> routeTroubles(router, routes);
      case Report.Notice(var router, var text) -> notice(router, text);
    }
  }

  /// What a kernel does not have any more is withdrawn there: announced again, it is found refused.
  private void routeTroubles(String router, List<Report.KernelVerdict> routes) {
    AgentRecord agent = agents.get(router);
    if (agent == null) {
      return;
    }
    for (Family family : Family.values()) {
      Prefixes.Builder lost = new Prefixes.Builder(family);
      for (Report.KernelVerdict route : routes) {
        if (route.prefix().family() == family && !route.error().isEmpty()) {
          lost.add(route.prefix());
        }
      }
      Prefixes prefixes = lost.build();
      if (prefixes.size() > 0 && initialSync.isComplete()) {
        agent.driver().announce(engine.exportsOf(router, prefixes), generation);
      }
    }
    routes.stream()
        .filter(route -> route.error().isEmpty())
        .forEach(route -> agent.noticesOver(route.prefix()));
    routes.stream()
        .limit(MOST_TROUBLE_EVENTS)
        .forEach(route ->
            event("route", router, route.prefix().toString(), EventText.route(route.error())));
    if (routes.size() > MOST_TROUBLE_EVENTS) {
      event("route", router, router, "and " + (routes.size() - MOST_TROUBLE_EVENTS) + " more");
    }
  }

  private void connected(Report.Connected report, long now) {
    AgentRecord agent = agents.get(report.router());
    if (agent == null) {
      return;
    }
    long unixMs = clock.millis();
    agent.connected(report.hello(), unixMs, now);
    sessions.connected(report.router(), report.connection());
    event("agent", report.router(), report.router(), "connected: " + report.hello().getVersion());
  }

  private void configured(String router, long now) {
    AgentRecord agent = agents.get(router);
    if (agent == null) {
      return;
    }
    agent.configured();
    if (agent.isReleased()) {
      commit(now);
      announceAll(agent);
    }
  }

  private void disconnected(String router, String reason) {
    AgentRecord agent = agents.get(router);
    if (agent == null) {
      return;
    }
    boolean news = agent.connectedUnixMs() != 0;
    agent.disconnected();
    if (news) {
      engine.setHeadless(router, initialSync.isComplete());
      dirty = true;
      event("agent", router, router, "unreachable: " + reason);
    }
  }

  private void notice(String router, String text) {
    AgentRecord agent = agents.get(router);
    if (agent != null) {
      agent.notice(text);
      event("notice", router, router, text);
    }
  }

  private void state(String router, StateEvent event, long now) {
    AgentRecord agent = agents.get(router);
    if (agent == null) {
      return;
    }
    switch (event.getEventCase()) {
      case LINK -> link(agent, event.getLink(), now);
      case SESSION -> session(agent, event.getSession(), now);
      case FIB -> agent.counters(event.getFib());
      case END_OF_SNAPSHOT -> {
        agent.stateKnown();
        agent.forgetGoneLinks().forEach(gone -> engine.connected(router, gone, List.of()));
        engine.setHeadless(router, false);
        dirty = true;
      }
      case NOTICE -> notice(router, event.getNotice());
      case GATEWAYS -> gateways(agent, event.getGateways());
      case FAULTS -> faults(agent, event.getFaults().getFaultsList());
      case ROUTES -> {
        // Taken where the acknowledgements are, see [Report.KernelVerdicts].
      }
      case SESSION_REMOVED, EVENT_NOT_SET -> {
        // The policy says which sessions there are.
      }
    }
  }

  /// Bad news at once, good news after a hold: a link that returns is used when it has stayed.
  private void link(AgentRecord agent, LinkState state, long now) {
    LinkHolds.Link key = new LinkHolds.Link(agent.router(), state.getInterface());
    boolean wasUp = agent.isUp(key.interfaceName());
    LinkState before = agent.link(state);
    loseFamilies(key, agent, before, state);
    dirty |= engine.connected(key.router(), key.interfaceName(), agent.addresses(state));
    boolean up = agent.isUp(key.interfaceName());
    if (!up) {
      linkHolds.down(key, wasUp, now);
      engine.setInterface(key.router(), key.interfaceName(), InterfaceState.DOWN);
    } else if (linkHolds.up(key, wasUp, now)) {
      engine.setInterface(key.router(), key.interfaceName(), InterfaceState.UP);
    }
    if (up != wasUp) {
      dirty = true;
      event("link", key.router(), key.interfaceName(), up ? "link up" : "link down");
    }
  }

  /// An interface that is up and lost its addresses of a family is of no use for that family.
  private void loseFamilies(
      LinkHolds.Link key, AgentRecord agent, @Nullable LinkState before, LinkState now) {
    Set<Family> lost = agent.lostFamilies(now);
    engine.setLostFamilies(key.router(), key.interfaceName(), lost);
    if (before != null && !before.getFamiliesList().equals(now.getFamiliesList())) {
      dirty = true;
      event(
          "link",
          key.router(),
          key.interfaceName(),
          lost.isEmpty() ? "addresses of every family again" : "no address of " + lost + " left");
    }
  }

  /// Next hops that do not answer: exits by them are not used. The agent holds those that return.
  private void gateways(AgentRecord agent, SilentGateways gateways) {
    Set<SilentGateway> silent = new HashSet<>();
    for (net.donut.api.agent.v1.SilentGateway gateway : gateways.getGatewaysList()) {
      silent.add(new SilentGateway(gateway.getInterface(), IpAddress.parse(gateway.getAddress())));
    }
    Set<SilentGateway> before = agent.silentGateways(silent);
    engine.setSilentGateways(agent.router(), silent);
    dirty = true;
    tellGateways(agent, silent, before, "next hop does not answer ARP or ND");
    tellGateways(agent, before, silent, "next hop answers again");
  }

  private void tellGateways(
      AgentRecord agent, Set<SilentGateway> of, Set<SilentGateway> without, String text) {
    of.stream()
        .filter(gateway -> !without.contains(gateway))
        .limit(MOST_TROUBLE_EVENTS)
        .forEach(gateway ->
            event(
                "gateway",
                agent.router(),
                gateway.address() + "%" + gateway.interfaceName(),
                text));
  }

  private void faults(AgentRecord agent, List<String> faults) {
    List<String> before = agent.faults(faults);
    faults.stream()
        .filter(fault -> !before.contains(fault))
        .forEach(fault -> event("notice", agent.router(), agent.router(), fault));
  }

  private void useReturned(long now) {
    for (LinkHolds.Link link : linkHolds.endDue(now)) {
      engine.setInterface(link.router(), link.interfaceName(), InterfaceState.UP);
      dirty = true;
    }
  }

  private void session(AgentRecord agent, SessionState state, long now) {
    SessionTable.Session known = sessions.find(state.getNeighbor());
    if (known != null) {
      tellBfd(known, known.state, state);
    }
    SessionTable.Session changed = sessions.report(state, agent.isYoung(now), now);
    dirty |= firstTables.heardFrom(state.getNeighbor(), now);
    if (changed != null) {
      dirty = true;
      tell(changed);
      if (changed.liveness == SessionLiveness.State.UP) {
        agent.sessionUp(changed.name.toString());
      }
    }
  }

  private void tellBfd(
      SessionTable.Session session, @Nullable SessionState before, SessionState now) {
    String text = EventText.bfd(before, now);
    if (!text.isEmpty()) {
      event("bfd", session.router, session.name.toString(), text);
    }
  }

  private void tell(SessionTable.Session session) {
    event("session", session.router, session.name.toString(), EventText.session(session));
  }

  void routes(Report.Routes batch, long now) {
    if (sessions.routes(batch)) {
      dirty |= !batch.heard().isEmpty() || !batch.complete().isEmpty();
      dirty |= firstTables.heardFrom(batch.session(), now);
      AgentRecord agent = agents.get(batch.router());
      if (agent != null && !sessions.isComplete(batch.session())) {
        agent.tableArrives(now);
      }
    }
  }

  void progress(Report.Progress latest) {
    AgentRecord agent = agents.get(latest.router());
    if (agent != null) {
      agent.progress(latest);
    }
  }

  // Time.

  void tick(long now) {
    useReturned(now);
    dirty |= firstTables.tick(now);
    for (AgentRecord agent : agents.values()) {
      if (agent.youngUntil() != Long.MIN_VALUE && agent.youngUntil() <= now) {
        agent.grownUp();
        for (SessionTable.Session session : sessions.noLongerYoung(agent.router(), now)) {
          dirty = true;
          tell(session);
        }
      }
    }
    for (RouteOverride over : overrides.endDue(now)) {
      dirty = true;
      event("override", "", over.prefix().toString(), "by " + over.neighbor() + " is over");
    }
    dirty |= sessions.trustReturned(now);
    for (SessionTable.Session session : sessions.tick(now)) {
      dirty = true;
      event("routes", session.router, session.name.toString(), "stale routes given up");
    }
    release(now);
    advance(now);
    converge(now);
  }

  private void release(long now) {
    List<AgentRecord> ready = initialSync.look(agents.values(), sessions, now);
    if (!ready.isEmpty()) {
      commit(now);
    }
    for (AgentRecord agent : ready) {
      announceAll(agent);
      event("notice", agent.router(), agent.router(), "is made equal to the intent from now on");
    }
  }

  private void advance(long now) {
    long ticket = stages.advance(progressOfAll(), now);
    if (ticket != openTicket) {
      openTicket = ticket;
      agents.values().forEach(agent -> agent.driver().open(ticket));
    }
    long latest = done.advance(progressOfAll(), now);
    if (latest != doneGeneration) {
      doneGeneration = latest;
      agents.values().forEach(agent -> agent.driver().othersDone(latest));
    }
  }

  private Collection<Report.Progress> progressOfAll() {
    return agents.values().stream().map(AgentRecord::progress).toList();
  }

  private void converge(long now) {
    if (convergedGeneration != generation && waiting().isEmpty()) {
      convergedGeneration = generation;
      convergedUnixNs = unixNs();
      milestones.settled(generation);
    }
    milestones.due(now).forEach(line -> event(line.kind(), "", "", line.text()));
  }

  /// When [#tick] has something to do next, in nanoseconds of `System.nanoTime`.
  long nextTick(long now) {
    long soonest = Math.min(sessions.nextTick(), initialSync.nextLook(agents.values(), now));
    soonest = Math.min(soonest, done.nextLook());
    soonest = Math.min(soonest, firstTables.nextTick());
    soonest = Math.min(soonest, overrides.nextEnd());
    soonest = Math.min(soonest, milestones.next());
    soonest = Math.min(soonest, linkHolds.nextEnd());
    for (AgentRecord agent : agents.values()) {
      if (agent.youngUntil() != Long.MIN_VALUE) {
        soonest = Math.min(soonest, agent.youngUntil());
      }
    }
    return stages.isWaiting() ? Math.min(soonest, now + StageGate.BOUND_NANOS) : soonest;
  }

  // Decisions out.

  /// Whether something was taken in that is not decided yet.
  boolean isDirty() {
    return dirty;
  }

  /// Decides what was taken in, and hands every router its part.
  void commit(long now) {
    if (dirty) {
      commit(AgentDriver.Cause.NEIGHBORS, now);
    }
  }

  private void commit(AgentDriver.Cause cause, long now) {
    dirty = false;
    hand(engine.commit(), cause, now);
  }

  private void hand(Delta delta, AgentDriver.Cause cause, long now) {
    generation++;
    moved = delta.moved();
    Map<String, RouterDelta> byRouter =
        delta.routers().stream().collect(Collectors.toMap(RouterDelta::router, part -> part));
    agents.forEach(
        (router, agent) -> agent.driver().change(generation, byRouter.get(router), cause));
    int[] handed =
        delta.routers().stream()
            .flatMap(part -> part.routes().stream())
            .mapToInt(block -> block.stage())
            .distinct()
            .toArray();
    stages.add(generation, IntStream.of(handed), now);
    done.add(generation, IntStream.of(handed), now);
    if (initialSync.isComplete() && !delta.exports().isEmpty()) {
      announce(delta.exports());
    }
    milestones.moved(delta.moved());
    advance(now);
  }

  private void announce(List<ExportBlock> exports) {
    Map<String, List<ExportBlock>> byRouter = new LinkedHashMap<>();
    for (ExportBlock block : exports) {
      NeighborEntry neighbor = policy.document().neighbor(block.neighbor());
      if (neighbor != null) {
        byRouter.computeIfAbsent(neighbor.router(), _ -> new ArrayList<>()).add(block);
      }
    }
    byRouter.forEach((router, blocks) -> {
      AgentRecord agent = agents.get(router);
      if (agent != null) {
        agent.driver().announce(blocks, generation);
      }
    });
  }

  private void announceAll(AgentRecord agent) {
    List<ExportBlock> blocks = new ArrayList<>();
    for (NeighborEntry neighbor : policy.document().neighborsAt(agent.router())) {
      blocks.addAll(engine.exports(engine.neighbor(neighbor.name())));
    }
    agent.driver().announceAll(blocks, generation);
    agent.driver().othersDone(doneGeneration);
  }

  // Commands of operators.

  /// Replaces the policy. Returns what changed, one line each.
  List<String> apply(PolicyInUse next, long now) {
    commit(now);
    List<String> changes = PolicyChanges.between(policy.document(), next.document());
    PolicyDocument before = policy.document();
    policy = next;
    firstTables.stop();
    engine.applyPolicy(next.document().toPolicy());
    drained.removeIf(neighbor -> next.document().neighbor(neighbor) == null);
    drained.forEach(neighbor -> engine.drain(engine.neighbor(neighbor)));
    sessions.configure(next.document());
    linkHolds.range(next.document().timers().returnHold());
    List<AgentRecord> fresh = adjustDrivers(before, next.document());
    linkHolds.keepOnly(agents.keySet());
    agents.forEach((router, agent) ->
        agent.interfaceStates().forEach((name, state) -> engine.setInterface(router, name, state)));
    commit(AgentDriver.Cause.OPERATOR, now);
    fresh.forEach(this::fill);
    event("policy", "", next.fileName(), "applied as generation " + next.generation());
    changes.forEach(change -> event("policy", "", next.fileName(), change));
    return changes;
  }

  /// Opens the drivers of new routers and closes those of others; returns the new ones.
  private List<AgentRecord> adjustDrivers(PolicyDocument before, PolicyDocument next) {
    List<AgentRecord> fresh = new ArrayList<>();
    Map<String, RouterEntry> known =
        before.routers().stream().collect(Collectors.toMap(RouterEntry::name, entry -> entry));
    for (RouterEntry router : next.routers()) {
      RouterEntry old = known.remove(router.name());
      AgentRecord agent = agents.get(router.name());
      if (old != null && agent != null && old.agent().equals(router.agent())) {
        agent.driver().configure(configuration(router));
      } else {
        if (agent != null) {
          agent.driver().close();
        }
        fresh.add(openDriver(router));
      }
    }
    for (String gone : known.keySet()) {
      Objects.requireNonNull(agents.remove(gone)).driver().close();
    }
    return fresh;
  }

  private void fill(AgentRecord agent) {
    RouterView view = engine.snapshot(agent.router());
    agent
        .driver()
        .change(
            generation,
            new RouterDelta(
                view.router(),
                view.hops(),
                view.groups(),
                view.routes(),
                view.overrideEnds(),
                List.of(),
                List.of()),
            AgentDriver.Cause.OPERATOR);
    agent.driver().open(openTicket);
  }

  /// Drains a neighbor. Returns how many prefixes moved.
  long drain(String neighbor, long now) {
    return drained.add(neighbor) ? redecide(() -> engine.drain(engine.neighbor(neighbor)), now) : 0;
  }

  /// Ends a drain. Returns how many prefixes moved.
  long undrain(String neighbor, long now) {
    return drained.remove(neighbor)
        ? redecide(() -> engine.undrain(engine.neighbor(neighbor)), now)
        : 0;
  }

  /// Sends a prefix by one neighbor for a time, or prolongs that. Returns how many prefixes moved.
  long override(SavedOverride override, long now) {
    String text = "by " + override.neighbor() + " until " + override.until();
    event("override", "", override.prefix().toString(), text);
    return redecide(() -> overrides.add(override, now), now);
  }

  /// Ends an override. Returns how many prefixes moved.
  long endOverride(Prefix prefix, long now) {
    event("override", "", prefix.toString(), "ended by an operator");
    return redecide(() -> engine.endOverride(prefix), now);
  }

  /// The overrides that stand, with the time of day when each ends.
  public List<SavedOverride> overrides() {
    return overrides.saved(System.nanoTime());
  }

  private long redecide(Runnable change, long now) {
    commit(now);
    change.run();
    commit(AgentDriver.Cause.OPERATOR, now);
    return moved;
  }

  /// The neighbors that are drained.
  public Set<String> drained() {
    return Set.copyOf(drained);
  }

  void watch(Watcher watcher) {
    watchers.add(watcher);
  }

  void unwatch(Watcher watcher) {
    watchers.remove(watcher);
  }

  private void event(String kind, String router, String subject, String text) {
    OperatorEvent event = new OperatorEvent(unixNs(), kind, router, subject, text, generation);
    ControllerRibLog.happened(event);
    watchers.forEach(watcher -> watcher.put(event));
  }

  private long unixNs() {
    Instant now = clock.instant();
    return now.getEpochSecond() * 1_000_000_000L + now.getNano();
  }

  // What operators ask; answers are as of the last commit.

  public Engine engine() {
    return engine;
  }

  public PolicyInUse policy() {
    return policy;
  }

  /// What applying a policy would change, one line each.
  public List<String> changesTo(PolicyDocument next) {
    return PolicyChanges.between(policy.document(), next);
  }

  public long startedUnixMs() {
    return startedUnixMs;
  }

  public long generation() {
    return generation;
  }

  public long convergedUnixNs() {
    return convergedUnixNs;
  }

  public List<String> routers() {
    return List.copyOf(agents.keySet());
  }

  public @Nullable AgentDriver driver(String router) {
    AgentRecord agent = agents.get(router);
    return agent == null ? null : agent.driver();
  }

  public boolean isDrained(String neighbor) {
    return drained.contains(neighbor);
  }

  /// Whether the agent of a router answers.
  boolean isConnected(String router) {
    AgentRecord agent = agents.get(router);
    return agent != null && agent.connectedUnixMs() != 0;
  }

  Collection<AgentRecord> agents() {
    return agents.values();
  }

  SessionTable sessions() {
    return sessions;
  }

  /// Why not everything is settled, one line each; empty when it is.
  public List<String> waiting() {
    return new Unsettled(dirty, generation, initialSync, linkHolds, sessions, agents.values())
        .reasons();
  }
}

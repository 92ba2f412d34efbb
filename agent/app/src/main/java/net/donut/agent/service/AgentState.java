package net.donut.agent.service;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Consumer;
import net.donut.agent.bfd.BfdLink;
import net.donut.agent.fib.Adjacency;
import net.donut.agent.fib.Failure;
import net.donut.agent.fib.FibCounters;
import net.donut.agent.fib.FibEvent;
import net.donut.agent.fib.LinkStatus;
import net.donut.agent.fib.RouteTrouble;
import net.donut.agent.rib.RibPort;
import net.donut.agent.rib.SessionCounts;
import net.donut.api.agent.v1.ConfigureRequest;
import net.donut.api.agent.v1.ConfigureResponse;
import net.donut.api.agent.v1.KernelFaults;
import net.donut.api.agent.v1.StateEvent;
import net.donut.bfd.BfdSettings;
import net.donut.bfd.BfdStatus;
import net.donut.bgp.BgpSpeaker;
import net.donut.bgp.CeaseReason;
import net.donut.bgp.ClockReading;
import net.donut.bgp.SessionSnapshot;
import net.donut.bgp.SessionState;
import net.donut.model.Family;
import net.donut.model.IpAddress;
import net.donut.model.ReturnHolds;
import net.donut.model.queue.Mailbox;
import net.donut.model.queue.Outbox;
import net.donut.model.queue.Owner;
import org.jspecify.annotations.Nullable;

/// The configuration and the state of links, sessions and FIB, told to subscribers; and the thread
/// `agent-state`, which owns it all. Acts on two things itself: a link that loses its carrier, and
/// a path that BFD finds dead, take their sessions down at once; those that return have them tried
/// at once.
public final class AgentState implements RibPort, BfdLink.Listener, AutoCloseable {
  private static final int TASKS = 256;
  private static final int NOTICES = 256;
  private static final int CHANGES_A_TURN = 1024;
  private static final long POLL_NANOS = TimeUnit.MILLISECONDS.toNanos(500);
  private static final long LONGEST_REST_NANOS = TimeUnit.MILLISECONDS.toNanos(250);

  /// What another thread found changed; the latest counts.
  private sealed interface Change {
    record Session(SessionSnapshot snapshot) implements Change {}

    record Counts(SessionCounts counts) implements Change {}

    record Link(LinkStatus link) implements Change {}

    record Fib(FibCounters counters) implements Change {}

    /// All gateways that do not answer.
    record Gateways(Set<Adjacency> failed) implements Change {}

    /// All that is wrong with the kernel.
    record Faults(List<String> faults) implements Change {}

    record Bfd(BfdStatus status) implements Change {}

    /// A session withdraws much at once, or no longer.
    record Withdrawing(String session, boolean much) implements Change {}
  }

  /// A request; runs on `agent-state`.
  @FunctionalInterface
  interface Task {
    void run(AgentState state);
  }

  private final Owner owner = new Owner("agent-state");
  private final Thread thread = Thread.ofPlatform().name("agent-state").unstarted(this::run);
  private final ConfigStore store;
  private final Consumer<Throwable> onFailure;

  // gRPC callbacks -> agent-state; the caller waits when full
  private final Mailbox<Task> tasks = new Mailbox<>(TASKS, this::wake);
  // bgp event loop, agent-rib, agent-fib -> agent-state; one entry per session, link, counter set
  private final Outbox<String, Change> changes = new Outbox<>(this::wake);
  // agent-fib -> agent-state; one entry per route in trouble
  private final Outbox<StateWatcher.RouteKey, RouteTrouble> troubles = new Outbox<>(this::wake);
  // agent-rib, agent-fib -> agent-state; dropped when full (logged in any case)
  private final Mailbox<String> notices = new Mailbox<>(NOTICES, this::wake);

  private final Map<String, NeighborSettings> neighbors = new LinkedHashMap<>();
  private final Map<String, SessionSnapshot> snapshots = new HashMap<>();
  private final Map<String, SessionCounts> counts = new HashMap<>();
  private final BfdStandings bfd = new BfdStandings();
  private final Map<String, LinkStatus> links = new LinkedHashMap<>();
  private final List<StateWatcher> watchers = new ArrayList<>();
  private final Set<String> interfaces = new HashSet<>();
  private final Map<String, String> localAddresses = new HashMap<>();
  private final WithdrawalStandings withdrawals = new WithdrawalStandings();
  private final Map<StateWatcher.RouteKey, RouteTrouble> troubled = new LinkedHashMap<>();
  private FibCounters fib = FibCounters.NONE;
  private Set<Adjacency> silent = Set.of();
  private List<String> faults = List.of();
  private Set<Adjacency> toldUnreachable = Set.of();
  private long generation;
  private long noticeNumber;
  private long polledNanos;
  private @Nullable AgentParts parts;

  /// `onFailure` hears of a bug that ended the thread.
  public AgentState(Path stateDirectory, Consumer<Throwable> onFailure) {
    this.store = new ConfigStore(stateDirectory);
    this.onFailure = onFailure;
  }

  /// Hears of BFD with a neighbor. Any thread.
  @Override
  public void bfd(BfdStatus status) {
    changes.put("bfd " + status.name(), new Change.Bfd(status));
  }

  /// Starts, with what it acts upon: those hear of this state, and so are made after it.
  public void start(AgentParts agentParts) {
    parts = agentParts;
    thread.start();
  }

  /// The configuration of the process before this one, or null.
  public @Nullable ConfigureRequest savedConfiguration() throws IOException {
    return store.load();
  }

  /// Hears of a session. Any thread.
  public void session(String neighbor, SessionSnapshot snapshot) {
    changes.put("session " + neighbor, new Change.Session(snapshot));
  }

  /// Hears of the FIB, which has logged its notices itself. Any thread.
  public void fib(FibEvent event) {
    switch (event) {
      case FibEvent.LinkChanged(var link) ->
          changes.put("link " + link.name(), new Change.Link(link));
      case FibEvent.CountersChanged(var counters) -> changes.put("fib", new Change.Fib(counters));
      case FibEvent.RoutesChanged(var routes) ->
          routes.forEach(route -> troubles.put(StateWatcher.RouteKey.of(route), route));
      case FibEvent.GatewaysChanged(var failed) ->
          changes.put("gateways", new Change.Gateways(failed));
      case FibEvent.FaultsChanged(var all) -> changes.put("faults", new Change.Faults(all));
      case FibEvent.Notice(var text) -> notices.offer(text);
    }
  }

  @Override
  public void counts(SessionCounts value) {
    changes.put("counts " + value.session(), new Change.Counts(value));
  }

  @Override
  public void overLimit(String session, Family family, int prefixes, int limit) {
    notice(
        session + ": " + prefixes + " " + family + " prefixes (limit: " + limit + "): Cease 6/1");
    speaker().overLimit(session, family, prefixes, limit);
  }

  @Override
  public void limitRaised(String session, Family family) {
    speaker().limitRaised(session, family);
  }

  @Override
  public void nearLimit(String session, Family family, int prefixes, int limit) {
    notice(session + ": " + prefixes + " " + family + " prefixes (limit: " + limit + ")");
  }

  @Override
  public void withdrawing(String session, boolean much) {
    changes.put("withdrawing " + session, new Change.Withdrawing(session, much));
  }

  /// One line for the operator. Any thread.
  @Override
  public void notice(String text) {
    ServiceLog.notice(text);
    notices.offer(text);
  }

  /// Runs a request soon; waits while too many wait already.
  void submit(Task task) {
    try {
      tasks.put(task);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  /// A subscriber may have become ready.
  void wake() {
    LockSupport.unpark(thread);
  }

  /// Applies a configuration and answers when the sessions know it. Any thread. Throws
  /// IllegalArgumentException when the settings of the agent itself are wrong.
  public void configure(ConfigureRequest request, Consumer<ConfigureResponse> answer) {
    ConfigMapping.Parsed parsed = ConfigMapping.parse(request);
    submit(state -> state.apply(parsed, answer));
  }

  private void run() {
    owner.claim();
    try {
      while (!tasks.isClosed()) {
        if (!turn()) {
          LockSupport.parkNanos(LONGEST_REST_NANOS);
        }
      }
    } catch (RuntimeException | Error e) {
      onFailure.accept(e);
    }
  }

  private boolean turn() {
    int done = changes.drain(CHANGES_A_TURN, (_, change) -> handle(change));
    done += troubles.drain(CHANGES_A_TURN, (_, trouble) -> routeChanged(trouble));
    done += tasks.drain(task -> task.run(this), TASKS);
    done += notices.drain(this::publishNotice, NOTICES);
    pollSessions();
    endWithdrawing();
    watchers.forEach(StateWatcher::tell);
    return done > 0;
  }

  private void handle(Change change) {
    switch (change) {
      case Change.Session(var snapshot) -> sessionChanged(snapshot);
      case Change.Counts(var value) -> {
        counts.put(value.session(), value);
        publishSession(value.session(), StateWatcher.News.OTHER);
      }
      case Change.Link(var link) -> linkChanged(link);
      case Change.Bfd(var status) -> bfdChanged(status);
      case Change.Withdrawing burst -> withdrawing(burst);
      case Change.Fib(var counters) -> {
        fib = counters;
        withdrawals.fibChanged(System.nanoTime());
        publish("fib", event().setFib(StateMapping.fib(counters)), StateWatcher.News.OTHER);
      }
      case Change.Gateways(var failed) -> {
        silent = failed;
        publish(
            "gateways", event().setGateways(StateMapping.gateways(failed)), StateWatcher.News.BAD);
      }
      case Change.Faults(var all) -> {
        faults = all;
        publish("faults", event().setFaults(faultsMessage()), StateWatcher.News.OTHER);
      }
    }
  }

  private KernelFaults faultsMessage() {
    return KernelFaults.newBuilder().addAllFaults(faults).build();
  }

  private void routeChanged(RouteTrouble trouble) {
    StateWatcher.RouteKey key = StateWatcher.RouteKey.of(trouble);
    RouteTrouble before = trouble.isOver() ? troubled.remove(key) : troubled.put(key, trouble);
    if (!trouble.equals(before) && (before != null || !trouble.isOver())) {
      watchers.forEach(watcher -> watcher.put(trouble));
    }
  }

  private void sessionChanged(SessionSnapshot snapshot) {
    SessionSnapshot before = snapshots.put(snapshot.name(), snapshot);
    if (snapshot.equals(before)) {
      return;
    }
    boolean lost =
        before != null
            && before.state() == SessionState.ESTABLISHED
            && snapshot.state() != SessionState.ESTABLISHED;
    if (snapshot.state() == SessionState.ESTABLISHED) {
      bfd.established(snapshot.name(), snapshot.since());
      tellUnreachable();
    }
    publishSession(snapshot.name(), lost ? StateWatcher.News.BAD : StateWatcher.News.OTHER);
  }

  private void bfdChanged(BfdStatus status) {
    NeighborSettings neighbor = neighbors.get(status.name());
    if (neighbor == null || neighbor.bfd() == null) {
      return;
    }
    BfdStandings.Turn turn = bfd.put(status, ClockReading.now());
    tellUnreachable();
    switch (turn) {
      case FAILED -> bfdFailed(status);
      case ALIVE -> {
        speaker().kick(status.name());
        publishSession(status.name(), StateWatcher.News.OTHER);
      }
      case OTHER -> publishSession(status.name(), StateWatcher.News.OTHER);
      case NONE -> {}
    }
  }

  /// RFC 5882 §3.2: the path is dead, whatever the session has noticed. RFC 9384 has the Cease.
  private void bfdFailed(BfdStatus status) {
    SessionSnapshot snapshot = snapshots.get(status.name());
    if (snapshot != null && snapshot.state().compareTo(SessionState.OPEN_SENT) >= 0) {
      ServiceLog.bfdFailed(status.name(), status.diagnostic().toString());
      speaker().tearDown(status.name(), CeaseReason.BFD_DOWN, "BFD down: " + status.diagnostic());
    }
    publishSession(status.name(), StateWatcher.News.BAD);
  }

  private void tellUnreachable() {
    Set<Adjacency> now = bfd.unreachable(neighbors.values());
    if (!now.equals(toldUnreachable)) {
      toldUnreachable = now;
      judge("bfd", now, Failure.UNREACHABLE);
    }
  }

  private void judge(String source, Set<Adjacency> gateways, Failure failure) {
    parts().forwarding().judge(source, gateways, failure);
  }

  private void withdrawing(Change.Withdrawing change) {
    if (!change.much()) {
      withdrawals.ends(change.session());
    } else if (withdrawals.begins(change.session())) {
      notice(
          change.session()
              + ": withdraws many routes at once; traffic takes other exits where there are any");
      judgeWithdrawing();
    }
  }

  private void endWithdrawing() {
    Set<String> released = withdrawals.release(System.nanoTime());
    if (!released.isEmpty()) {
      released.forEach(session -> notice(session + ": no longer withdraws many routes"));
      judgeWithdrawing();
    }
  }

  private void judgeWithdrawing() {
    Set<Adjacency> gateways = new HashSet<>();
    for (String session : withdrawals.sessions()) {
      NeighborSettings neighbor = neighbors.get(session);
      if (neighbor != null) {
        gateways.add(neighbor.gateway());
      }
    }
    judge("withdrawals", gateways, Failure.WITHDRAWING);
  }

  private void linkChanged(LinkStatus link) {
    LinkStatus before = links.get(link.name());
    if (link.exists()) {
      links.put(link.name(), link);
    } else {
      links.remove(link.name());
    }
    boolean lost = before != null && before.isUsable() && !link.isUsable();
    if (lost) {
      dropSessionsOn(link.name());
    } else if (before != null && !before.isUsable() && link.isUsable()) {
      trySessionsOn(link.name());
    } else if (before != null) {
      lost = addressesChanged(before, link);
    }
    if (interfaces.isEmpty() || interfaces.contains(link.name())) {
      publish(
          "link " + link.name(),
          event().setLink(StateMapping.link(link)),
          lost ? StateWatcher.News.BAD : StateWatcher.News.OTHER);
    }
  }

  private void dropSessionsOn(String interfaceName) {
    for (NeighborSettings neighbor : neighbors.values()) {
      if (interfaceName.equals(neighbor.interfaceName())) {
        drop(neighbor, "interface " + interfaceName + " lost its carrier");
      }
    }
  }

  private void drop(NeighborSettings neighbor, String why) {
    SessionSnapshot snapshot = snapshots.get(neighbor.name());
    if (snapshot != null && snapshot.state().compareTo(SessionState.OPEN_SENT) >= 0) {
      ServiceLog.torndown(neighbor.name(), why);
      speaker().tearDown(neighbor.name(), CeaseReason.RESET, why);
    }
  }

  /// Sessions do not outlive the address they are bound to: TCP would notice only when the hold
  /// timer does. Returns whether any was lost.
  private boolean addressesChanged(LinkStatus before, LinkStatus now) {
    boolean lost = false;
    for (NeighborSettings neighbor : neighbors.values()) {
      String local = localAddress(neighbor);
      if (local.isEmpty() || before.has(local) == now.has(local)) {
        continue;
      }
      if (now.has(local)) {
        ServiceLog.addressReturned(local, now.name(), neighbor.name());
        speaker().kick(neighbor.name());
      } else if (now.name().equals(neighbor.interfaceName()) || !isLocal(local)) {
        lost = true;
        drop(
            neighbor,
            now.master().isEmpty()
                ? "local address " + local + " left " + now.name()
                : "local address "
                    + local
                    + " is of no use: "
                    + now.name()
                    + " became a port of "
                    + now.master());
      }
    }
    return lost;
  }

  private boolean isLocal(String address) {
    return links.values().stream().anyMatch(link -> link.has(address));
  }

  /// The address that a session is bound to or was made from last; empty when it is not known.
  private String localAddress(NeighborSettings neighbor) {
    IpAddress configured = neighbor.bgp().localAddress();
    SessionSnapshot snapshot = snapshots.get(neighbor.name());
    IpAddress used = snapshot == null ? null : snapshot.localAddress();
    IpAddress local = configured != null ? configured : used;
    if (local != null) {
      localAddresses.put(neighbor.name(), local.toString());
    }
    return localAddresses.getOrDefault(neighbor.name(), "");
  }

  private void trySessionsOn(String interfaceName) {
    for (NeighborSettings neighbor : neighbors.values()) {
      if (interfaceName.equals(neighbor.interfaceName())) {
        ServiceLog.linkReturned(interfaceName, neighbor.name());
        speaker().kick(neighbor.name());
      }
    }
  }

  private void apply(ConfigMapping.Parsed parsed, Consumer<ConfigureResponse> answer) {
    owner.check();
    Map<String, NeighborSettings> before = new LinkedHashMap<>(neighbors);
    neighbors.clear();
    parsed.neighbors().forEach(neighbor -> neighbors.put(neighbor.name(), neighbor));
    interfaces.clear();
    interfaces.addAll(parsed.request().getInterfacesList());
    generation = parsed.request().getGeneration();
    ReturnHolds.Range range = parsed.holds();
    if (range != null) {
      parts().forwarding().holds(range);
    }
    before.keySet().removeAll(neighbors.keySet());
    before.keySet().forEach(this::forget);
    List<String> errors = new ArrayList<>(parsed.errors());
    save(parsed.request(), errors);
    parts()
        .rib()
        .submit(table ->
            table.configure(parsed.neighbors().stream().map(NeighborSettings::rib).toList()));
    Map<String, String> interfaceOf = new HashMap<>();
    for (NeighborSettings neighbor : parsed.neighbors()) {
      String name = neighbor.interfaceName();
      interfaceOf.put(neighbor.name(), name == null ? "" : name);
    }
    parts().edge().configure(interfaceOf);
    configureBfd();
    ConfigureResponse response =
        ConfigureResponse.newBuilder().setGeneration(generation).addAllErrors(errors).build();
    speaker()
        .configure(parsed.neighbors().stream().map(NeighborSettings::bgp).toList())
        .whenComplete((_, _) -> answer.accept(response));
    neighbors.keySet().forEach(name -> publishSession(name, StateWatcher.News.OTHER));
    ServiceLog.configured(generation, neighbors.size(), parsed.errors().size());
  }

  private void configureBfd() {
    List<BfdSettings> sessions = new ArrayList<>();
    for (NeighborSettings neighbor : neighbors.values()) {
      BfdSettings settings = neighbor.bfd();
      if (settings == null) {
        bfd.forget(neighbor.name());
      } else {
        sessions.add(settings);
      }
    }
    tellUnreachable();
    parts().bfd().accept(sessions);
  }

  private void save(ConfigureRequest request, List<String> errors) {
    try {
      store.save(request);
    } catch (IOException e) {
      ServiceLog.configurationNotSaved(e);
      errors.add("configuration applied but not saved: " + e);
    }
  }

  private void forget(String name) {
    snapshots.remove(name);
    counts.remove(name);
    localAddresses.remove(name);
    bfd.forget(name);
    if (withdrawals.forget(name)) {
      judgeWithdrawing();
    }
    publish("session " + name, event().setSessionRemoved(name), StateWatcher.News.BAD);
  }

  /// The counters of sessions change without a change of state, so they are asked for.
  private void pollSessions() {
    long now = System.nanoTime();
    if (watchers.isEmpty() || now - polledNanos < POLL_NANOS) {
      return;
    }
    polledNanos = now;
    speaker()
        .snapshots()
        .thenAccept(list -> list.forEach(snapshot -> session(snapshot.name(), snapshot)));
  }

  private void publishNotice(String text) {
    publish("notice " + noticeNumber++ % NOTICES, event().setNotice(text), StateWatcher.News.OTHER);
  }

  private void publishSession(String name, StateWatcher.News news) {
    NeighborSettings neighbor = neighbors.get(name);
    if (neighbor != null) {
      publish("session " + name, event().setSession(sessionState(neighbor)), news);
    }
  }

  private net.donut.api.agent.v1.SessionState sessionState(NeighborSettings neighbor) {
    net.donut.api.agent.v1.SessionState state = sessionWithoutBfd(neighbor);
    BfdStandings.Standing standing = bfd.of(neighbor.name());
    return neighbor.bfd() == null || standing == null
        ? state
        : state.toBuilder()
            .setBfd(
                StateMapping.bfd(standing.status(), standing.since().wallClock().toEpochMilli()))
            .build();
  }

  private net.donut.api.agent.v1.SessionState sessionWithoutBfd(NeighborSettings neighbor) {
    return StateMapping.session(
        neighbor.bgp(), snapshots.get(neighbor.name()), counts.get(neighbor.name()));
  }

  static StateEvent.Builder event() {
    Instant now = Instant.now();
    return StateEvent.newBuilder()
        .setUnixNs(TimeUnit.SECONDS.toNanos(now.getEpochSecond()) + now.getNano());
  }

  private void publish(String key, StateEvent.Builder event, StateWatcher.News news) {
    StateEvent built = event.build();
    watchers.forEach(watcher -> watcher.put(key, built, news));
  }

  /// Tells a subscriber everything, an end marker, then changes.
  void subscribe(StateSubscriber subscriber) {
    owner.check();
    StateWatcher watcher = new StateWatcher(subscriber);
    StateWatcher.News other = StateWatcher.News.OTHER;
    for (LinkStatus link : links.values()) {
      if (interfaces.isEmpty() || interfaces.contains(link.name())) {
        watcher.put("link " + link.name(), event().setLink(StateMapping.link(link)).build(), other);
      }
    }
    for (NeighborSettings neighbor : neighbors.values()) {
      watcher.put(
          "session " + neighbor.name(), event().setSession(sessionState(neighbor)).build(), other);
    }
    watcher.put("fib", event().setFib(StateMapping.fib(fib)).build(), other);
    watcher.put("gateways", event().setGateways(StateMapping.gateways(silent)).build(), other);
    watcher.put("faults", event().setFaults(faultsMessage()).build(), other);
    troubled.values().forEach(watcher::put);
    watcher.put("end", event().setEndOfSnapshot(true).build(), other);
    watchers.add(watcher);
  }

  void unsubscribe(StateSubscriber subscriber) {
    owner.check();
    watchers.removeIf(watcher -> watcher.subscriber().equals(subscriber));
  }

  long generation() {
    owner.check();
    return generation;
  }

  private BgpSpeaker speaker() {
    return parts().speaker();
  }

  private AgentParts parts() {
    AgentParts found = parts;
    if (found == null) {
      throw new IllegalStateException("parts: none (expected: started)");
    }
    return found;
  }

  /// Ends the thread and waits for it, at most two seconds.
  @Override
  public void close() {
    tasks.close();
    wake();
    try {
      thread.join(2000);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}

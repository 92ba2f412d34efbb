package net.donut.controller.rib;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import net.donut.api.agent.v1.FibCounters;
import net.donut.api.agent.v1.HelloResponse;
import net.donut.api.agent.v1.LinkState;
import net.donut.controller.southbound.AgentDriver;
import net.donut.controller.southbound.Report;
import net.donut.core.InterfaceState;
import org.jspecify.annotations.Nullable;

/// What is known of one router's agent. Owned by `rib`.
final class AgentRecord {
  private static final int NOTICES = 20;

  private final String router;
  private AgentDriver driver;
  private @Nullable HelloResponse hello;
  private Report.Progress progress;
  private FibCounters counters = FibCounters.getDefaultInstance();
  private final Map<String, LinkState> links = new TreeMap<>();
  private final ArrayDeque<String> notices = new ArrayDeque<>();
  private long connectedUnixMs;
  private long youngUntil = Long.MAX_VALUE;
  private int inventory = -1;
  private boolean stateKnown;

  AgentRecord(String router, AgentDriver driver) {
    this.router = router;
    this.driver = driver;
    this.progress = unreachable(router);
  }

  private static Report.Progress unreachable(String router) {
    return new Report.Progress(
        router, Report.Phase.UNREACHABLE, 0, 0, 0, 0, 0, 0, 0, 0, "not connected yet");
  }

  String router() {
    return router;
  }

  AgentDriver driver() {
    return driver;
  }

  /// The agent moved to another address.
  void driver(AgentDriver next) {
    driver = next;
    progress = unreachable(router);
    inventory = -1;
  }

  /// A connection began. The agent is young until `grace` after its own start.
  void connected(HelloResponse greeting, long unixMs, long now, long graceNanos) {
    hello = greeting;
    connectedUnixMs = unixMs;
    long graceMillis = TimeUnit.NANOSECONDS.toMillis(graceNanos);
    long ageMillis = Math.clamp(greeting.getUptimeMs(), 0, graceMillis);
    youngUntil = now + TimeUnit.MILLISECONDS.toNanos(graceMillis - ageMillis);
    inventory = -1;
    stateKnown = false;
    links.clear();
    notices.clear();
  }

  void disconnected() {
    youngUntil = Long.MAX_VALUE;
    connectedUnixMs = 0;
  }

  boolean isYoung(long now) {
    return now < youngUntil;
  }

  /// When the agent stops being young, or never.
  long youngUntil() {
    return youngUntil;
  }

  void grownUp() {
    youngUntil = Long.MIN_VALUE;
  }

  @Nullable HelloResponse hello() {
    return hello;
  }

  long connectedUnixMs() {
    return connectedUnixMs;
  }

  Report.Progress progress() {
    return progress;
  }

  void progress(Report.Progress latest) {
    progress = latest;
  }

  FibCounters counters() {
    return counters;
  }

  void counters(FibCounters latest) {
    counters = latest;
  }

  /// The number of entries found at the agent, -1 while they are not read.
  int inventory() {
    return inventory;
  }

  void inventory(int entries) {
    inventory = entries;
  }

  boolean isStateKnown() {
    return stateKnown;
  }

  void stateKnown() {
    stateKnown = true;
  }

  /// Takes the state of a link. Returns the state before, or null.
  @Nullable LinkState link(LinkState state) {
    return links.put(state.getInterface(), state);
  }

  List<LinkState> links() {
    return new ArrayList<>(links.values());
  }

  Map<String, InterfaceState> interfaceStates() {
    Map<String, InterfaceState> states = new LinkedHashMap<>();
    links.forEach((name, state) -> states.put(name, stateOf(state)));
    return states;
  }

  static InterfaceState stateOf(LinkState link) {
    return link.getExists() && link.getAdminUp() && link.getCarrier()
        ? InterfaceState.UP
        : InterfaceState.DOWN;
  }

  /// Whether an interface is up as far as the agent said.
  boolean isUp(String interfaceName) {
    LinkState link = links.get(interfaceName);
    return link == null || stateOf(link) == InterfaceState.UP;
  }

  void notice(String text) {
    notices.remove(text);
    notices.addLast(text);
    if (notices.size() > NOTICES) {
      notices.removeFirst();
    }
  }

  List<String> warnings() {
    List<String> all = new ArrayList<>();
    HelloResponse greeting = hello;
    if (greeting != null) {
      all.addAll(greeting.getWarningsList());
    }
    all.addAll(notices);
    return all;
  }
}

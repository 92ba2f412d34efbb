package net.donut.controller.rib;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import net.donut.api.FamilyMapping;
import net.donut.api.agent.v1.FibCounters;
import net.donut.api.agent.v1.HelloResponse;
import net.donut.api.agent.v1.LinkState;
import net.donut.controller.southbound.AgentDriver;
import net.donut.controller.southbound.Report;
import net.donut.core.InterfaceAddress;
import net.donut.core.InterfaceState;
import net.donut.core.SilentGateway;
import net.donut.model.Family;
import net.donut.model.Prefix;
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
  private final Map<String, List<InterfaceAddress>> addresses = new TreeMap<>();
  private final ArrayDeque<String> notices = new ArrayDeque<>();
  private final Map<String, Set<Family>> families = new HashMap<>();
  private Set<SilentGateway> silent = Set.of();
  private List<String> faults = List.of();
  private long connectedUnixMs;
  private long youngUntil = Long.MAX_VALUE;
  private int inventory = -1;
  private boolean stateKnown;
  private @Nullable SessionWait grace;
  private boolean released;

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
    grace = null;
    released = false;
  }

  /// A connection began. The agent is young until a grace after its own start.
  void connected(HelloResponse greeting, long unixMs, long now) {
    hello = greeting;
    connectedUnixMs = unixMs;
    if (grace == null) {
      grace = new SessionWait(now);
    }
    long graceMillis = TimeUnit.NANOSECONDS.toMillis(SessionWait.LEAST_NANOS);
    long ageMillis = Math.clamp(greeting.getUptimeMs(), 0, graceMillis);
    youngUntil = now + TimeUnit.MILLISECONDS.toNanos(graceMillis - ageMillis);
    inventory = -1;
    stateKnown = false;
    links.clear();
    families.clear();
    faults = List.of();
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

  /// Takes the number of entries found at the agent.
  void inventory(int entries) {
    inventory = entries;
  }

  /// Whether the agent has routes to lose: entries, or what an earlier run left in its kernel.
  boolean hasRoutes() {
    HelloResponse greeting = hello;
    return inventory > 0 || (greeting != null && greeting.getUnclaimedRoutes() > 0);
  }

  /// Whether its entries and its state were read on this connection.
  boolean isKnown() {
    return inventory >= 0 && stateKnown;
  }

  /// One of its sessions brought routes of a table that is not complete.
  void tableArrives(long now) {
    SessionWait current = grace;
    if (current != null) {
      current.tableArrives(now);
    }
  }

  /// Whether its sessions had their time since its first connection to this controller.
  boolean isGraceOver(long now) {
    SessionWait current = grace;
    return current != null && current.isOver(now);
  }

  /// When the grace is over, or never while there was no connection.
  long graceEnds() {
    SessionWait current = grace;
    return current == null ? Long.MAX_VALUE : current.ends();
  }

  /// It may be made equal to the intent.
  void release() {
    released = true;
    driver.release();
  }

  boolean isReleased() {
    return released;
  }

  void stateKnown() {
    stateKnown = true;
  }

  /// Takes the state of a link. Returns the state before, or null.
  @Nullable LinkState link(LinkState state) {
    return links.put(state.getInterface(), state);
  }

  /// The families that an interface had since the connection began and has no address of now.
  Set<Family> lostFamilies(LinkState state) {
    Set<Family> now = EnumSet.noneOf(Family.class);
    state.getFamiliesList().forEach(family -> now.add(FamilyMapping.fromProto(family)));
    Set<Family> had =
        families.computeIfAbsent(state.getInterface(), _ -> EnumSet.noneOf(Family.class));
    had.addAll(now);
    Set<Family> lost = EnumSet.noneOf(Family.class);
    lost.addAll(had);
    lost.removeAll(now);
    return lost;
  }

  /// Takes the next hops that do not answer; returns those of before.
  Set<SilentGateway> silentGateways(Set<SilentGateway> gateways) {
    Set<SilentGateway> before = silent;
    silent = Set.copyOf(gateways);
    return before;
  }

  /// Takes all that is wrong with the kernel; returns what was before.
  List<String> faults(List<String> all) {
    List<String> before = faults;
    faults = List.copyOf(all);
    return before;
  }

  /// Takes the addresses of a link. Returns those it has as far as they count: a link that is down
  /// keeps what it had, as the kernel takes IPv6 addresses off it.
  List<InterfaceAddress> addresses(LinkState state) {
    Set<InterfaceAddress> now = new LinkedHashSet<>();
    for (String text : state.getAddressesList()) {
      try {
        now.add(InterfaceAddress.parse(text));
      } catch (IllegalArgumentException e) {
        notice(state.getInterface() + ": " + e.getMessage());
      }
    }
    if (state.getExists() && stateOf(state) == InterfaceState.DOWN) {
      now.addAll(addresses.getOrDefault(state.getInterface(), List.of()));
    }
    List<InterfaceAddress> known = List.copyOf(now);
    addresses.put(state.getInterface(), known);
    return known;
  }

  /// Forgets the addresses of links that the snapshot of this connection did not have. Returns
  /// their names.
  List<String> forgetGoneLinks() {
    List<String> gone =
        addresses.keySet().stream().filter(name -> !links.containsKey(name)).toList();
    gone.forEach(addresses::remove);
    return gone;
  }

  /// All that is wrong with its kernel now, one line each.
  List<String> faults() {
    return faults;
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

  /// The agent took a configuration: what it says against this one comes after.
  void configured() {
    notices.removeIf(text -> text.startsWith("neighbor '") || text.startsWith("advertise: "));
  }

  /// A session came up: that it was ended at its limit is over.
  void sessionUp(String session) {
    notices.removeIf(text -> text.startsWith(session + ": ") && text.endsWith(": Cease 6/1"));
  }

  void notice(String text) {
    notices.remove(text);
    int over = text.indexOf(": no longer withdraws many routes");
    if (over > 0) {
      String began = text.substring(0, over) + ": withdraws many routes at once";
      notices.removeIf(earlier -> earlier.startsWith(began));
      return;
    }
    notices.addLast(text);
    if (notices.size() > NOTICES) {
      notices.removeFirst();
    }
  }

  /// A route is well again: what was noticed about it no longer holds.
  void noticesOver(Prefix prefix) {
    notices.removeIf(text -> text.startsWith(prefix + " of "));
  }

  List<String> warnings() {
    List<String> all = new ArrayList<>();
    HelloResponse greeting = hello;
    if (greeting != null) {
      all.addAll(greeting.getWarningsList());
    }
    all.addAll(faults);
    if (!silent.isEmpty()) {
      all.add(
          silent.size()
              + " next hops do not answer ARP or ND: "
              + silent.stream()
                  .map(gateway -> gateway.address() + "%" + gateway.interfaceName())
                  .sorted()
                  .limit(5)
                  .collect(Collectors.joining(", "))
              + (silent.size() > 5 ? ", ..." : ""));
    }
    all.addAll(notices);
    return all;
  }
}

package net.donut.lab.run;

import java.io.IOException;
import java.net.UnixDomainSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import net.donut.api.operator.v1.StatusResponse;
import net.donut.lab.neighbor.Neighbors;
import net.donut.lab.net.LabException;
import net.donut.lab.net.LabNetwork;
import net.donut.lab.net.LabState;
import net.donut.lab.net.Pause;
import net.donut.lab.net.ProcessId;
import net.donut.lab.net.Processes;
import net.donut.lab.table.MrtTable;
import net.donut.lab.table.RoutingTable;
import net.donut.lab.table.TableGenerator;
import net.donut.lab.topology.DonutTopology;
import net.donut.lab.topology.Node;
import net.donut.lab.topology.PolicyFile;
import net.donut.lab.topology.Software;
import net.donut.lab.topology.Topology;
import net.donut.model.Family;
import net.donut.model.Prefix;
import net.donut.model.Role;
import net.donut.netlink.KernelRoute;
import net.donut.netlink.RouteFilter;
import org.jspecify.annotations.Nullable;

/// The donut lab, running: namespaces, neighbors, our agents and our controller. Everything ends
/// with [#close]. Owned by the thread that runs the lab.
public final class DonutLab implements AutoCloseable {
  /// The kernel's number for routes of Donut.
  private static final int PROTOCOL = 64;

  private static final Duration START_LIMIT = Duration.ofSeconds(30);
  private static final Duration TABLE_LIMIT = Duration.ofMinutes(4);
  private static final Duration STABLE = Duration.ofSeconds(1);

  private final LabOptions options;
  private final Story story;
  private final Topology topology;
  private final RoutingTable table;
  private final List<String> tableStory;
  private final LabState state;
  private final Map<String, Software> software;
  private final List<AutoCloseable> open = new ArrayList<>();
  private @Nullable LabCredentials credentials;
  private @Nullable LabNetwork network;
  private @Nullable Processes processes;
  private @Nullable Neighbors neighbors;
  private @Nullable Operator operator;

  private DonutLab(LabOptions options, Story story) {
    this.options = options;
    this.story = story;
    if (options.dumps().isEmpty()) {
      if (!options.asns().isEmpty()) {
        throw new LabException("--as: names peers of a dump (expected: with --mrt FILE)");
      }
      topology = DonutTopology.create(Map.of());
      table = TableGenerator.generate(topology, options.size(), options.seed());
      tableStory = List.of();
    } else {
      MrtTable mrt = MrtTable.load(options.dumps(), wish(options.asns()));
      topology = DonutTopology.create(mrt.asns());
      table = mrt.table();
      tableStory = mrt.story();
    }
    software = Neighbors.plan(topology, options.neighbors());
    state = LabState.claim(options.name());
  }

  private static MrtTable.Wish wish(Map<String, Long> asns) {
    Topology plain = DonutTopology.create(Map.of());
    List<String> fed =
        plain.networkNodes().filter(node -> node.feed() > 0).map(Node.Network::name).toList();
    for (String name : asns.keySet()) {
      if (!fed.contains(name)) {
        throw new LabException(
            "--as: '" + name + "' (expected one of: " + String.join(", ", fed) + ")");
      }
    }
    Set<Long> reserved = new HashSet<>(Set.of(plain.asn()));
    plain.networkNodes().filter(node -> node.feed() == 0).forEach(node -> reserved.add(node.asn()));
    List<Prefix> live = new ArrayList<>(plain.liveNetworks(Family.IPV4));
    live.addAll(plain.liveNetworks(Family.IPV6));
    return new MrtTable.Wish(
        names(plain, Node.Tier.TIER1), names(plain, Node.Tier.TIER2), asns, reserved, live);
  }

  private static List<String> names(Topology topology, Node.Tier tier) {
    return topology
        .networkNodes()
        .filter(node -> node.tier() == tier)
        .map(Node.Network::name)
        .toList();
  }

  /// Brings a lab up, to the point where all programs run; [#awaitTable] waits for the routes. On a
  /// failure everything is put away before the exception leaves.
  public static DonutLab up(LabOptions options, Story story) {
    LabNetwork.requireMachine();
    DonutLab lab = new DonutLab(options, story);
    try {
      lab.start();
      return lab;
    } catch (RuntimeException e) {
      lab.close();
      throw e;
    }
  }

  private void start() {
    state.fact(
        "asns",
        topology
            .networkNodes()
            .map(node -> node.name() + "=" + node.asn())
            .collect(Collectors.joining(" ")));
    state.fact("socket", socket().toString());
    state.fact("software", softwareText());
    if (options.hops() == LabOptions.Hops.MUTUAL_TLS) {
      long begun = System.nanoTime();
      LabCredentials made = LabCredentials.create(state.directory().resolve("pki"));
      credentials = made;
      topology.edges().forEach(edge -> made.issue(new Role.Agent(edge.name())));
      made.issue(new Role.Controller());
      story.tell(
          "TLS between controller and agents, certificates made in %d ms"
              .formatted((System.nanoTime() - begun) / 1_000_000));
    }
    if (options.neighbors() == Neighbors.Choice.REAL) {
      Neighbors.missing(topology).forEach(story::tell);
    }
    LabNetwork made = LabNetwork.create(topology, state);
    network = made;
    open.add(made);
    story.tell(
        "%d namespaces donut-%s-*, %d links, each through a wire that can be cut"
            .formatted(topology.nodes().size() + 1, options.name(), topology.links().size()));
    Processes children = new Processes(state, options.logs());
    processes = children;
    open.add(children);
    topology.edges().forEach(edge -> startAgent(edge.name()));
    startController();
    Neighbors around = Neighbors.start(made, children, state, table, software);
    neighbors = around;
    open.add(around);
    story.tell("neighbors: " + softwareText());
    Operator asking = new Operator(socket());
    operator = asking;
    open.add(asking);
  }

  private String softwareText() {
    Map<Software, List<String>> groups = new LinkedHashMap<>();
    software.forEach(
        (name, runs) -> groups.computeIfAbsent(runs, _ -> new ArrayList<>()).add(name));
    return groups.entrySet().stream()
        .map(group -> group.getKey().word() + " " + String.join(", ", group.getValue()))
        .collect(Collectors.joining("; "));
  }

  private void startAgent(String router) {
    children()
        .start(
            router + "-agent",
            network().namespace(router),
            command(
                new Role.Agent(router),
                List.of(
                    "agent",
                    "--name",
                    router,
                    "--listen",
                    "0.0.0.0:" + PolicyFile.AGENT_PORT,
                    "--state-dir",
                    directory(router).toString())));
    story.tell("agent of " + router + " started");
  }

  private void startController() {
    Path policy = state.directory().resolve("policy.yaml");
    try {
      Files.writeString(policy, PolicyFile.render(topology, withBfd()));
    } catch (IOException e) {
      throw new LabException(policy + ": " + e.getMessage(), e);
    }
    children()
        .start(
            CONTROLLER,
            network().namespace("ctl"),
            command(
                new Role.Controller(),
                List.of(
                    "controller",
                    "--policy",
                    policy.toString(),
                    "--listen",
                    "127.0.0.1:9341",
                    "--socket",
                    socket().toString(),
                    "--state-dir",
                    directory("ctl").toString())));
    story.tell("controller started");
  }

  /// The networks whose software has BFD.
  private Set<String> withBfd() {
    return software.entrySet().stream()
        .filter(network -> network.getValue() != Software.DONUT)
        .map(Map.Entry::getKey)
        .collect(Collectors.toSet());
  }

  /// How a program of ours starts in this lab: with credentials for a role, where it has any.
  List<String> command(Role role, List<String> arguments) {
    List<String> all = new ArrayList<>(arguments);
    LabCredentials made = credentials;
    if (made == null) {
      all.add("--insecure");
    } else {
      all.addAll(List.of("--tls-dir", made.directoryOf(role).toString()));
    }
    return Launcher.command(all);
  }

  /// The name of the controller's process.
  public static final String CONTROLLER = "controller";

  /// The name of the process of a router's agent.
  public static String agentOf(String router) {
    return router + "-agent";
  }

  /// The node on which a program of ours runs: [#CONTROLLER] or [#agentOf].
  public String nodeOf(String program) {
    return topology.nodes().stream()
        .filter(node -> program.equals(programOn(node)))
        .map(Node::name)
        .findFirst()
        .orElseThrow(() ->
            new IllegalArgumentException(
                "program: '" + program + "' (expected: the controller or an agent)"));
  }

  private static String programOn(Node node) {
    return switch (node) {
      case Node.Edge edge -> agentOf(edge.name());
      case Node.Controller _ -> CONTROLLER;
      case Node.Network _, Node.Host _ -> "";
    };
  }

  private Path directory(String name) {
    try {
      return Files.createDirectories(state.directory().resolve(name));
    } catch (IOException e) {
      throw new LabException(state.directory() + ": " + e.getMessage(), e);
    }
  }

  /// Ends a process as `kill -9` does: [#CONTROLLER] or [#agentOf].
  public void kill(String process) {
    children().kill(process);
    story.tell("killed with signal 9: " + process);
  }

  /// Starts a program of ours again after [#kill]: [#CONTROLLER] or [#agentOf].
  public void restart(String program) {
    children().again(program);
    story.tell("started again: " + program);
  }

  /// Whether a program of ours runs: [#CONTROLLER] or [#agentOf].
  public boolean isRunning(String program) {
    return children().isAlive(program);
  }

  /// The process of a program of ours that runs.
  public ProcessId process(String program) {
    return children().id(program);
  }

  /// Waits until the controller answers, has heard the table and has it in every kernel. Throws
  /// LabException saying what is missing.
  public void awaitTable() {
    Pause.until(
        "controller answers on " + socket(),
        START_LIMIT,
        () -> {
          requireAlive();
          return socketExists() && operator().tryStatus().isPresent();
        });
    long expected = expectedPrefixes();
    // Nothing is cheaper than to ask for the feeds once more: the daemons listen by now.
    neighbors().kickFeeds();
    long deadline = System.nanoTime() + TABLE_LIMIT.toNanos();
    while (true) {
      requireAlive();
      Optional<StatusResponse> now = operator().tryStatus();
      long heard = now.map(status -> status.getRoutes().getTotal()).orElse(0L);
      // The policy may refuse a few routes of a real dump, such as those longer than /24.
      boolean most = heard >= expected - expected / 20;
      if (most && now.filter(StatusResponse::getConverged).isPresent() && isStable()) {
        return;
      }
      story.progress(
          "%,d of %,d prefixes%s"
              .formatted(
                  heard,
                  expected,
                  now.map(StatusResponse::getWaitingList)
                      .filter(waiting -> !waiting.isEmpty())
                      .map(waiting -> "; waiting: " + waiting.getFirst())
                      .orElse("")));
      if (System.nanoTime() > deadline) {
        throw new LabException(
            "%,d of %,d prefixes after %d s; waiting: %s"
                .formatted(
                    heard,
                    expected,
                    TABLE_LIMIT.toSeconds(),
                    now.map(StatusResponse::getWaitingList).orElse(null)));
      }
      Pause.of(Duration.ofMillis(100));
    }
  }

  /// Whether the control plane has been converged without a change for a second.
  private boolean isStable() {
    StatusResponse first = operator().status();
    long until = System.nanoTime() + STABLE.toNanos();
    while (System.nanoTime() < until) {
      Pause.of(Duration.ofMillis(100));
      StatusResponse now = operator().status();
      if (!now.getConverged() || now.getGeneration() != first.getGeneration()) {
        return false;
      }
    }
    return first.getConverged();
  }

  /// Waits until the control plane has been converged without a change for a second; gives the
  /// status then. Throws LabException naming what it waits for.
  public StatusResponse awaitStable(Duration limit) {
    long deadline = System.nanoTime() + limit.toNanos();
    while (!isStable()) {
      requireAlive();
      if (System.nanoTime() > deadline) {
        throw new LabException(
            "control plane not at rest within %d s; waiting: %s"
                .formatted(limit.toSeconds(), operator().status().getWaitingList()));
      }
      Pause.of(Duration.ofMillis(50));
    }
    return operator().status();
  }

  /// Notes in the state file that the lab has its table.
  public void tellReady() {
    state.fact("ready", "yes");
    story.tell("every prefix is heard, decided and in both kernels");
  }

  /// How many distinct prefixes our neighbors announce: the table, what is alive, the defaults.
  public long expectedPrefixes() {
    Set<Prefix> all = new HashSet<>();
    topology
        .ourPeerings()
        .forEach(link ->
            table
                .feed(link.b().node())
                .forEach(announcement -> announcement.prefixes().forEach(all::add)));
    for (Family family : Family.values()) {
      all.addAll(topology.liveNetworks(family));
    }
    return all.size();
  }

  private boolean socketExists() {
    return Files.exists(UnixDomainSocketAddress.of(socket()).getPath());
  }

  /// The programs of the lab that have ended by themselves.
  public List<ProcessId> dead() {
    return children().dead();
  }

  /// Throws LabException when a program of the lab has ended by itself.
  public void requireAlive() {
    List<ProcessId> dead = dead();
    if (!dead.isEmpty()) {
      String name = dead.getFirst().name();
      throw new LabException(
          name + " has ended: see " + children().log(name) + ": " + lastLine(children().log(name)));
    }
  }

  private static String lastLine(Path log) {
    try {
      List<String> lines = Files.readAllLines(log);
      return lines.isEmpty() ? "no output" : lines.getLast();
    } catch (IOException e) {
      return e.toString();
    }
  }

  /// Whether a route, next hop or group of a protocol is Donut's.
  public static boolean isOurs(int protocol) {
    return protocol == PROTOCOL;
  }

  /// How many routes of Donut are in the kernel of a router, by a dump of our own, not the agent's.
  public long routesInKernel(String router) {
    return routesOf(router).size();
  }

  /// The routes of Donut in the kernel of a router, by a dump of our own, not the agent's.
  public List<KernelRoute> routesOf(String router) {
    return network()
        .inside(
            router,
            kernel ->
                Stream.of(Family.values())
                    .flatMap(family ->
                        kernel
                            .routes(new RouteFilter(family, KernelRoute.MAIN_TABLE, PROTOCOL))
                            .stream())
                    .toList());
  }

  public Topology topology() {
    return topology;
  }

  public RoutingTable table() {
    return table;
  }

  /// Who of a dump became whom; empty for a generated table.
  public List<String> tableStory() {
    return tableStory;
  }

  public Software software(String neighbor) {
    return neighbors().software(neighbor);
  }

  public LabOptions options() {
    return options;
  }

  /// The controller's Unix socket.
  public Path socket() {
    return state.directory().resolve("controller.sock");
  }

  public LabNetwork network() {
    return started(network);
  }

  public Neighbors neighbors() {
    return started(neighbors);
  }

  public Operator operator() {
    return started(operator);
  }

  private Processes children() {
    return started(processes);
  }

  private static <T> T started(@Nullable T part) {
    if (part == null) {
      throw new IllegalStateException("lab: not started");
    }
    return part;
  }

  /// The topology of a lab that another process holds up.
  public static Topology topologyOf(LabState state) {
    Map<String, Long> asns = new HashMap<>();
    for (String pair : state.fact("asns").split(" ")) {
      int equals = pair.indexOf('=');
      if (equals > 0) {
        asns.put(pair.substring(0, equals), Long.valueOf(pair.substring(equals + 1)));
      }
    }
    return DonutTopology.create(asns);
  }

  /// Ends every program, deletes every namespace and the state; also when asked in the middle.
  @Override
  public void close() {
    Pause.undisturbed(() -> {
      try {
        for (AutoCloseable part : open.reversed()) {
          try {
            part.close();
          } catch (Exception e) {
            story.tell("close: " + e.getMessage());
          }
        }
        open.clear();
      } finally {
        state.remove();
      }
    });
  }
}

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
import net.donut.lab.clab.RuntimeOfLab;
import net.donut.lab.clab.model.RuntimeKind;
import net.donut.lab.clab.parse.TopologyReader;
import net.donut.lab.clab.plan.Images;
import net.donut.lab.clab.plan.Plan;
import net.donut.lab.clab.plan.Planner;
import net.donut.lab.clab.run.Deployment;
import net.donut.lab.clab.run.LabRecord;
import net.donut.lab.clab.run.LabRuntime;
import net.donut.lab.clab.run.Labs;
import net.donut.lab.neighbor.Neighbors;
import net.donut.lab.net.LabException;
import net.donut.lab.net.LabNetwork;
import net.donut.lab.net.LabState;
import net.donut.lab.net.Launcher;
import net.donut.lab.net.Pause;
import net.donut.lab.net.ProcessId;
import net.donut.lab.net.Rank;
import net.donut.lab.table.MrtTable;
import net.donut.lab.table.RoutingTable;
import net.donut.lab.table.TableGenerator;
import net.donut.lab.topology.DonutTopology;
import net.donut.lab.topology.Node;
import net.donut.lab.topology.Software;
import net.donut.lab.topology.Topology;
import net.donut.model.Family;
import net.donut.model.Prefix;
import net.donut.model.Role;
import net.donut.netlink.KernelRoute;
import net.donut.netlink.RouteFilter;
import net.donut.pki.CertificateAuthority;
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
  private final DonutFiles files;
  private final LabRuntime runtime = new RuntimeOfLab();
  private final List<AutoCloseable> open = new ArrayList<>();
  private @Nullable DeployedNetwork network;
  private @Nullable NodePrograms programs;
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
    files =
        new DonutFiles(
            options.logs().toAbsolutePath().normalize().resolve("lab"),
            options.name(),
            topology,
            software,
            options.hops());
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

  /// Removes what is deployed of a lab; what is gone already is fine.
  public static void destroy(LabState state) {
    Labs.destroyIfThere(new RuntimeOfLab(), deployedName(state), Labs.Directory.DELETE);
  }

  /// The network of a lab that another process holds up.
  public static DeployedNetwork attach(LabState state) {
    return new DeployedNetwork(
        topologyOf(state), new RuntimeOfLab(), LabRecord.require(deployedName(state)));
  }

  /// The name of a donut lab among those of containerlab files.
  public static String deployedName(LabState state) {
    return DonutFiles.deployedName(state.lab());
  }

  private static Path socketOf(LabState state) {
    return state.directory().resolve("controller.sock");
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
    // Of a lab of this name whose process was killed.
    destroy(state);
    files.write();
    linkSocket();
    if (options.hops() == LabOptions.Hops.MUTUAL_TLS) {
      issueCertificates();
    }
    if (options.neighbors() == Neighbors.Choice.REAL) {
      Neighbors.missing(topology).forEach(story::tell);
    }
    LabRecord lab = deploy();
    DeployedNetwork made = new DeployedNetwork(topology, runtime, lab);
    network = made;
    programs = new NodePrograms(state, lab);
    showLogs();
    open.add(this::keepLogs);
    Neighbors around = Neighbors.start(made, made.namespace(DonutFiles.FEEDS), table, software);
    neighbors = around;
    open.add(around);
    story.tell("neighbors: " + softwareText());
    software.keySet().forEach(this::preferBfd);
    Operator asking = new Operator(socket());
    operator = asking;
    open.add(asking);
  }

  /// A path to the controller's socket that is short enough for one, wherever the files are.
  private void linkSocket() {
    try {
      Files.createSymbolicLink(socket(), files.sockets().resolve("controller.sock"));
    } catch (IOException e) {
      throw LabException.of(socket(), e);
    }
  }

  private void issueCertificates() {
    long begun = System.nanoTime();
    LabCredentials made = LabCredentials.create(files.pki());
    topology.edges().forEach(edge -> made.issue(new Role.Agent(edge.name())));
    made.issue(new Role.Controller());
    story.tell(
        "TLS between controller and agents, certificates made in %d ms"
            .formatted((System.nanoTime() - begun) / 1_000_000));
  }

  private LabRecord deploy() {
    Map<String, String> environment = Map.of();
    TopologyReader.Purpose purpose =
        new TopologyReader.Purpose("", RuntimeKind.NETNS, TopologyReader.Unsupported.REFUSE);
    Plan plan =
        Planner.plan(
            TopologyReader.read(files.file(), purpose, environment).orThrow(),
            Images.known(),
            RuntimeKind.NETNS,
            environment);
    open.add(() -> destroy(state));
    Deployment.Outcome outcome =
        Deployment.deploy(runtime, plan, Deployment.Options.STANDARD, _ -> {}, _ -> {});
    outcome.failures().stream()
        .findFirst()
        .ifPresent(failure -> {
          throw new LabException(
              failure.container()
                  + ": "
                  + String.join(" ", failure.command())
                  + ": "
                  + failure.errors());
        });
    story.tell(
        "%d nodes %s-*, %d links, each through a wire that can be cut: %s"
            .formatted(plan.nodes().size(), plan.lab(), plan.links().size(), files.file()));
    return outcome.lab();
  }

  /// BFD of neighbors goes before everything: routers do that in hardware.
  private void preferBfd(String neighbor) {
    switch (software(neighbor)) {
      case BIRD -> {
        if (topology.isOurNeighbor(neighbor)) {
          programs().process(neighbor).ifPresent(Rank.BEHIND_BUT_BFD::settle);
        }
      }
      case FRR ->
          Pause.until(
              "bfdd of " + neighbor + " starts",
              START_LIMIT,
              () ->
                  network()
                      .namespace(neighbor)
                      .process("bfdd")
                      .map(bfdd -> {
                        Rank.BFD.settle(bfdd);
                        return bfdd;
                      })
                      .isPresent());
      case DONUT -> {}
    }
  }

  private String softwareText() {
    Map<Software, List<String>> groups = new LinkedHashMap<>();
    software.forEach(
        (name, runs) -> groups.computeIfAbsent(runs, _ -> new ArrayList<>()).add(name));
    return groups.entrySet().stream()
        .map(group -> group.getKey().word() + " " + String.join(", ", group.getValue()))
        .collect(Collectors.joining("; "));
  }

  /// How a program of ours starts beside those of this lab, on this machine's files: with
  /// credentials for a role, where the lab has any.
  List<String> command(Role role, List<String> arguments) {
    List<String> all = new ArrayList<>(arguments);
    switch (options.hops()) {
      case INSECURE -> all.add("--insecure");
      case MUTUAL_TLS ->
          all.addAll(
              List.of("--tls-dir", CertificateAuthority.directoryOf(files.pki(), role).toString()));
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
    return programs().node(program).name();
  }

  /// Ends a process as `kill -9` does: [#CONTROLLER] or [#agentOf].
  public void kill(String process) {
    programs().kill(process);
    story.tell("killed with signal 9: " + process);
  }

  /// Starts a program of ours again after [#kill]: [#CONTROLLER] or [#agentOf].
  public void restart(String program) {
    programs().again(program);
    story.tell("started again: " + program);
  }

  /// Ends all programs of a network at once; our own speaker is closed.
  public void stopNeighbor(String neighbor) {
    switch (software(neighbor)) {
      case BIRD, FRR -> programs().kill(neighbor);
      case DONUT -> neighbors().stop(neighbor);
    }
  }

  /// Starts the programs of a network again after [#stopNeighbor].
  public void restartNeighbor(String neighbor) {
    switch (software(neighbor)) {
      case BIRD, FRR -> {
        programs().again(neighbor);
        preferBfd(neighbor);
      }
      case DONUT -> neighbors().restart(neighbor);
    }
  }

  /// What a command in a node writes. Throws LabException unless it exits with 0.
  public String ask(String node, String... command) {
    return network().ask(node, List.of(command));
  }

  /// What its nodes read.
  public DonutFiles files() {
    return files;
  }

  /// Whether a program of ours runs: [#CONTROLLER] or [#agentOf].
  public boolean isRunning(String program) {
    return programs().isAlive(program);
  }

  /// The process of a program of ours that runs. Throws LabException when it does not.
  public ProcessId process(String program) {
    return programs()
        .process(program)
        .orElseThrow(() -> new LabException(program + " does not run"));
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
  public List<String> dead() {
    return programs().dead();
  }

  /// Throws LabException when a program of the lab has ended by itself.
  public void requireAlive() {
    List<String> dead = dead();
    if (!dead.isEmpty()) {
      String name = dead.getFirst();
      throw new LabException(name + " has ended: see " + log(name) + ": " + lastLine(log(name)));
    }
  }

  private Path log(String program) {
    return options.logs().resolve(program + ".log");
  }

  /// The output of every program in sight, while it runs.
  private void showLogs() {
    programs()
        .names()
        .forEach(name ->
            replace(log(name), log -> Files.createSymbolicLink(log, programs().console(name))));
  }

  /// The output of every program, for when the lab is gone.
  private void keepLogs() {
    programs()
        .names()
        .forEach(name -> replace(log(name), log -> Files.copy(programs().console(name), log)));
  }

  private interface Writing {
    Path to(Path file) throws IOException;
  }

  private static void replace(Path file, Writing writing) {
    try {
      Files.deleteIfExists(file);
      writing.to(file);
    } catch (IOException e) {
      throw LabException.of(file, e);
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
    Software runs = software.get(neighbor);
    if (runs == null) {
      throw new IllegalArgumentException(
          "network: '" + neighbor + "' (expected one of: " + software.keySet() + ")");
    }
    return runs;
  }

  public LabOptions options() {
    return options;
  }

  /// The controller's Unix socket.
  public Path socket() {
    return socketOf(state);
  }

  public DeployedNetwork network() {
    return started(network);
  }

  public Neighbors neighbors() {
    return started(neighbors);
  }

  public Operator operator() {
    return started(operator);
  }

  private NodePrograms programs() {
    return started(programs);
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

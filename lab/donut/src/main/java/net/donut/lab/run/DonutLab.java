package net.donut.lab.run;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import net.donut.api.operator.v1.StatusResponse;
import net.donut.lab.clab.model.RuntimeKind;
import net.donut.lab.docker.Docker;
import net.donut.lab.neighbor.LabNeighbors;
import net.donut.lab.net.LabException;
import net.donut.lab.net.LabMachine;
import net.donut.lab.net.Launcher;
import net.donut.lab.net.Pause;
import net.donut.lab.net.ProcessId;
import net.donut.lab.net.ProcessPriority;
import net.donut.lab.table.RoutingTable;
import net.donut.lab.topology.Software;
import net.donut.lab.topology.Topology;
import net.donut.model.Family;
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

  private final LabOptions options;
  private final Narration story;
  private final LabWorld world;
  private final HeldLab state;
  private final Map<String, Software> software;
  private final DonutFiles files;
  private final List<AutoCloseable> open = new ArrayList<>();
  private @Nullable DeployedNetwork network;
  private @Nullable NodePrograms programs;
  private @Nullable ProgramLogs logs;
  private @Nullable LabNeighbors neighbors;
  private @Nullable Operator operator;

  private DonutLab(LabOptions options, Narration story) {
    this.options = options;
    this.story = story;
    world = LabWorld.of(options);
    software =
        switch (options.runtime()) {
          case NETNS -> LabNeighbors.plan(world.topology(), options.neighbors());
          case DOCKER -> LabNeighbors.inContainers(world.topology(), options.neighbors());
        };
    files =
        new DonutFiles(
            DonutFiles.directoryIn(options.logs(), options.name()),
            options.name(),
            world.topology(),
            software,
            options.hops(),
            options.runtime());
    state = HeldLab.claim(options.name());
  }

  /// Brings a lab up, to the point where all programs run; [#awaitTable] waits for the routes. On a
  /// failure everything is put away before the exception leaves.
  public static DonutLab up(LabOptions options, Narration story) {
    LabMachine.require();
    if (options.runtime() == RuntimeKind.DOCKER) {
      Docker.require();
    }
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
    DeployedNetwork.noteTopology(state, topology());
    state.fact("socket", socket().toString());
    // Of a lab of this name whose process was killed.
    DeployedNetwork.destroy(state);
    files.write(table());
    linkSocket();
    if (options.hops() == LabOptions.Hops.MUTUAL_TLS) {
      issueCertificates();
    }
    if (options.runtime() == RuntimeKind.NETNS && options.neighbors() == LabNeighbors.Choice.REAL) {
      LabNeighbors.missing(topology()).forEach(story::tell);
    }
    open.add(() -> DeployedNetwork.destroy(state));
    DeployedNetwork made = DeployedNetwork.deploy(files, story);
    network = made;
    NodePrograms all = made.programs();
    programs = all;
    ProgramLogs shown = new ProgramLogs(all, options.logs());
    logs = shown;
    open.add(shown);
    LabNeighbors around =
        switch (options.runtime()) {
          case NETNS ->
              LabNeighbors.start(made, made.namespace(DonutFiles.FEEDS), table(), software);
          case DOCKER -> LabNeighbors.allNodes(made, table(), software);
        };
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
    topology().edges().forEach(edge -> made.issue(new Role.Agent(edge.name())));
    made.issue(new Role.Controller());
    story.tell(
        "TLS between controller and agents, certificates made in %d ms"
            .formatted((System.nanoTime() - begun) / 1_000_000));
  }

  /// BFD of neighbors goes before everything: routers do that in hardware.
  private void preferBfd(String neighbor) {
    switch (software(neighbor)) {
      case BIRD -> {
        if (topology().isOurNeighbor(neighbor)) {
          programs().process(neighbor).ifPresent(ProcessPriority.BEHIND_BUT_BFD::settle);
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
                        ProcessPriority.BFD.settle(bfdd);
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
    new Readiness(this, story).awaitTable(world.expectedPrefixes());
  }

  /// Waits until the control plane has been converged without a change for a second; gives the
  /// status then. Throws LabException naming what it waits for.
  public StatusResponse awaitStable(Duration limit) {
    return new Readiness(this, story).awaitStable(limit);
  }

  /// Notes in the state file that the lab has its table.
  public void tellReady() {
    state.fact("ready", "yes");
    story.tell("every prefix is heard, decided and in both kernels");
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
      throw new LabException(name + " has ended: see " + started(logs).lastWords(name));
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
    return world.topology();
  }

  public RoutingTable table() {
    return world.table();
  }

  /// Who of a dump became whom; empty for a generated table.
  public List<String> tableStory() {
    return world.story();
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
    return state.directory().resolve("controller.sock");
  }

  public DeployedNetwork network() {
    return started(network);
  }

  public LabNeighbors neighbors() {
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

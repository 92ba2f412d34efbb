package net.donut.lab.neighbor;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import net.donut.lab.net.Command;
import net.donut.lab.net.LabException;
import net.donut.lab.net.LabNetwork;
import net.donut.lab.net.LabState;
import net.donut.lab.net.Namespace;
import net.donut.lab.net.Processes;
import net.donut.lab.net.Rank;
import net.donut.lab.table.RoutingTable;
import net.donut.lab.topology.Node;
import net.donut.lab.topology.Software;
import net.donut.lab.topology.Topology;
import net.donut.netlink.NetworkNamespace;
import org.jspecify.annotations.Nullable;

/// Every network around ours, running. Owned by the thread that runs the lab.
public final class Neighbors implements AutoCloseable {
  private static final String FRR = "/usr/lib/frr";

  private final LabNetwork network;
  private final Processes processes;
  private final Path configurations;
  private final RoutingTable table;
  private final Map<String, Software> software = new LinkedHashMap<>();
  private final Map<String, OwnRouter> own = new LinkedHashMap<>();
  private final List<AutoCloseable> open = new ArrayList<>();
  private @Nullable Feeder feeder;

  private Neighbors(LabNetwork network, Processes processes, LabState state, RoutingTable table) {
    this.network = network;
    this.processes = processes;
    this.configurations = state.directory();
    this.table = table;
  }

  /// Which neighbors to run.
  public enum Choice {
    /// What the topology says where it is installed.
    REAL,
    /// Our own speaker everywhere.
    OWN
  }

  /// What each network will run on this machine.
  public static Map<String, Software> plan(Topology topology, Choice choice) {
    Map<String, Software> plan = new LinkedHashMap<>();
    topology
        .networkNodes()
        .forEach(node ->
            plan.put(
                node.name(),
                choice == Choice.REAL && installed(node.software())
                    ? node.software()
                    : Software.DONUT));
    return plan;
  }

  private static boolean installed(Software software) {
    return switch (software) {
      case BIRD -> Command.exists("bird");
      case FRR -> Files.isExecutable(Path.of(FRR, "bgpd"));
      case DONUT -> true;
    };
  }

  /// Lines for the operator on what is not installed; empty when all is there.
  public static List<String> missing(Topology topology) {
    List<String> lines = new ArrayList<>();
    for (Software software : List.of(Software.BIRD, Software.FRR)) {
      List<String> names =
          topology
              .networkNodes()
              .filter(node -> node.software() == software)
              .map(Node.Network::name)
              .toList();
      if (!names.isEmpty() && !installed(software)) {
        lines.add(
            "%s is not installed: Donut's own speaker stands in for %s (to have it: apt-get install %s)"
                .formatted(
                    software.name(),
                    String.join(", ", names),
                    software == Software.BIRD ? "bird2" : "frr"));
      }
    }
    return lines;
  }

  /// Starts every network as planned; each has its sessions configured when this returns.
  public static Neighbors start(
      LabNetwork network,
      Processes processes,
      LabState state,
      RoutingTable table,
      Map<String, Software> plan) {
    Neighbors neighbors = new Neighbors(network, processes, state, table);
    neighbors.software.putAll(plan);
    try {
      neighbors.start();
      return neighbors;
    } catch (RuntimeException e) {
      neighbors.close();
      throw e;
    }
  }

  private void start() {
    List<Node.Network> fed = new ArrayList<>();
    for (Node.Network node : network.topology().networkNodes().toList()) {
      switch (software(node.name())) {
        case BIRD -> startBird(node);
        case FRR -> startFrr(node);
        case DONUT -> startOwn(node);
      }
      if (node.feed() > 0 && software(node.name()) != Software.DONUT) {
        fed.add(node);
      }
    }
    if (!fed.isEmpty()) {
      NetworkNamespace wire = NetworkNamespace.open(network.wire().name());
      open.add(wire);
      feeder = new Feeder(wire, fed, table);
      open.add(feeder);
    }
  }

  private void startBird(Node.Network node) {
    Path directory = directory(node);
    Path configuration = directory.resolve("bird.conf");
    write(configuration, BirdConfig.render(network.topology(), node));
    processes.start(
        node.name(),
        network.namespace(node.name()),
        List.of(
            program("bird"),
            "-f",
            "-c",
            configuration.toString(),
            "-s",
            directory.resolve("bird.ctl").toString()),
        Map.of(),
        network.topology().isOurNeighbor(node.name()) ? Rank.BEHIND_BUT_BFD : Rank.BEHIND);
  }

  private static String program(String name) {
    return Files.isExecutable(Path.of("/usr/sbin", name)) ? "/usr/sbin/" + name : name;
  }

  private void startFrr(Node.Network node) {
    Path directory = directory(node);
    Namespace namespace = network.namespace(node.name());
    write(directory.resolve("zebra.conf"), FrrConfig.zebra(network.topology(), node));
    write(directory.resolve("bfdd.conf"), FrrConfig.bfdd(node.name()));
    write(directory.resolve("bgpd.conf"), FrrConfig.bgpd(network.topology(), node));
    Command.run("chown", "-R", "frr:frr", directory.toString());
    processes.start(node.name() + "-zebra", namespace, frr("zebra", directory));
    await(directory.resolve("zserv.api"), node.name() + "-zebra");
    processes.start(node.name() + "-bfdd", namespace, bfdd(directory), Map.of(), Rank.BFD);
    await(directory.resolve("bfdd.vty"), node.name() + "-bfdd");
    processes.start(bgpdOf(node.name()), namespace, frr("bgpd", directory));
    await(directory.resolve("bgpd.vty"), bgpdOf(node.name()));
  }

  private static String bgpdOf(String node) {
    return node + "-bgpd";
  }

  /// How a daemon of FRR is started on the files of a directory, without vty port, with its log on
  /// stdout.
  public static List<String> frr(String daemon, Path directory) {
    return List.of(
        FRR + "/" + daemon,
        "-f",
        directory.resolve(daemon + ".conf").toString(),
        "-i",
        directory.resolve(daemon + ".pid").toString(),
        "-z",
        directory.resolve("zserv.api").toString(),
        "--vty_socket",
        directory.toString(),
        "-P",
        "0",
        "--log",
        "stdout");
  }

  /// How bfdd is started: its control socket has no place of its own unless it is told one.
  public static List<String> bfdd(Path directory) {
    List<String> command = new ArrayList<>(frr("bfdd", directory));
    command.addAll(List.of("--bfdctl", directory.resolve("bfdctl.sock").toString()));
    return command;
  }

  /// Waits until a daemon has made its socket.
  private void await(Path socket, String process) {
    long deadline = System.nanoTime() + 10_000_000_000L;
    while (!Files.exists(socket)) {
      if (System.nanoTime() > deadline || !processes.isAlive(process)) {
        throw new LabException(
            process
                + ": does not start, see "
                + processes.log(process)
                + " (expected: "
                + socket
                + ")");
      }
      java.util.concurrent.locks.LockSupport.parkNanos(5_000_000);
    }
  }

  private void startOwn(Node.Network node) {
    Namespace namespace = network.namespace(node.name());
    NetworkNamespace inside = NetworkNamespace.open(namespace.name());
    open.add(inside);
    own.put(node.name(), new OwnRouter(network.topology(), node, table, namespace, inside));
  }

  private Path directory(Node.Network node) {
    try {
      Path directory = Files.createDirectories(configurations.resolve(node.name()));
      Files.setPosixFilePermissions(directory, PosixFilePermissions.fromString("rwxr-xr-x"));
      return directory;
    } catch (IOException e) {
      throw new LabException(configurations + ": " + e.getMessage(), e);
    }
  }

  private static void write(Path file, String text) {
    try {
      Files.writeString(file, text);
    } catch (IOException e) {
      throw new LabException(file + ": " + e.getMessage(), e);
    }
  }

  /// What a network runs on.
  public Software software(String node) {
    Software running = software.get(node);
    if (running == null) {
      throw new IllegalArgumentException(
          "network: '" + node + "' (expected one of: " + software.keySet() + ")");
    }
    return running;
  }

  /// Ends the BGP speaker of a network as `kill -9` does; our own is closed.
  public void stop(String node) {
    switch (software(node)) {
      case BIRD -> processes.kill(node);
      case FRR -> processes.kill(bgpdOf(node));
      case DONUT -> Objects.requireNonNull(own.remove(node), node).close();
    }
  }

  /// Starts the BGP speaker of a network again after [#stop].
  public void restart(String node) {
    switch (software(node)) {
      case BIRD -> processes.again(node);
      case FRR -> processes.again(bgpdOf(node));
      case DONUT -> startOwn(network.topology().network(node));
    }
  }

  /// Hurries the feeder's sessions: the daemons may not have listened when they were first tried.
  public void kickFeeds() {
    if (feeder != null) {
      feeder.kick();
    }
  }

  /// What BIRD or FRR answer to a command of their own; for checks against the controller's view.
  public String ask(String node, String command) {
    Path directory = configurations.resolve(node);
    return switch (software(node)) {
      case BIRD ->
          Command.run("birdc", "-r", "-s", directory.resolve("bird.ctl").toString(), command);
      case FRR ->
          Command.run("vtysh", "--vty_socket", directory.toString(), "-d", "bgpd", "-c", command);
      case DONUT -> throw new IllegalArgumentException(node + ": runs Donut's own speaker");
    };
  }

  @Override
  public void close() {
    own.values().forEach(OwnRouter::close);
    own.clear();
    for (AutoCloseable resource : open.reversed()) {
      try {
        resource.close();
      } catch (Exception e) {
        throw new LabException("close of " + resource + ": " + e.getMessage(), e);
      }
    }
    open.clear();
  }
}

package net.donut.lab.clab.container;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import net.donut.lab.clab.model.NodeSysctl;
import net.donut.lab.clab.plan.Plan;
import net.donut.lab.clab.plan.Profile;
import net.donut.lab.clab.run.LabRecord;
import net.donut.lab.clab.run.LabRuntime;
import net.donut.lab.clab.wiring.Wiring;
import net.donut.lab.docker.Docker;
import net.donut.lab.net.Command;
import net.donut.lab.net.LabException;
import net.donut.lab.net.LabMachine;
import net.donut.lab.net.Namespace;
import net.donut.lab.net.Pause;

/// Nodes as containers of a Docker engine. Has no state of its own: any thread may call it, one a
/// node.
public final class ContainerRuntime implements LabRuntime {
  private static final Duration LIMIT = Duration.ofMinutes(2);
  private static final Duration HEALTH_POLL = Duration.ofMillis(200);

  @Override
  public List<String> prepare(Plan plan) {
    LabMachine.require();
    Docker docker = Docker.require();
    new ExternalContainers(docker).require(plan);
    return new NodeImages(docker).prepare(plan);
  }

  @Override
  public void createNetwork(Plan plan) {
    Set<String> held = Holders.owners(plan).keySet();
    Wiring.add(plan.namespaces().stream().filter(name -> !held.contains(name)).toList());
    new Holders(Docker.here()).start(plan);
    new ExternalContainers(Docker.here()).name(plan);
    Wiring.connect(plan);
    for (Plan.Node node : plan.nodes()) {
      new Namespace(node.namespace()).sysctl(settings(node));
    }
  }

  /// Those of the network, as paths below `/proc/sys/net`; they belong to its holder.
  private static List<String> settings(Plan.Node node) {
    return node.definition().start().sysctls().stream()
        .filter(NodeSysctl::isOfNetwork)
        .map(setting -> setting.path().substring("net/".length()) + "=" + setting.value())
        .toList();
  }

  @Override
  public void start(Plan plan, Plan.Node node) {
    if (node.definition().isExternal()) {
      return;
    }
    Docker docker = Docker.here();
    NodeContainer container = new NodeContainer(plan, node, directory(plan.lab(), node.name()));
    List<String> create =
        new NodeImages(docker).isStandIn(node)
            ? container.standIn(node.known().orElse(Profile.IDLE))
            : container.own();
    docker.run(create);
    start(node.container(), node.known().orElse(Profile.IDLE));
  }

  private static void start(String container, Profile profile) {
    Docker docker = Docker.here();
    docker.run("start", container);
    String first = docker.run("inspect", "--format", "{{.State.Pid}}", container);
    RealTimeShare.give(profile, Long.parseLong(first));
  }

  private static Path directory(String lab, String node) {
    return LabRecord.directoryOf(lab).resolve("nodes").resolve(node);
  }

  @Override
  public void restart(LabRecord lab, LabRecord.Node node) {
    if (state(lab, node) instanceof NodeState.Running) {
      throw new LabException("node " + node.name() + " is running");
    }
    Wiring.managementPort(lab, node, "up");
    start(node.container(), Profile.of(node.profile()).orElse(Profile.IDLE));
    forgetKilled(lab, node);
  }

  @Override
  public ExecResult exec(LabRecord lab, LabRecord.Node node, List<String> command, Duration limit) {
    List<String> line = new ArrayList<>(List.of("exec", node.container()));
    line.addAll(command);
    Command.Result result = Docker.here().tryRun(line, limit);
    if (result.exitCode() != 0 && result.errors().startsWith("Error response from daemon")) {
      String remedy =
          node.isExternal()
              ? "start it with: docker start " + node.container()
              : "a killed one starts with: donut lab restore " + node.name();
      throw new LabException(
          "node %s: %s: %s".formatted(node.name(), result.errors().strip(), remedy));
    }
    return new ExecResult(
        node.container(), command, result.exitCode(), result.output(), result.errors());
  }

  @Override
  public List<String> inside(
      LabRecord lab, LabRecord.Node node, List<String> command, Attachment attachment) {
    List<String> words = new ArrayList<>(List.of("exec"));
    switch (attachment) {
      case TERMINAL -> {
        words.addAll(List.of("--interactive", "--tty"));
        String here = System.getenv().getOrDefault("TERM", "");
        if (!here.isEmpty()) {
          words.addAll(List.of("--env", "TERM=" + here));
        }
      }
      case PIPE -> words.add("--interactive");
      case DETACHED -> words.add("--detach");
    }
    words.add(node.container());
    words.addAll(command);
    return Docker.here().line(words);
  }

  @Override
  public List<String> console(LabRecord lab, LabRecord.Node node, int lines, boolean follow) {
    List<String> words = new ArrayList<>(List.of("logs"));
    if (lines >= 0) {
      words.addAll(List.of("--tail", Integer.toString(lines)));
    }
    if (follow) {
      words.add("--follow");
    }
    words.add(node.container());
    return Docker.here().line(words);
  }

  @Override
  public Optional<Ending> ending(LabRecord lab, LabRecord.Node node) {
    if (node.isExternal()) {
      return Optional.empty();
    }
    return container(node)
        .filter(ContainerState::hasEnded)
        .map(found -> new Ending(found.exitCode(), found.startsAgain(), lastWords(node)));
  }

  private static String lastWords(LabRecord.Node node) {
    Command.Result logs =
        Docker.here().tryRun(List.of("logs", "--tail", "20", node.container()), LIMIT);
    return (logs.output() + logs.errors())
        .lines()
        .filter(line -> !line.isBlank())
        .reduce((_, last) -> last)
        .map(String::strip)
        .orElse("it wrote nothing");
  }

  @Override
  public Map<String, String> unavailable(Plan plan) {
    return new NodeImages(Docker.require()).unavailable(plan);
  }

  @Override
  public NodeState state(LabRecord lab, LabRecord.Node node) {
    NodeState state =
        container(node).map(found -> found.node(Instant.now())).orElse(new NodeState.Absent());
    boolean killed = state instanceof NodeState.Exited && Files.exists(killed(lab, node));
    return killed ? new NodeState.Absent() : state;
  }

  private static Optional<ContainerState> container(LabRecord.Node node) {
    return ContainerState.find(Docker.here(), node.container());
  }

  @Override
  public Health health(LabRecord lab, LabRecord.Node node) {
    return container(node)
        .filter(found -> found.status().equals("running"))
        .map(ContainerState::healthOfNode)
        .orElse(Health.NONE);
  }

  @Override
  public void awaitHealthy(LabRecord lab, Plan.Node node, Duration limit) {
    LabRecord.Node record = lab.node(node.name());
    long deadline = System.nanoTime() + limit.toNanos();
    while (true) {
      NodeState state = state(lab, record);
      Health health = health(lab, record);
      boolean runs = state instanceof NodeState.Running;
      if (runs && (health == Health.HEALTHY || health == Health.NONE)) {
        return;
      }
      if (!runs || health == Health.UNHEALTHY || System.nanoTime() > deadline) {
        throw new LabException(
            "node %s is unhealthy: %s%s (see docker inspect %s)"
                .formatted(node.name(), state.status(), health.words(), node.container()));
      }
      Pause.of(HEALTH_POLL);
    }
  }

  @Override
  public String id(LabRecord lab, LabRecord.Node node) {
    return container(node).map(found -> found.id().substring(0, 12)).orElse("N/A");
  }

  @Override
  public String image(LabRecord lab, LabRecord.Node node) {
    return node.isExternal()
        ? container(node).map(ContainerState::image).orElse("N/A")
        : node.image();
  }

  /// Says in a file that it was on purpose, so that the node is not taken for one that has ended.
  @Override
  public void kill(LabRecord lab, LabRecord.Node node) {
    Wiring.managementPort(lab, node, "down");
    noteKilled(lab, node);
    if (state(lab, node) instanceof NodeState.Running) {
      Docker.here().run("kill", node.container());
    }
  }

  private static Path killed(LabRecord lab, LabRecord.Node node) {
    return lab.nodeDirectory(node.name()).resolve("killed");
  }

  private static void noteKilled(LabRecord lab, LabRecord.Node node) {
    Path file = killed(lab, node);
    try {
      Files.createDirectories(file.resolveSibling(""));
      Files.writeString(file, "");
    } catch (IOException e) {
      throw LabException.of(file, e);
    }
  }

  private static void forgetKilled(LabRecord lab, LabRecord.Node node) {
    try {
      Files.deleteIfExists(killed(lab, node));
    } catch (IOException e) {
      throw LabException.of(killed(lab, node), e);
    }
  }

  @Override
  public void freeze(LabRecord lab, LabRecord.Node node) {
    Docker.here().run("pause", node.container());
  }

  @Override
  public void thaw(LabRecord lab, LabRecord.Node node) {
    Docker.here().run("unpause", node.container());
  }

  @Override
  public void destroy(LabRecord lab) {
    Docker docker = Docker.require();
    awaitClients(lab.lab());
    List<String> remove = new ArrayList<>(List.of("rm", "--force", "--volumes"));
    docker
        .run("ps", "--all", "--quiet", "--filter", "label=" + Holders.label(lab.lab()))
        .lines()
        .forEach(remove::add);
    if (remove.size() > 3) {
      docker.run(remove);
    }
    Wiring.remove(lab);
    lab.delete();
  }

  /// A killed deployment leaves clients that are still creating containers.
  private static void awaitClients(String lab) {
    String label = Holders.label(lab);
    Pause.until(
        "docker create of lab " + lab + " to end",
        LIMIT,
        () ->
            ProcessHandle.allProcesses()
                .map(process -> process.info().arguments().orElse(new String[0]))
                .noneMatch(words -> List.of(words).contains(label)));
  }
}

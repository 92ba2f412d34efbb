package net.donut.lab.clab.netns;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;
import net.donut.lab.clab.plan.Plan;
import net.donut.lab.clab.run.LabRecord;
import net.donut.lab.clab.run.LabRuntime;
import net.donut.lab.net.Command;
import net.donut.lab.net.LabException;
import net.donut.lab.net.LabNetwork;
import net.donut.lab.net.Namespace;
import net.donut.lab.net.Pause;
import net.donut.lab.net.Wire;
import net.donut.netlink.NetworkNamespace;
import net.donut.netlink.TransmitOffload;

/// Nodes as namespaces of this machine. Has no state of its own: any thread may call it, one a
/// node.
public final class NamespaceRuntime implements LabRuntime {
  private static final Duration START_LIMIT = Duration.ofSeconds(30);

  /// As in a container of Docker's on a host that containerlab has prepared.
  private static final List<String> NODE_SYSCTLS =
      List.of(
          "ipv4/ip_forward=1",
          "ipv4/conf/all/rp_filter=0",
          "ipv4/conf/default/rp_filter=0",
          "ipv6/conf/all/disable_ipv6=0",
          "ipv6/conf/default/disable_ipv6=0");

  /// Carries the loss of carrier from one end of a link to the other, which a plain veth does by
  /// itself. It leaves alone what is down because of a cut: only ends that are up count. LOWER_UP
  /// is the carrier; NO-CARRIER is shown for a moment also of an end that was set up and has one.
  private static final String CARRIER =
      """
      ip -o monitor link | while read -r index name flags rest; do
        name=${name%:}
        name=${name%%@*}
        case $name in
          w*a) peer=${name%a}b ;;
          w*b) peer=${name%b}a ;;
          *) continue ;;
        esac
        case $flags in
          *[,\\<]UP[,\\>]*) ;;
          *) continue ;;
        esac
        case $flags in
          *LOWER_UP*)
            if eval "[ -n \\"\\${held_$peer:-}\\" ]"; then
              ip link set "$peer" up && eval "held_$peer="
            fi
            ;;
          *)
            if eval "[ -z \\"\\${held_$name:-}\\" ]"; then
              ip link set "$peer" down 2>/dev/null && eval "held_$peer=1"
            fi
            ;;
        esac
      done
      """;

  @Override
  public List<String> namespaces(Plan plan) {
    Set<String> names = new LinkedHashSet<>();
    names.add(plan.wireNamespace());
    names.add(plan.hostNamespace());
    plan.nodes().forEach(node -> names.add(node.namespace()));
    return List.copyOf(names);
  }

  @Override
  public void createNetwork(Plan plan) {
    requireMachine();
    StringBuilder lines = new StringBuilder();
    for (String name : namespaces(plan)) {
      lines.append("netns add ").append(name).append('\n');
    }
    Command.run(List.of("ip", "-batch", "-"), lines.toString());
    Namespace wire = new Namespace(plan.wireNamespace());
    Namespace host = new Namespace(plan.hostNamespace());
    Wires wires = new Wires(plan);
    // No address of any family on a wire end: nothing of the wire namespace may speak on a link.
    wire.sysctl(List.of("ipv6/conf/default/disable_ipv6=1", "ipv4/ip_forward=0"));
    wire.ip(wires.pairs());
    wire.tc(wires.redirects());
    host.ip(wires.host());
    for (Plan.Node node : plan.nodes()) {
      Namespace namespace = new Namespace(node.namespace());
      namespace.sysctl(NODE_SYSCTLS);
      namespace.ip(wires.node(node));
    }
    offloadsOff(plan);
    requireCarrier(plan);
    startCarrierWatch(plan);
  }

  private static void requireMachine() {
    LabNetwork.requireMachine();
    for (String program : List.of("unshare", "setsid", "mountpoint", "setpriv")) {
      if (!Command.exists(program)) {
        throw new LabException(
            "the lab needs the program '" + program + "': apt-get install util-linux");
      }
    }
  }

  /// Checksums are computed where a packet is sent, as on a real wire, so that captures and relays
  /// see packets that are whole.
  private static void offloadsOff(Plan plan) {
    Map<String, List<String>> devices = new LinkedHashMap<>();
    for (Plan.Link link : plan.links()) {
      link.ends()
          .forEach(end ->
              devices.computeIfAbsent(end.namespace(), _ -> new ArrayList<>()).add(end.device()));
    }
    devices.forEach((name, inside) -> {
      try (NetworkNamespace namespace = NetworkNamespace.open(name)) {
        namespace.run(() -> inside.forEach(TransmitOffload::turnOff));
      }
    });
  }

  private static void requireCarrier(Plan plan) {
    String[] links = Command.run("ip", "-n", plan.wireNamespace(), "-o", "link").split("\n");
    List<String> dead = new ArrayList<>();
    for (Plan.Link link : plan.links()) {
      Wire wire = new Wire(link.number());
      for (Plan.End end : link.ends()) {
        String port = " " + (end.equals(link.a()) ? wire.a() : wire.b()) + "@";
        boolean up =
            Stream.of(links).anyMatch(line -> line.contains(port) && line.contains("LOWER_UP"));
        if (!up) {
          dead.add(end + " of " + link.name());
        }
      }
    }
    if (!dead.isEmpty()) {
      throw new LabException("no carrier at " + String.join(", ", dead) + " (expected: at both)");
    }
  }

  private static void startCarrierWatch(Plan plan) {
    Path directory = LabRecord.directoryOf(plan.lab());
    Command.detached(
        new Namespace(plan.wireNamespace()).inside(List.of("sh", "-c", CARRIER)),
        Map.of(),
        directory.resolve("carrier.log"));
  }

  @Override
  public void start(Plan plan, Plan.Node node) {
    NodeFiles files =
        new NodeFiles(LabRecord.directoryOf(plan.lab()).resolve("nodes").resolve(node.name()));
    NodeScript script = new NodeScript(plan, node, files.directory());
    files.prepare(script.outside(), script.inside());
    launch(node.name(), node.namespace(), files);
  }

  @Override
  public void restart(LabRecord lab, LabRecord.Node node) {
    if (state(lab, node) instanceof NodeState.Running) {
      throw new LabException("node " + node.name() + " is running");
    }
    NodeFiles files = new NodeFiles(lab.nodeDirectory(node.name()));
    endProcesses(files);
    files.forget();
    managementPort(lab, node, "up");
    launch(node.name(), node.namespace(), files);
  }

  private static void launch(String name, String namespace, NodeFiles files) {
    Command.detached(
        new Namespace(namespace)
            .inside(
                List.of(
                    "unshare",
                    "--mount",
                    "--uts",
                    "--ipc",
                    "--pid",
                    "--fork",
                    "--kill-child",
                    "sh",
                    files.outside().toString())),
        Map.of(),
        files.console());
    long deadline = System.nanoTime() + START_LIMIT.toNanos();
    while (!files.isReady()) {
      boolean ended = files.pid().isPresent() && !isAlive(files.pid().get());
      if (ended || System.nanoTime() > deadline) {
        if (files.isReady()) {
          return;
        }
        throw new LabException(
            "node %s did not start: %s (see %s)"
                .formatted(name, files.lastWords(), files.console()));
      }
      Pause.of(Duration.ofMillis(10));
    }
  }

  private static boolean isAlive(long pid) {
    return ProcessHandle.of(pid).map(ProcessHandle::isAlive).orElse(false);
  }

  @Override
  public ExecResult exec(LabRecord lab, LabRecord.Node node, List<String> command, Duration limit) {
    NodeFiles files = new NodeFiles(lab.nodeDirectory(node.name()));
    long pid =
        files
            .pid()
            .filter(NamespaceRuntime::isAlive)
            .orElseThrow(() ->
                new LabException(
                    "node "
                        + node.name()
                        + " does not run: a killed one starts with: donut lab links restore "
                        + node.name()));
    List<String> line = new ArrayList<>(List.of("env", "-i"));
    line.add("PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin");
    line.add("HOME=/root");
    line.add("TERM=xterm");
    line.add("HOSTNAME=" + node.name());
    node.environment().forEach((name, value) -> line.add(name + "=" + value));
    line.addAll(
        List.of(
            "nsenter",
            "--target",
            Long.toString(pid),
            "--mount",
            "--uts",
            "--ipc",
            "--net",
            "--pid",
            "--"));
    if (!node.user().isEmpty()) {
      line.addAll(User.of(node.user()).command());
    }
    line.addAll(command);
    Command.Result result = Command.tryRun(line, "", limit);
    return new ExecResult(
        node.container(), command, result.exitCode(), result.output(), result.errors());
  }

  @Override
  public NodeState state(LabRecord lab, LabRecord.Node node) {
    NodeFiles files = new NodeFiles(lab.nodeDirectory(node.name()));
    long pid = files.pid().filter(NamespaceRuntime::isAlive).orElse(0L);
    if (pid == 0) {
      return new NodeState.Absent();
    }
    return files
        .exitCode()
        .<NodeState>map(NodeState.Exited::new)
        .orElseGet(() -> new NodeState.Running(pid, files.age()));
  }

  @Override
  public void kill(LabRecord lab, LabRecord.Node node) {
    managementPort(lab, node, "down");
    endProcesses(new NodeFiles(lab.nodeDirectory(node.name())));
  }

  /// When process 1 of a process namespace dies, the kernel kills the rest.
  private static void endProcesses(NodeFiles files) {
    files
        .pid()
        .flatMap(ProcessHandle::of)
        .ifPresent(process -> {
          process.destroyForcibly();
          Pause.until(
              "process " + process.pid() + " to end",
              Duration.ofSeconds(10),
              () -> !isAlive(process.pid()));
        });
  }

  private static void managementPort(LabRecord lab, LabRecord.Node node, String change) {
    List<LabRecord.Node> managed =
        lab.nodes().stream().filter(other -> !other.ipv4().isEmpty()).toList();
    int number = managed.indexOf(node);
    if (number >= 0) {
      new Namespace(Plan.hostNamespace(lab.lab()))
          .ip(List.of("link set " + Wires.managementPort(number) + " " + change));
    }
  }

  @Override
  public void freeze(LabRecord lab, LabRecord.Node node) {
    signal(lab, node, "-STOP");
  }

  @Override
  public void thaw(LabRecord lab, LabRecord.Node node) {
    signal(lab, node, "-CONT");
  }

  private static void signal(LabRecord lab, LabRecord.Node node, String signal) {
    long first =
        new NodeFiles(lab.nodeDirectory(node.name()))
            .pid()
            .filter(NamespaceRuntime::isAlive)
            .orElseThrow(() -> new LabException("node " + node.name() + " does not run"));
    List<String> command = new ArrayList<>(List.of("kill", signal));
    Path namespace = processNamespace(first);
    ProcessHandle.allProcesses()
        .map(ProcessHandle::pid)
        .filter(pid -> processNamespace(pid).equals(namespace))
        .forEach(pid -> command.add(Long.toString(pid)));
    Command.run(command, "");
  }

  private static Path processNamespace(long pid) {
    try {
      return Files.readSymbolicLink(Path.of("/proc", Long.toString(pid), "ns", "pid"));
    } catch (IOException e) {
      // The process has ended in between.
      return Path.of("");
    }
  }

  @Override
  public void destroy(LabRecord lab) {
    List<String> there =
        lab.namespaces().stream()
            .filter(name -> Files.exists(Path.of("/run/netns", name)))
            .toList();
    endAll(there);
    StringBuilder lines = new StringBuilder();
    there.forEach(name -> lines.append("netns del ").append(name).append('\n'));
    Command.tryRun(List.of("ip", "-force", "-batch", "-"), lines.toString());
    lab.delete();
  }

  /// Ends every process inside namespaces; new ones may appear while the old ones end.
  private static void endAll(List<String> namespaces) {
    Set<String> identities = new LinkedHashSet<>();
    for (String name : namespaces) {
      try {
        identities.add("net:[" + Files.getAttribute(Path.of("/run/netns", name), "unix:ino") + "]");
      } catch (IOException e) {
        throw new LabException("/run/netns/" + name + ": " + e.getMessage(), e);
      }
    }
    Pause.until(
        "the processes of the lab to end",
        Duration.ofSeconds(20),
        () -> {
          List<ProcessHandle> inside =
              ProcessHandle.allProcesses()
                  .filter(process -> identities.contains(networkNamespace(process.pid())))
                  .toList();
          inside.forEach(ProcessHandle::destroyForcibly);
          return inside.isEmpty();
        });
  }

  private static String networkNamespace(long pid) {
    try {
      return Files.readSymbolicLink(Path.of("/proc", Long.toString(pid), "ns", "net")).toString();
    } catch (IOException e) {
      // The process has ended, or ends: it has no namespaces any more.
      return "";
    }
  }
}

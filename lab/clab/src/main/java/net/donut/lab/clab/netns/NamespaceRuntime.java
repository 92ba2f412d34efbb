package net.donut.lab.clab.netns;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.zip.CRC32;
import net.donut.lab.clab.model.HealthCheck;
import net.donut.lab.clab.plan.Plan;
import net.donut.lab.clab.plan.Shell;
import net.donut.lab.clab.run.LabRecord;
import net.donut.lab.clab.run.LabRuntime;
import net.donut.lab.clab.wiring.Wiring;
import net.donut.lab.net.Command;
import net.donut.lab.net.LabException;
import net.donut.lab.net.LabMachine;
import net.donut.lab.net.Namespace;
import net.donut.lab.net.Pause;

/// Nodes as namespaces of this machine. Has no state of its own: any thread may call it, one a
/// node.
public final class NamespaceRuntime implements LabRuntime {
  private static final Duration START_LIMIT = Duration.ofSeconds(30);
  private static final Duration HEALTH_LIMIT = Duration.ofSeconds(10);

  /// A lab puts many programs that all react to one cut on a few processors: who measures it comes
  /// first.
  private static final String BEHIND = "10";

  @Override
  public List<String> prepare(Plan plan) {
    LabMachine.require();
    for (String program : List.of("unshare", "setsid", "mountpoint", "setpriv")) {
      if (!Command.exists(program)) {
        throw new LabException(
            "the lab needs the program '" + program + "': apt-get install util-linux");
      }
    }
    return List.of();
  }

  @Override
  public void createNetwork(Plan plan) {
    Wiring.add(plan.namespaces());
    Wiring.connect(plan);
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
    NodeFiles files = new NodeFiles(lab.nodeDirectory(node.name()));
    switch (state(lab, node)) {
      case NodeState.Running _, NodeState.Paused _ ->
          throw new LabException("node " + node.name() + " is running");
      case NodeState.Exited _ -> startOnceMore(node.name(), files);
      case NodeState.Absent _ -> {
        files.forget();
        Wiring.managementPort(lab, node, "up");
        launch(node.name(), node.namespace(), files);
      }
    }
  }

  /// The node is there and only its program has ended: what else runs in it goes on.
  private static void startOnceMore(String name, NodeFiles files) {
    files
        .pid()
        .ifPresent(pid -> Command.run(List.of("kill", "-s", "USR1", Long.toString(pid)), ""));
    Pause.until(
        "node " + name + " starts its program again",
        START_LIMIT,
        () -> files.exitCode().isEmpty());
  }

  private static void launch(String name, String namespace, NodeFiles files) {
    Command.detached(
        new Namespace(namespace)
            .inside(
                List.of(
                    "nice",
                    "-n",
                    BEHIND,
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
    Command.Result result = Command.tryRun(inside(lab, node, command, Attachment.PIPE), "", limit);
    return new ExecResult(
        node.container(), command, result.exitCode(), result.output(), result.errors());
  }

  /// Its terminal is one that `script` makes in the node, so that the program leads a session
  /// there: job control works, and an interrupt of the keyboard is a byte until it is there.
  @Override
  public List<String> inside(
      LabRecord lab, LabRecord.Node node, List<String> command, Attachment attachment) {
    NodeFiles files = new NodeFiles(lab.nodeDirectory(node.name()));
    long pid =
        files
            .pid()
            .filter(NamespaceRuntime::isAlive)
            .orElseThrow(() ->
                new LabException(
                    "node "
                        + node.name()
                        + " does not run: a killed one starts with: donut lab restore "
                        + node.name()));
    // Whoever started us may ignore interrupts (a script's background job); a prompt must not.
    List<String> line = new ArrayList<>(List.of("env", "-i", "--default-signal=INT,QUIT"));
    line.add("PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin");
    line.add("HOME=/root");
    line.add("TERM=" + terminal(attachment));
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
    List<String> own = new ArrayList<>();
    if (!node.user().isEmpty()) {
      own.addAll(User.of(node.user()).command());
    }
    own.addAll(command);
    switch (attachment) {
      case TERMINAL ->
          line.addAll(
              List.of(
                  "script",
                  "--quiet",
                  "--return",
                  "--command",
                  "exec " + Shell.quote(own),
                  "/dev/null"));
      case PIPE -> line.addAll(own);
      case DETACHED -> {
        line.addAll(List.of("setsid", "--fork"));
        line.addAll(own);
      }
    }
    return line;
  }

  private static String terminal(Attachment attachment) {
    String here = System.getenv().getOrDefault("TERM", "");
    return attachment == Attachment.TERMINAL && !here.isEmpty() ? here : "xterm";
  }

  @Override
  public List<String> console(LabRecord lab, LabRecord.Node node, int lines, boolean follow) {
    Path console = new NodeFiles(lab.nodeDirectory(node.name())).console();
    if (!Files.exists(console)) {
      throw new LabException("node " + node.name() + " has no console yet: it was never started");
    }
    List<String> line = new ArrayList<>(List.of("tail", "-n", lines < 0 ? "+1" : "" + lines));
    if (follow) {
      line.add("--follow=name");
    }
    line.add(console.toString());
    return line;
  }

  @Override
  public Optional<Ending> ending(LabRecord lab, LabRecord.Node node) {
    NodeFiles files = new NodeFiles(lab.nodeDirectory(node.name()));
    return files
        .lastExitCode()
        .map(code -> new Ending(code, files.startsAgain(), files.lastWords()));
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
  public Health health(LabRecord lab, LabRecord.Node node) {
    if (node.healthCheck().isEmpty() || !(state(lab, node) instanceof NodeState.Running)) {
      return Health.NONE;
    }
    boolean healthy = exec(lab, node, node.healthCheck(), HEALTH_LIMIT).exitCode() == 0;
    return healthy ? Health.HEALTHY : Health.UNHEALTHY;
  }

  @Override
  public void awaitHealthy(LabRecord lab, Plan.Node node, Duration limit) {
    HealthCheck check = node.definition().life().health();
    if (check == null || check.isNone()) {
      return;
    }
    long begun = System.nanoTime();
    int failures = 0;
    while (true) {
      ExecResult result = exec(lab, lab.node(node.name()), check.command(), check.timeout());
      if (result.exitCode() == 0) {
        return;
      }
      long past = System.nanoTime() - begun;
      failures = past >= check.startPeriod().toNanos() ? failures + 1 : 0;
      if (failures >= check.retries() || past > limit.toNanos()) {
        throw new LabException(
            "node %s is unhealthy: %s exited with %d, %d times"
                .formatted(
                    node.name(), String.join(" ", check.command()), result.exitCode(), failures));
      }
      Pause.of(
          check.interval().compareTo(Duration.ofSeconds(1)) < 0
              ? Duration.ofMillis(200)
              : check.interval());
    }
  }

  /// The same digits whenever a lab of that name is deployed.
  @Override
  public String id(LabRecord lab, LabRecord.Node node) {
    CRC32 crc = new CRC32();
    byte[] text = (lab.lab() + "/" + node.name()).getBytes(StandardCharsets.UTF_8);
    crc.update(text);
    return "%08x%04x".formatted(crc.getValue(), text.length);
  }

  @Override
  public void kill(LabRecord lab, LabRecord.Node node) {
    Wiring.managementPort(lab, node, "down");
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
    // One that has ended in between is as good as stopped; the others have the signal.
    Command.tryRun(command, "");
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
    Wiring.remove(lab);
    lab.delete();
  }
}

package net.donut.lab.net;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/// The long-running programs of a lab, each inside a namespace with its output in a log file, and
/// each in the state file. Owned by the thread that runs the lab.
public final class Processes implements AutoCloseable {
  private final LabState state;
  private final Path logs;
  private final Map<String, Process> running = new LinkedHashMap<>();
  private final Map<String, ProcessId> ids = new LinkedHashMap<>();

  public Processes(LabState state, Path logs) {
    this.state = state;
    this.logs = logs;
    try {
      Files.createDirectories(logs);
    } catch (IOException e) {
      throw new LabException(logs + ": " + e.getMessage(), e);
    }
  }

  /// Starts a program under a name that is unique in the lab; its output is appended to
  /// `logs/NAME.log`.
  public ProcessId start(String name, Namespace namespace, List<String> command) {
    return start(name, namespace, command, Map.of());
  }

  public ProcessId start(
      String name, Namespace namespace, List<String> command, Map<String, String> environment) {
    return start(name, namespace, command, environment, Rank.BEHIND);
  }

  /// Which priority a program runs with.
  public enum Rank {
    /// Lower than what is measured.
    BEHIND,
    /// As any program.
    FRONT
  }

  public ProcessId start(
      String name,
      Namespace namespace,
      List<String> command,
      Map<String, String> environment,
      Rank rank) {
    Path log = logs.resolve(name + ".log");
    List<String> inside = namespace.inside(command);
    try {
      ProcessBuilder builder =
          new ProcessBuilder(rank == Rank.BEHIND ? behindTheKernel(inside) : inside)
              .redirectErrorStream(true)
              .redirectInput(Path.of("/dev/null").toFile())
              .redirectOutput(ProcessBuilder.Redirect.appendTo(log.toFile()));
      builder.environment().putAll(environment);
      Process process = builder.start();
      ProcessId id =
          ProcessId.of(name, process.pid())
              .orElseThrow(() -> new LabException(name + ": ended at once, see " + log));
      running.put(name, process);
      ids.put(name, id);
      state.started(id);
      return id;
    } catch (IOException e) {
      throw new LabException(name + ": " + e.getMessage(), e);
    }
  }

  /// A lab puts a dozen programs that all react to one cut on a few processors. They run with a
  /// lower priority, so that what a cut costs is the kernel's work and not their competition for
  /// it.
  private static List<String> behindTheKernel(List<String> command) {
    List<String> all = new ArrayList<>(List.of("nice", "-n", "10"));
    all.addAll(command);
    return all;
  }

  public boolean isAlive(String name) {
    Process process = running.get(name);
    return process != null && process.isAlive();
  }

  public Path log(String name) {
    return logs.resolve(name + ".log");
  }

  /// Ends a program as `kill -9` does, and waits for its end.
  public void kill(String name) {
    Process process = running.get(name);
    ProcessId id = ids.get(name);
    if (process == null || id == null) {
      throw new IllegalArgumentException(
          "process: '" + name + "' (expected one of: " + running.keySet() + ")");
    }
    process.destroyForcibly().onExit().orTimeout(10, java.util.concurrent.TimeUnit.SECONDS).join();
    running.remove(name);
    ids.remove(name);
    state.ended(id);
  }

  /// Ends programs as an operator would, with a signal they can handle, and waits for their end.
  public void end(List<ProcessId> processes) {
    LabState.terminate(processes);
    for (ProcessId process : processes) {
      running.remove(process.name());
      ids.remove(process.name());
      state.ended(process);
    }
  }

  /// The names of programs that ended without being asked to.
  public List<String> dead() {
    return running.entrySet().stream()
        .filter(entry -> !entry.getValue().isAlive())
        .map(Map.Entry::getKey)
        .toList();
  }

  /// Ends all, the youngest first.
  @Override
  public void close() {
    List<ProcessId> all = new ArrayList<>(ids.values()).reversed();
    LabState.terminate(all);
    all.forEach(state::ended);
    running.clear();
    ids.clear();
  }
}

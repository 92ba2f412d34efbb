package net.donut.lab.net;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;

/// The long-running programs of a lab, each inside a namespace with its output in a log file, and
/// each in the state file. Owned by the thread that runs the lab.
public final class Processes implements AutoCloseable {
  private final LabState state;
  private final Path logs;

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
    return start(name, namespace, command, environment, ProcessPriority.BEHIND);
  }

  public ProcessId start(
      String name,
      Namespace namespace,
      List<String> command,
      Map<String, String> environment,
      ProcessPriority rank) {
    return Program.start(
            state,
            name,
            namespace,
            rank,
            namespace.inside(command),
            environment,
            log(name).toAbsolutePath())
        .id();
  }

  public boolean isAlive(String name) {
    return state.program(name).isAlive();
  }

  /// The identity of a program. Throws IllegalArgumentException when there is none of that name.
  public ProcessId id(String name) {
    return state.program(name).id();
  }

  public Path log(String name) {
    return logs.resolve(name + ".log");
  }

  /// Ends a program as `kill -9` does, and waits for its end.
  public void kill(String name) {
    state.kill(name);
  }

  /// Starts a program again that has ended, as it was started before.
  public void again(String name) {
    state.again(name);
  }

  /// Ends programs as an operator would, with a signal they can handle, and waits for their end.
  public void end(List<ProcessId> processes) {
    ProcessId.terminate(processes);
    processes.forEach(state::ended);
  }

  /// The programs that ended without being asked to.
  public List<ProcessId> dead() {
    return state.dead();
  }

  /// Ends all, the youngest first.
  @Override
  public void close() {
    Pause.undisturbed(state::endProcesses);
  }
}

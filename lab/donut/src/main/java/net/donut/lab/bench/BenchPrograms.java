package net.donut.lab.bench;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import net.donut.lab.net.LabException;
import net.donut.lab.net.Namespace;
import net.donut.lab.net.Pause;
import net.donut.lab.net.ProcessId;
import net.donut.lab.net.ProcessPriority;

/// The programs that a bench starts in the nodes of its lab, each with its output in a log file.
/// What is left of them when the bench is killed ends with the lab. Owned by the thread that runs
/// the bench.
final class BenchPrograms implements AutoCloseable {
  private final Path logs;
  private final Map<String, Program> programs = new LinkedHashMap<>();

  /// A program with all it takes to start it again.
  ///
  /// @param command enters the namespace by itself
  /// @param environment what it has besides that of this process
  private record Program(
      ProcessId id,
      ProcessPriority priority,
      List<String> command,
      Map<String, String> environment) {}

  BenchPrograms(Path logs) {
    this.logs = logs;
    try {
      Files.createDirectories(logs);
    } catch (IOException e) {
      throw LabException.of(logs, e);
    }
  }

  /// Starts a program under a name that is unique in the bench; its output is appended to
  /// `logs/NAME.log`. Throws LabException when it cannot be started or ends at once.
  ProcessId start(
      String name,
      Namespace namespace,
      List<String> command,
      Map<String, String> environment,
      ProcessPriority priority) {
    return start(name, priority, namespace.inside(command), environment);
  }

  private ProcessId start(
      String name,
      ProcessPriority priority,
      List<String> command,
      Map<String, String> environment) {
    ProcessId id = launch(name, priority.command(command), environment);
    programs.put(name, new Program(id, priority, command, environment));
    priority.settle(id);
    return id;
  }

  private ProcessId launch(String name, List<String> command, Map<String, String> environment) {
    try {
      ProcessBuilder builder =
          new ProcessBuilder(command)
              .redirectErrorStream(true)
              .redirectInput(Path.of("/dev/null").toFile())
              .redirectOutput(ProcessBuilder.Redirect.appendTo(log(name).toFile()));
      builder.environment().putAll(environment);
      return ProcessId.of(name, builder.start().pid())
          .orElseThrow(() -> new LabException(name + ": ended at once, see " + log(name)));
    } catch (IOException e) {
      throw LabException.of(name, e);
    }
  }

  boolean isAlive(String name) {
    return id(name).isAlive();
  }

  /// The identity of a program. Throws IllegalArgumentException when there is none of that name.
  ProcessId id(String name) {
    return program(name).id();
  }

  private Program program(String name) {
    Program program = programs.get(name);
    if (program == null) {
      throw new IllegalArgumentException(
          "program: '" + name + "' (expected one of: " + programs.keySet() + ")");
    }
    return program;
  }

  Path log(String name) {
    return logs.resolve(name + ".log").toAbsolutePath();
  }

  /// Ends a program as `kill -9` does, and waits for its end.
  void kill(String name) {
    ProcessId.kill(List.of(id(name)));
  }

  /// Starts a program again that has ended, as it was started before.
  void again(String name) {
    Program before = program(name);
    ProcessId _ = start(name, before.priority(), before.command(), before.environment());
  }

  /// Ends programs as an operator would, with a signal they can handle, and waits for their end.
  void end(List<ProcessId> processes) {
    ProcessId.terminate(processes);
    programs.values().removeIf(program -> processes.contains(program.id()));
  }

  /// Ends all, the youngest first.
  @Override
  public void close() {
    Pause.undisturbed(
        () -> end(List.copyOf(programs.values()).reversed().stream().map(Program::id).toList()));
  }
}

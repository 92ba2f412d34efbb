package net.donut.lab.net;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/// A program of a lab with all it takes to start it again.
///
/// @param namespace of the node it runs in; `command` enters it by itself
/// @param environment what it has besides the environment of who starts it
/// @param log where its output is appended
/// @param killed that its end was asked for
record Program(
    ProcessId id,
    Namespace namespace,
    ProcessPriority rank,
    List<String> command,
    Map<String, String> environment,
    Path log,
    boolean killed) {
  Program {
    command = List.copyOf(command);
    environment = Map.copyOf(environment);
  }

  /// Starts a program and notes it. Throws LabException when it cannot be started or ends at once.
  static Program start(
      LabState state,
      String name,
      Namespace namespace,
      ProcessPriority rank,
      List<String> command,
      Map<String, String> environment,
      Path log) {
    ProcessId id = launch(name, rank.command(command), environment, log);
    return new Program(id, namespace, rank, command, environment, log, false).noted(state);
  }

  /// Starts it once more, in a session of its own: who starts it here may end before it.
  Program again(LabState state) {
    List<String> detached = new ArrayList<>(List.of("setsid"));
    detached.addAll(rank.command(command));
    ProcessId other = launch(id.name(), detached, environment, log);
    return new Program(other, namespace, rank, command, environment, log, false).noted(state);
  }

  /// Ends it as `kill -9` does, and waits for its end; it stays noted, as one that was killed.
  void kill(LabState state) {
    state.note(new Program(id, namespace, rank, command, environment, log, true));
    ProcessId.kill(List.of(id));
  }

  boolean isAlive() {
    return id.isAlive();
  }

  private Program noted(LabState state) {
    state.note(this);
    rank.settle(id);
    return this;
  }

  private static ProcessId launch(
      String name, List<String> command, Map<String, String> environment, Path log) {
    try {
      ProcessBuilder builder =
          new ProcessBuilder(command)
              .redirectErrorStream(true)
              .redirectInput(Path.of("/dev/null").toFile())
              .redirectOutput(ProcessBuilder.Redirect.appendTo(log.toFile()));
      builder.environment().putAll(environment);
      return ProcessId.of(name, builder.start().pid())
          .orElseThrow(() -> new LabException(name + ": ended at once, see " + log));
    } catch (IOException e) {
      throw new LabException(name + ": " + e.getMessage(), e);
    }
  }
}

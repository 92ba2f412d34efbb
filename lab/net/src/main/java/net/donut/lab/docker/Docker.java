package net.donut.lab.docker;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import net.donut.lab.net.Command;
import net.donut.lab.net.LabException;

/// The Docker engine of this machine: that of `DOCKER_HOST`, the one that `donut setup docker`
/// started, or the client's own choice.
///
/// @param prefix the client with the words that choose the engine
public record Docker(List<String> prefix) {
  private static final Path OWN_SOCKET = Path.of("/run/donut/docker/docker.sock");
  private static final Duration LIMIT = Duration.ofMinutes(2);
  private static final Duration PULL_LIMIT = Duration.ofMinutes(10);

  public Docker {
    prefix = List.copyOf(prefix);
  }

  /// The engine, without asking whether it answers.
  public static Docker here() {
    boolean chosen = !System.getenv().getOrDefault("DOCKER_HOST", "").isEmpty();
    return new Docker(
        chosen || !Files.exists(OWN_SOCKET)
            ? List.of("docker")
            : List.of("docker", "--host", "unix://" + OWN_SOCKET));
  }

  /// The engine, which answers. Throws LabException, saying how to get one, when none does.
  public static Docker require() {
    if (!Command.exists("docker")) {
      throw new LabException("the program 'docker' is missing: run ./donut setup");
    }
    Docker docker = here();
    if (docker.tryRun(List.of("version"), LIMIT).exitCode() != 0) {
      throw new LabException("no Docker engine answers: start one with: ./donut setup docker");
    }
    return docker;
  }

  /// What the client writes. Throws LabException unless it exits with 0.
  public String run(List<String> arguments) {
    Command.Result result = tryRun(arguments, LIMIT);
    if (result.exitCode() != 0) {
      throw new LabException("docker " + arguments.getFirst() + ": " + message(result));
    }
    return result.output().strip();
  }

  public String run(String... arguments) {
    return run(List.of(arguments));
  }

  /// Runs the client, whatever its exit code.
  public Command.Result tryRun(List<String> arguments, Duration limit) {
    return Command.tryRun(line(arguments), "", limit);
  }

  /// The command line of the client with these words.
  public List<String> line(List<String> arguments) {
    List<String> line = new ArrayList<>(prefix);
    line.addAll(arguments);
    return line;
  }

  public boolean hasImage(String image) {
    return tryRun(List.of("image", "inspect", "--format", "{{.Id}}", image), LIMIT).exitCode() == 0;
  }

  /// Fetches an image from its registry. Empty when that went well, otherwise why not.
  public Optional<String> pull(String image) {
    Command.Result result = tryRun(List.of("pull", "--quiet", image), PULL_LIMIT);
    return result.exitCode() == 0 ? Optional.empty() : Optional.of(message(result));
  }

  /// What the engine said last, without its preamble.
  public static String message(Command.Result result) {
    String text = result.errors().isBlank() ? result.output() : result.errors();
    String line = text.strip().lines().reduce((_, last) -> last).orElse("no message");
    return line.replaceFirst("^Error response from daemon: ", "");
  }
}

package net.donut.lab.clab.netns;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import net.donut.lab.net.LabException;
import net.donut.model.FileFailure;

/// The directory of a node on this machine: its scripts, its console, and the status that its
/// process 1 writes.
record NodeFiles(Path directory) {
  private static final String PROGRAM = "program ";
  private static final String EXITED = "exited ";

  Path console() {
    return directory.resolve("console.log");
  }

  private Path status() {
    return directory.resolve("status");
  }

  Path outside() {
    return directory.resolve("outside");
  }

  /// Writes what a start needs and forgets what a former one told.
  void prepare(String outside, String inside) {
    try {
      Files.createDirectories(directory.resolve("root"));
      Files.setPosixFilePermissions(directory, PosixFilePermissions.fromString("rwx------"));
      Files.writeString(outside(), outside);
      Files.writeString(directory.resolve("inside"), inside);
      forget();
    } catch (IOException e) {
      throw LabException.of(directory, e);
    }
  }

  /// Forgets what a former start told.
  void forget() {
    try {
      Files.deleteIfExists(status());
      Files.writeString(status(), "");
    } catch (IOException e) {
      throw LabException.of(status(), e);
    }
  }

  private List<String> lines() {
    try {
      return Files.exists(status()) ? Files.readAllLines(status()) : List.of();
    } catch (IOException e) {
      throw LabException.of(status(), e);
    }
  }

  boolean isReady() {
    return lines().contains("ready");
  }

  /// Process 1 of the node, as this machine counts.
  Optional<Long> pid() {
    return lines().stream()
        .filter(line -> line.startsWith("pid "))
        .map(line -> Long.valueOf(line.substring(4)))
        .reduce((_, last) -> last);
  }

  /// The node's program that was started last, as the node counts.
  Optional<Long> program() {
    return lines().stream()
        .filter(line -> line.startsWith(PROGRAM))
        .map(line -> Long.valueOf(line.substring(PROGRAM.length())))
        .reduce((_, last) -> last);
  }

  /// With what code the node's program ended, if it has and was not started again.
  Optional<Integer> exitCode() {
    List<String> lines = lines().stream().filter(line -> !line.equals("again")).toList();
    return lines.isEmpty() || !lines.getLast().startsWith(EXITED)
        ? Optional.empty()
        : Optional.of(exitCode(lines.getLast()));
  }

  private static int exitCode(String line) {
    return Integer.parseInt(line.substring(EXITED.length()));
  }

  /// With what code the node's program ended last, whatever came after it.
  Optional<Integer> lastExitCode() {
    return lines().stream()
        .filter(line -> line.startsWith(EXITED))
        .map(NodeFiles::exitCode)
        .reduce((_, last) -> last);
  }

  /// Whether the node's program was or will be started again by itself after its end.
  boolean startsAgain() {
    return lines().contains("again");
  }

  /// How long ago the status changed.
  Duration age() {
    try {
      return Duration.between(Files.getLastModifiedTime(status()).toInstant(), Instant.now());
    } catch (IOException e) {
      throw LabException.of(status(), e);
    }
  }

  /// The end of what the node wrote, for messages.
  String lastWords() {
    try {
      String text = Files.exists(console()) ? new String(Files.readAllBytes(console()), UTF_8) : "";
      return text.lines()
          .filter(line -> !line.isBlank())
          .reduce((_, last) -> last)
          .map(String::strip)
          .orElse("it wrote nothing");
    } catch (IOException e) {
      return FileFailure.text(e);
    }
  }
}

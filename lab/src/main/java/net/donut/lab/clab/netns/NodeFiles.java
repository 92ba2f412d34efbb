package net.donut.lab.clab.netns;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import net.donut.lab.net.LabException;

/// The directory of a node on this machine: its scripts, its console, and the status that its
/// process 1 writes.
record NodeFiles(Path directory) {

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
      throw new LabException(directory + ": " + e.getMessage(), e);
    }
  }

  /// Forgets what a former start told.
  void forget() {
    try {
      Files.deleteIfExists(status());
      Files.writeString(status(), "");
    } catch (IOException e) {
      throw new LabException(status() + ": " + e.getMessage(), e);
    }
  }

  private List<String> lines() {
    try {
      return Files.exists(status()) ? Files.readAllLines(status()) : List.of();
    } catch (IOException e) {
      throw new LabException(status() + ": " + e.getMessage(), e);
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

  /// With what code the node's program ended, if it has and was not started again.
  Optional<Integer> exitCode() {
    List<String> lines = lines();
    return lines.isEmpty() || !lines.getLast().startsWith("exited ")
        ? Optional.empty()
        : Optional.of(Integer.valueOf(lines.getLast().substring(7)));
  }

  /// How long ago the status changed.
  Duration age() {
    try {
      return Duration.between(Files.getLastModifiedTime(status()).toInstant(), Instant.now());
    } catch (IOException e) {
      throw new LabException(status() + ": " + e.getMessage(), e);
    }
  }

  /// The end of what the node wrote, for messages.
  String lastWords() {
    try {
      List<String> lines = Files.exists(console()) ? Files.readAllLines(console()) : List.of();
      return lines.isEmpty() ? "it wrote nothing" : lines.getLast();
    } catch (IOException e) {
      return e.toString();
    }
  }
}

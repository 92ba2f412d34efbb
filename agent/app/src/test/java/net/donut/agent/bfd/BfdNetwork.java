package net.donut.agent.bfd;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;

/// Our router and a neighbor, each in a namespace, with a bridge in a third between them: the path
/// can be cut while both ends keep their carrier.
final class BfdNetwork implements AutoCloseable {
  static final String OURS4 = "10.232.0.1";
  static final String OURS6 = "fd00:232::1";
  static final String THEIRS4 = "10.232.0.2";
  static final String THEIRS6 = "fd00:232::2";

  private static final AtomicInteger COUNT = new AtomicInteger();

  private final List<Process> programs = new ArrayList<>();
  private final String prefix =
      "donut-bfd-" + ProcessHandle.current().pid() + "-" + COUNT.incrementAndGet();
  private final Path directory;

  BfdNetwork() {
    try {
      directory = Files.createTempDirectory("donut-bfd-");
      Files.setPosixFilePermissions(directory, PosixFilePermissions.fromString("rwxrwxrwx"));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    for (String name : List.of(router(), wire(), neighbor())) {
      ip("netns", "add", name);
      ip("-n", name, "link", "set", "lo", "up");
    }
    ip("-n", wire(), "link", "add", "br0", "type", "bridge");
    ip("-n", wire(), "link", "set", "br0", "up");
    end(router(), "left", OURS4, OURS6);
    end(neighbor(), "right", THEIRS4, THEIRS6);
  }

  private void end(String namespace, String port, String ipv4, String ipv6) {
    ip(
        "-n", wire(), "link", "add", port, "type", "veth", "peer", "name", "eth0", "netns",
        namespace);
    ip("-n", wire(), "link", "set", port, "master", "br0", "up");
    ip("-n", namespace, "addr", "add", ipv4 + "/24", "dev", "eth0");
    ip("-n", namespace, "addr", "add", ipv6 + "/64", "dev", "eth0", "nodad");
    ip("-n", namespace, "link", "set", "eth0", "up");
  }

  String router() {
    return prefix + "-r";
  }

  private String wire() {
    return prefix + "-w";
  }

  String neighbor() {
    return prefix + "-n";
  }

  /// Nothing passes any more; carriers stay.
  void cut() {
    ip("-n", wire(), "link", "set", "right", "nomaster");
  }

  void restore() {
    ip("-n", wire(), "link", "set", "right", "master", "br0");
  }

  Path directory() {
    return directory;
  }

  Path file(String name) {
    return directory.resolve(name);
  }

  void write(String name, String content) {
    try {
      Files.writeString(file(name), content);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  String log(String name) {
    try {
      return Files.exists(file(name)) ? Files.readString(file(name)) : "";
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /// Starts a program at the neighbor, output to `<output>`.
  void start(String output, List<String> command) {
    List<String> inside = new ArrayList<>(List.of("ip", "netns", "exec", neighbor()));
    inside.addAll(command);
    try {
      programs.add(
          new ProcessBuilder(inside)
              .redirectErrorStream(true)
              .redirectOutput(ProcessBuilder.Redirect.appendTo(file(output).toFile()))
              .start());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static void ip(String... arguments) {
    List<String> command = new ArrayList<>(List.of("ip"));
    command.addAll(List.of(arguments));
    run(command);
  }

  /// Runs a command to its end, within 30 s, and returns its output. Fails unless it exits with 0.
  static String run(List<String> command) {
    try {
      Path output = Files.createTempFile("donut-bfd-", ".out");
      Process process =
          new ProcessBuilder(command)
              .redirectErrorStream(true)
              .redirectOutput(output.toFile())
              .start();
      boolean done = process.waitFor(30, TimeUnit.SECONDS);
      process.destroyForcibly();
      String text = Files.readString(output);
      Files.delete(output);
      if (!done || process.exitValue() != 0) {
        throw new AssertionError(String.join(" ", command) + ": " + text);
      }
      return text;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      throw new AssertionError(e);
    }
  }

  private static void kill(Process process) {
    process.destroyForcibly();
    try {
      process.waitFor(10, TimeUnit.SECONDS);
    } catch (InterruptedException e) {
      throw new AssertionError(e);
    }
  }

  @Override
  public void close() {
    programs.reversed().forEach(BfdNetwork::kill);
    for (String name : List.of(router(), wire(), neighbor())) {
      ip("netns", "del", name);
    }
    try (Stream<Path> files = Files.walk(directory)) {
      for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
        Files.deleteIfExists(file);
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}

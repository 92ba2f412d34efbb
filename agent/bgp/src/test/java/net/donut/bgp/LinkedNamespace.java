package net.donut.bgp;

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

/// A network namespace of a test with one link to ours: `10.231.N.1` and `fd00:231:N::1` here, `.2`
/// and `::2` there. Ends the programs started in it, and removes what it made, on close.
final class LinkedNamespace implements AutoCloseable {
  private static final AtomicInteger COUNT = new AtomicInteger();
  private static final long PID = ProcessHandle.current().pid();

  private final List<Process> programs = new ArrayList<>();
  private final int number = (int) ((PID * 7 + COUNT.incrementAndGet()) % 250);
  private final String name = "donut-bgp-" + PID + "-" + COUNT.get();
  private final String here = "dbgp" + PID % 1_000_000 + "-" + COUNT.get();
  private final Path directory;

  LinkedNamespace() {
    try {
      directory = Files.createTempDirectory("donut-bgp-");
      Files.setPosixFilePermissions(directory, PosixFilePermissions.fromString("rwxrwxrwx"));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    ip("netns", "add", name);
    ip("link", "add", here, "type", "veth", "peer", "name", "eth0", "netns", name);
    ip("-n", name, "link", "set", "lo", "up");
    ip("addr", "add", ours4() + "/24", "dev", here);
    ip("addr", "add", ours6() + "/64", "dev", here, "nodad");
    ip("-n", name, "addr", "add", theirs4() + "/24", "dev", "eth0");
    ip("-n", name, "addr", "add", theirs6() + "/64", "dev", "eth0", "nodad");
    ip("link", "set", here, "up");
    ip("-n", name, "link", "set", "eth0", "up");
  }

  /// Adds `fe80::231:1` here and `fe80::231:2` there.
  void addLinkLocal() {
    ip("addr", "add", "fe80::231:1/64", "dev", here, "nodad");
    ip("-n", name, "addr", "add", "fe80::231:2/64", "dev", "eth0", "nodad");
  }

  /// Makes the upper half of the link's IPv4 subnet addresses of ours.
  void addUpperHalf() {
    ip("route", "add", "local", upperHalf(), "dev", here);
  }

  String upperHalf() {
    return "10.231." + number + ".128/25";
  }

  /// Sets a kernel parameter in the namespace, named with dots.
  void sysctl(String parameter, String value) {
    ip("netns", "exec", name, "sysctl", "-q", "-w", parameter + "=" + value);
  }

  private static void ip(String... arguments) {
    List<String> command = new ArrayList<>(List.of("ip"));
    command.addAll(List.of(arguments));
    run(command);
  }

  String ours4() {
    return "10.231." + number + ".1";
  }

  String theirs4() {
    return "10.231." + number + ".2";
  }

  String ours6() {
    return "fd00:231:" + Integer.toHexString(number) + "::1";
  }

  String theirs6() {
    return "fd00:231:" + Integer.toHexString(number) + "::2";
  }

  String link() {
    return here;
  }

  Path file(String fileName) {
    return directory.resolve(fileName);
  }

  Path write(String fileName, String content) {
    try {
      return Files.writeString(file(fileName), content);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  String log(String fileName) {
    try {
      return Files.exists(file(fileName)) ? Files.readString(file(fileName)) : "";
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /// Starts a program in the namespace, output to `<file>`.
  Process start(String output, String... command) {
    List<String> inside = new ArrayList<>(List.of("ip", "netns", "exec", name));
    inside.addAll(List.of(command));
    try {
      Process process =
          new ProcessBuilder(inside)
              .redirectErrorStream(true)
              .redirectOutput(ProcessBuilder.Redirect.appendTo(file(output).toFile()))
              .start();
      programs.add(process);
      return process;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /// Runs a command to its end, within 30 s, and returns its output. Fails unless it exits with 0.
  static String run(List<String> command) {
    try {
      Path output = Files.createTempFile("donut-bgp-", ".out");
      Process process =
          new ProcessBuilder(command)
              .redirectErrorStream(true)
              .redirectOutput(output.toFile())
              .start();
      boolean ended = process.waitFor(30, TimeUnit.SECONDS);
      process.destroyForcibly();
      String text = Files.readString(output);
      Files.delete(output);
      if (!ended || process.exitValue() != 0) {
        throw new AssertionError(String.join(" ", command) + ": " + text);
      }
      return text;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      throw new AssertionError(e);
    }
  }

  /// Fails with what to install when a program is missing.
  static void need(String program, String path, String packageName) {
    if (!Files.isExecutable(Path.of(path))) {
      throw new AssertionError(
          "needs " + program + ": apt-get install " + packageName + ", or run ./donut setup");
    }
  }

  static void kill(Process process) {
    process.destroyForcibly();
    try {
      process.waitFor(10, TimeUnit.SECONDS);
    } catch (InterruptedException e) {
      throw new AssertionError(e);
    }
  }

  @Override
  public void close() {
    programs.reversed().forEach(LinkedNamespace::kill);
    ip("link", "del", here);
    ip("netns", "del", name);
    try (Stream<Path> files = Files.walk(directory)) {
      for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
        Files.delete(file);
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}

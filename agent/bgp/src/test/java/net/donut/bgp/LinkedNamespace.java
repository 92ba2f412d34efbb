package net.donut.bgp;

import static net.donut.fixtures.NamespacePrograms.ip;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import net.donut.fixtures.NamespacePrograms;

/// A network namespace of a test with one link to ours: `10.231.N.1` and `fd00:231:N::1` here, `.2`
/// and `::2` there. Ends the programs started in it, and removes what it made, on close.
final class LinkedNamespace implements AutoCloseable {
  private static final AtomicInteger COUNT = new AtomicInteger();
  private static final long PID = ProcessHandle.current().pid();

  private final NamespacePrograms programs = new NamespacePrograms("donut-bgp-");
  private final int number = (int) ((PID * 7 + COUNT.incrementAndGet()) % 250);
  private final String name = "donut-bgp-" + PID + "-" + COUNT.get();
  private final String here = "dbgp" + PID % 1_000_000 + "-" + COUNT.get();

  LinkedNamespace() {
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
    return programs.file(fileName);
  }

  Path write(String fileName, String content) {
    return programs.write(fileName, content);
  }

  String log(String fileName) {
    return programs.log(fileName);
  }

  /// Starts a program in the namespace, output to `<file>`.
  Process start(String output, String... command) {
    return programs.start(name, output, List.of(command));
  }

  /// Fails with what to install when a program is missing.
  static void need(String program, String path, String packageName) {
    if (!Files.isExecutable(Path.of(path))) {
      throw new AssertionError(
          "needs " + program + ": apt-get install " + packageName + ", or run ./donut setup");
    }
  }

  @Override
  public void close() {
    programs.close();
    ip("link", "del", here);
    ip("netns", "del", name);
  }
}

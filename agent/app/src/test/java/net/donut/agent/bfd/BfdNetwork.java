package net.donut.agent.bfd;

import static net.donut.fixtures.NamespacePrograms.ip;

import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import net.donut.fixtures.NamespacePrograms;

/// Our router and a neighbor, each in a namespace, with a bridge in a third between them: the path
/// can be cut while both ends keep their carrier.
final class BfdNetwork implements AutoCloseable {
  static final String OURS4 = "10.232.0.1";
  static final String OURS6 = "fd00:232::1";
  static final String THEIRS4 = "10.232.0.2";
  static final String THEIRS6 = "fd00:232::2";

  private static final AtomicInteger COUNT = new AtomicInteger();

  private final NamespacePrograms programs = new NamespacePrograms("donut-bfd-");
  private final String prefix =
      "donut-bfd-" + ProcessHandle.current().pid() + "-" + COUNT.incrementAndGet();

  BfdNetwork() {
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
    return programs.directory();
  }

  Path file(String name) {
    return programs.file(name);
  }

  void write(String name, String content) {
    Path _ = programs.write(name, content);
  }

  String log(String name) {
    return programs.log(name);
  }

  /// Starts a program at the neighbor, output to `<output>`.
  void start(String output, List<String> command) {
    Process _ = programs.start(neighbor(), output, command);
  }

  @Override
  public void close() {
    programs.close();
    for (String name : List.of(router(), wire(), neighbor())) {
      ip("netns", "del", name);
    }
  }
}

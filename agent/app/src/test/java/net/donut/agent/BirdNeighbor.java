package net.donut.agent;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import net.donut.agent.fib.TestNamespace;
import net.donut.model.Prefix;
import org.jspecify.annotations.Nullable;

/// A real BIRD.
final class BirdNeighbor implements RealNeighbor {
  private final TestNamespace namespace;
  private final Path directory;
  private @Nullable Process process;

  BirdNeighbor(TestNamespace namespace, Path directory, int routes) {
    this(namespace, directory, routes, "graceful restart aware;");
  }

  /// `restart` is what its session says of graceful restart.
  BirdNeighbor(TestNamespace namespace, Path directory, int routes, String restart) {
    this(namespace, directory, routes, restart, 1);
  }

  /// One that is AS 64600 + NUMBER at 100.64.NUMBER.2.
  BirdNeighbor(TestNamespace namespace, Path directory, int routes, String restart, int number) {
    this(
        namespace,
        directory,
        routes,
        new Session(number, "100.64." + number + ".", restart, channel("ipv4", "")));
  }

  private BirdNeighbor(TestNamespace namespace, Path directory, int routes, Session session) {
    this.namespace = namespace;
    this.directory = directory;
    StringBuilder config =
        new StringBuilder(session.text()).append("protocol static announced { ipv4;\n");
    for (int i = 0; i < routes; i++) {
      config.append("  route " + Prefix.ofIpv4(0x0a00_0000 + (i << 8), 24) + " blackhole;\n");
    }
    try {
      Files.writeString(directory.resolve("bird.conf"), config.append("}\n"));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /// AS 64601 at fd00:64:1::2 with a session to fd00:64:1::1 for both families: its IPv4 routes
  /// have that IPv6 next hop (RFC 8950).
  static BirdNeighbor overIpv6(TestNamespace namespace, Path directory, int routes) {
    String channels = channel("ipv4", "extended next hop on;") + channel("ipv6", "");
    return new BirdNeighbor(
        namespace,
        directory,
        routes,
        new Session(1, "fd00:64:1::", "graceful restart off;", channels));
  }

  private static String channel(String family, String options) {
    return "  %s { %s import all; export where source = RTS_STATIC; };\n"
        .formatted(family, options);
  }

  /// The session with us, of address `.1` or `::1` in its subnet.
  private record Session(int number, String subnet, String restart, String channels) {
    String text() {
      return """
      router id 10.0.0.%1$d;
      log stderr all;
      protocol device {}
      protocol bfd {
        interface "*" { min rx interval 100 ms; min tx interval 100 ms; multiplier 5; };
      }
      protocol bgp agent {
        local %2$s2 as %3$d;
        neighbor %2$s1 as 64500;
        hold time 90;
        connect delay time 1;
        connect retry time 1;
        error wait time 1, 2;
        %4$s
      %5$s}
      """
          .formatted(1 + number, subnet, 64600 + number, restart, channels);
    }
  }

  @Override
  public BirdNeighbor start() {
    if (!Files.isExecutable(Path.of("/usr/sbin/bird"))) {
      throw new AssertionError("needs bird: apt-get install bird2, or run ./donut setup");
    }
    try {
      process =
          new ProcessBuilder(
                  "ip",
                  "netns",
                  "exec",
                  namespace.name(),
                  "/usr/sbin/bird",
                  "-f",
                  "-c",
                  directory.resolve("bird.conf").toString(),
                  "-s",
                  directory.resolve("bird.ctl").toString(),
                  "-P",
                  directory.resolve("bird.pid").toString())
              .redirectErrorStream(true)
              .redirectOutput(directory.resolve("bird.log").toFile())
              .start();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return this;
  }

  /// What `birdc` answers; empty while BIRD does not answer.
  String ask(String question) {
    try {
      Process birdc =
          new ProcessBuilder("/usr/sbin/birdc", "-s", directory.resolve("bird.ctl").toString())
              .redirectErrorStream(true)
              .start();
      birdc.getOutputStream().write((question + "\nquit\n").getBytes(StandardCharsets.UTF_8));
      birdc.getOutputStream().close();
      String answer = new String(birdc.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
      return birdc.waitFor(10, TimeUnit.SECONDS) ? answer : "";
    } catch (IOException e) {
      return "";
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return "";
    }
  }

  /// The prefixes BIRD has from us by AS path `path` and next hop `nextHop`.
  List<String> heard(String path, String nextHop) {
    String[] lines = ask("show route protocol agent").split("\n");
    List<String> found = new java.util.ArrayList<>();
    for (int i = 0; i + 1 < lines.length; i++) {
      if (lines[i].contains("[" + path + "]") && lines[i + 1].contains("via " + nextHop + " ")) {
        String line = lines[i].startsWith("bird> ") ? lines[i].substring(6) : lines[i];
        found.add(line.substring(0, line.indexOf(' ')));
      }
    }
    return found;
  }

  /// Withdraws all it announced, and keeps the session.
  void withdrawAll() {
    ask("disable announced");
  }

  @Override
  public void disable() {
    ask("disable agent");
  }

  @Override
  public void signal(String signal) {
    Process running = process;
    if (running == null) {
      throw new IllegalStateException("BIRD: none (expected: started)");
    }
    RealNeighbor.signal(running, signal);
  }

  @Override
  public void kill() {
    if (process != null) {
      RealNeighbor.kill(process);
      process = null;
    }
  }

  @Override
  public void close() {
    kill();
  }
}

package net.donut.agent;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import net.donut.agent.fib.TestNamespace;
import org.jspecify.annotations.Nullable;

/// A real BIRD in a namespace, AS 64601 at 100.64.1.2, that announces 10.0.0.0/24 and the next ones
/// to 100.64.1.1.
final class BirdNeighbor implements AutoCloseable {
  private final TestNamespace namespace;
  private final Path directory;
  private @Nullable Process process;

  BirdNeighbor(TestNamespace namespace, Path directory, int routes) {
    this(namespace, directory, routes, "graceful restart aware;");
  }

  /// `restart` is what its session says of graceful restart.
  BirdNeighbor(TestNamespace namespace, Path directory, int routes, String restart) {
    this.namespace = namespace;
    this.directory = directory;
    StringBuilder config =
        new StringBuilder(
            """
            router id 10.0.0.2;
            log stderr all;
            protocol device {}
            protocol bfd {
              interface "*" { min rx interval 100 ms; min tx interval 100 ms; multiplier 5; };
            }
            protocol bgp agent {
              local 100.64.1.2 as 64601;
              neighbor 100.64.1.1 as 64500;
              hold time 90;
              connect delay time 1;
              connect retry time 1;
              error wait time 1, 2;
              %s
              ipv4 { import all; export where source = RTS_STATIC; };
            }
            protocol static {
              ipv4;
            """
                .formatted(restart));
    for (int i = 0; i < routes; i++) {
      config.append("  route 10.%d.%d.0/24 blackhole;\n".formatted(i >> 8, i & 0xff));
    }
    try {
      Files.writeString(directory.resolve("bird.conf"), config.append("}\n"));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  BirdNeighbor start() {
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

  /// Stops it without a word to anyone, or lets it go on.
  void signal(String signal) {
    Process running = process;
    if (running == null) {
      throw new IllegalStateException("BIRD: none (expected: started)");
    }
    try {
      int code =
          new ProcessBuilder("kill", "-" + signal, Long.toString(running.pid())).start().waitFor();
      if (code != 0) {
        throw new AssertionError("kill -" + signal + ": exit code " + code);
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      throw new AssertionError(e);
    }
  }

  /// kill -9.
  void kill() {
    Process running = process;
    if (running != null) {
      running.destroyForcibly();
      try {
        running.waitFor(5, TimeUnit.SECONDS);
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
      }
    }
    process = null;
  }

  @Override
  public void close() {
    kill();
  }
}

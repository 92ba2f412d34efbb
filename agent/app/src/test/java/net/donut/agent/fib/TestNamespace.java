package net.donut.agent.fib;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

/// A network namespace that lives as long as this object, and `ip` inside it.
public final class TestNamespace implements AutoCloseable {
  private static final AtomicInteger COUNT = new AtomicInteger();

  private final String name =
      "donut-agent-" + ProcessHandle.current().pid() + "-" + COUNT.incrementAndGet();

  public TestNamespace() {
    run("ip", "netns", "add", name);
    ip("link set lo up");
  }

  public String name() {
    return name;
  }

  public Path path() {
    return Path.of("/run/netns", name);
  }

  /// Runs `ip -n NAMESPACE` with words split at spaces; gives its output. Fails when it fails.
  public String ip(String words) {
    List<String> command = new ArrayList<>(List.of("ip", "-n", name));
    command.addAll(List.of(words.split(" ")));
    return run(command.toArray(String[]::new));
  }

  /// Runs any program inside.
  public String exec(String... words) {
    List<String> command = new ArrayList<>(List.of("ip", "netns", "exec", name));
    command.addAll(List.of(words));
    return run(command.toArray(String[]::new));
  }

  /// A pair of interfaces between this namespace and another; the two ends get different indexes.
  public void connect(String here, TestNamespace other, String there) {
    int index = 1000 + 2 * COUNT.incrementAndGet();
    ip(
        "link add %s index %d type veth peer name %s index %d netns %s"
            .formatted(here, index, there, index + 1, other.name));
    ip("link set " + here + " up");
    other.ip("link set " + there + " up");
  }

  private static String run(String... command) {
    try {
      Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
      String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
      if (!process.waitFor(20, TimeUnit.SECONDS) || process.exitValue() != 0) {
        process.destroyForcibly();
        throw new IllegalStateException(String.join(" ", command) + ": " + output);
      }
      return output;
    } catch (IOException e) {
      throw new UncheckedIOException("needs ip: apt-get install iproute2, or run ./donut setup", e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException(e);
    }
  }

  @Override
  public void close() {
    run("ip", "netns", "del", name);
  }
}

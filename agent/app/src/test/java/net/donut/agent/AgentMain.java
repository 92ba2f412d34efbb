package net.donut.agent;

import static net.donut.fixtures.Eventually.eventually;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import net.donut.agent.fib.TestNamespace;
import picocli.CommandLine;

/// Runs `donut agent` as a process of its own for tests.
final class AgentMain {
  private static final InetSocketAddress ADDRESS =
      new InetSocketAddress(InetAddress.getLoopbackAddress(), AgentOptions.DEFAULT_PORT);

  private AgentMain() {}

  public static void main(String[] args) {
    System.exit(
        new CommandLine(new AgentCommand())
            .setCaseInsensitiveEnumValuesAllowed(true)
            .execute(args));
  }

  /// Starts `edge1` with arguments; its output goes to a file, in place of what that held.
  static Process start(TestNamespace namespace, Path log, List<String> arguments)
      throws IOException {
    List<String> command =
        new ArrayList<>(
            List.of(
                "ip",
                "netns",
                "exec",
                namespace.name(),
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-ea",
                "--enable-native-access=ALL-UNNAMED",
                "--sun-misc-unsafe-memory-access=allow",
                "-cp",
                System.getProperty("java.class.path"),
                AgentMain.class.getName(),
                "--name",
                "edge1"));
    command.addAll(arguments);
    return new ProcessBuilder(command)
        .redirectErrorStream(true)
        .redirectOutput(log.toFile())
        .start();
  }

  /// Starts the agent of a network with its state in a directory, and waits until it serves.
  static Process start(BirdNetwork network, Path directory) throws IOException {
    Path log = directory.resolve("agent.log");
    Files.deleteIfExists(log);
    Process process =
        start(
            network.here,
            log,
            List.of("--insecure", "--state-dir", directory.resolve("state").toString()));
    network.keep(() -> process.destroyForcibly().waitFor());
    eventually(
        Duration.ofSeconds(30), () -> assertThat(Files.readString(log)).contains("agent started"));
    return process;
  }

  /// A client of an agent that was started so.
  static AgentClient client(BirdNetwork network) {
    return network.keep(new AgentClient(network.namespace, ADDRESS));
  }
}

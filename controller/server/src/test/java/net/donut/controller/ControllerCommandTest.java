package net.donut.controller;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.ServerSocketChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.ServiceLoader;
import java.util.concurrent.TimeUnit;
import net.donut.api.DonutCommand;
import net.donut.fixtures.Eventually;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;

/// The command line of the controller, and the process that it starts.
final class ControllerCommandTest {
  @TempDir Path directory;
  private ControllerNetwork network;

  @BeforeEach
  void start() throws IOException {
    network = new ControllerNetwork(directory);
  }

  @AfterEach
  void stop() {
    network.close();
  }

  private record Run(int code, String err) {}

  private Run run(String... changes) {
    StringWriter err = new StringWriter();
    int code =
        new CommandLine(new ControllerCommand())
            .setErr(new PrintWriter(err, true))
            .execute(arguments(changes).toArray(new String[0]));
    return new Run(code, err.toString().strip());
  }

  /// The usual arguments, with `name=value` of `changes` in place of them.
  private List<String> arguments(String... changes) {
    List<String> arguments =
        new ArrayList<>(
            List.of(
                "--policy=" + network.policyFile(),
                "--listen=127.0.0.1:0",
                "--socket=" + network.socket(),
                "--state-dir=" + network.stateDirectory(),
                "--insecure"));
    for (String change : changes) {
      String name = change.split("=", 2)[0];
      arguments.removeIf(argument -> argument.split("=", 2)[0].equals(name));
      if (!change.endsWith("=none")) {
        arguments.add(change);
      }
    }
    return arguments;
  }

  @Test
  void the_program_finds_the_command() {
    assertThat(ServiceLoader.load(DonutCommand.class))
        .anyMatch(command -> command instanceof ControllerCommand);
  }

  @Test
  void every_mistake_of_the_policy_is_listed_and_nothing_starts() throws IOException {
    Files.writeString(
        network.policyFile(),
        network.policy().replace("as: 64601", "as: x").replace("cost: 10", "cost: y"));

    Run run = run();

    assertThat(run.code()).isEqualTo(2);
    assertThat(run.err().lines())
        .containsExactly(
            network.policyFile() + ":8:11: links[1].cost: 'y' (expected: a cost 1..65535)",
            network.policyFile()
                + ":15:9: neighbors.tier1a.as: 'x' (expected: an AS number 1..4294967294)");
    assertThat(network.socket()).doesNotExist();
  }

  @Test
  void a_missing_policy_file_is_told() {
    Run run = run("--policy=/nowhere/donut.yaml");

    assertThat(run.code()).isEqualTo(2);
    assertThat(run.err())
        .isEqualTo("policy /nowhere/donut.yaml: not readable; give the file with --policy");
  }

  @Test
  void a_port_in_use_is_told() throws IOException {
    try (ServerSocket taken = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      Run run = run("--listen=127.0.0.1:" + taken.getLocalPort());

      assertThat(run.code()).isEqualTo(2);
      assertThat(run.err())
          .isEqualTo(
              "listen on 127.0.0.1:%d: address in use; stop what uses it or give another address"
                  .formatted(taken.getLocalPort()));
    }
  }

  @Test
  void a_group_that_the_machine_does_not_have_is_told() {
    Run run = run("--socket-group=no-such-group");

    assertThat(run.code()).isEqualTo(2);
    assertThat(run.err())
        .isEqualTo("--socket-group: 'no-such-group' (expected: a group of this machine)");
  }

  @Test
  void a_state_directory_in_use_is_told() {
    network.start();

    Run run = run("--socket=" + directory.resolve("other.sock"));

    assertThat(run.code()).isEqualTo(2);
    assertThat(run.err())
        .isEqualTo(
            "state directory %s: in use by another controller; stop it or give another --state-dir"
                .formatted(network.stateDirectory()));
  }

  @Test
  void a_socket_in_use_is_told_and_a_stale_one_replaced() throws IOException {
    network.start();

    Run run = run("--state-dir=" + directory.resolve("other"));

    assertThat(run.code()).isEqualTo(2);
    assertThat(run.err())
        .isEqualTo(
            "socket %s: another controller serves it: address in use; stop the other one or give"
                    .formatted(network.socket())
                + " another --socket");
    network.stop();
    Files.createDirectories(network.socket().getParent());
    try (var stale = ServerSocketChannel.open(StandardProtocolFamily.UNIX)) {
      assertThat(stale.bind(UnixDomainSocketAddress.of(network.socket())).isOpen()).isTrue();
    }
    assertThat(network.socket()).exists();
    network.start();
    assertThat(network.status().getVersion()).isEqualTo("test");
  }

  @Test
  void wrong_arguments_are_told() {
    assertThat(run("--listen=here").err())
        .startsWith("--listen: 'here' (expected: address:port such as 127.0.0.1:9341)");
    assertThat(run("--insecure=none").err())
        .startsWith(
            "--tls-dir: missing (expected: --tls-dir DIR with what `donut pki issue controller`"
                + " wrote, or --insecure to run without TLS)");
  }

  @Test
  void a_process_ends_on_sigterm_and_starts_again_after_sigkill() throws Throwable {
    network.usualRoutes();
    Process first = spawn();
    Eventually.eventually(() -> assertThat(network.status().getVersion()).isNotEmpty());
    first.destroyForcibly();
    assertThat(first.waitFor(10, TimeUnit.SECONDS)).isTrue();

    Process second = spawn();
    Eventually.eventually(() -> assertThat(network.status().getWaitingList()).isEmpty());
    second.destroy();

    assertThat(second.waitFor(10, TimeUnit.SECONDS)).isTrue();
    assertThat(network.socket()).doesNotExist();
  }

  private Process spawn() throws IOException {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.addAll(
        List.of("-cp", System.getProperty("java.class.path"), "-XX:TieredStopAtLevel=1"));
    command.addAll(List.of("--enable-native-access=ALL-UNNAMED", Main.class.getName()));
    command.addAll(arguments());
    return new ProcessBuilder(command)
        .redirectErrorStream(true)
        .redirectOutput(directory.resolve("controller.log").toFile())
        .start();
  }

  /// What the program does with the command.
  static final class Main {
    private Main() {}

    public static void main(String[] arguments) {
      System.exit(new CommandLine(new ControllerCommand()).execute(arguments));
    }
  }
}

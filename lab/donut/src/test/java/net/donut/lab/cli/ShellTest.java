package net.donut.lab.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import net.donut.fixtures.NeedsDocker;
import net.donut.lab.clab.DeployedLab;
import net.donut.lab.clab.model.RuntimeKind;
import net.donut.lab.clab.plan.Shell;
import net.donut.lab.net.Command;
import net.donut.lab.net.Launcher;
import net.donut.lab.net.Pause;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/// The prompt of a node at a real terminal, pipes into it, and its console.
@Timeout(value = 180, unit = TimeUnit.SECONDS)
@NeedsDocker
class ShellTest {
  private static final String TOPOLOGY =
      """
      name: x
      topology:
        nodes:
          r1: {kind: linux, image: frrouting/frr}
          h1: {kind: linux, image: donut-lab, cmd: "sh -c 'echo first; echo second; sleep 1000'"}
      """;

  @TempDir private Path directory;

  private DeployedLab deploy(RuntimeKind runtime) throws IOException {
    Path file = Files.writeString(directory.resolve("x.clab.yml"), TOPOLOGY);
    String name = "tshell" + runtime.word() + ProcessHandle.current().pid();
    return DeployedLab.deploy(DeployedLab.plan(file, runtime, name, directory));
  }

  private static List<String> donut(DeployedLab lab, String command, String... words) {
    List<String> line = new ArrayList<>(List.of("lab", command, "--name", lab.record().lab()));
    line.addAll(List.of(words));
    return Launcher.command(line);
  }

  /// A program at a terminal of its own, by `script`.
  private static final class Typist implements AutoCloseable {
    private final Process process;
    private final ByteArrayOutputStream screen = new ByteArrayOutputStream();
    private final Thread reader;

    Typist(List<String> line) throws IOException {
      String command = "stty rows 33 cols 99; exec " + Shell.quote(line);
      process =
          new ProcessBuilder("script", "-q", "-e", "-c", command, "/dev/null")
              .redirectErrorStream(true)
              .start();
      reader = Thread.ofVirtual().start(this::read);
    }

    private void read() {
      try (InputStream output = process.getInputStream()) {
        byte[] buffer = new byte[4096];
        for (int n = output.read(buffer); n > 0; n = output.read(buffer)) {
          synchronized (screen) {
            screen.write(buffer, 0, n);
          }
        }
      } catch (IOException e) {
        process.destroy();
      }
    }

    String screen() {
      synchronized (screen) {
        return screen.toString(StandardCharsets.UTF_8);
      }
    }

    void awaits(String text) {
      Pause.until(
          "'" + text + "' on the screen", Duration.ofSeconds(60), () -> screen().contains(text));
    }

    void types(String keys) throws IOException {
      process.getOutputStream().write(keys.getBytes(StandardCharsets.UTF_8));
      process.getOutputStream().flush();
    }

    int exitCode() throws InterruptedException {
      assertThat(process.waitFor(60, TimeUnit.SECONDS)).as(screen()).isTrue();
      reader.join();
      return process.exitValue();
    }

    @Override
    public void close() {
      process.destroyForcibly();
    }
  }

  @ParameterizedTest
  @EnumSource
  void a_node_has_a_prompt_with_a_terminal(RuntimeKind runtime) throws Exception {
    try (DeployedLab lab = deploy(runtime)) {
      // Docker tells a terminal its size when the program runs already.
      try (Typist size = new Typist(donut(lab, "shell", "h1", "sh", "-c", "sleep 2; stty size"))) {
        size.awaits("33 99");
        assertThat(size.exitCode()).isZero();
      }
      String patient = "trap 'echo caught; exit 7' INT; echo here; sleep 60 & wait";
      try (Typist interrupted = new Typist(donut(lab, "shell", "h1", "sh", "-c", patient))) {
        interrupted.awaits("here");
        interrupted.types("\003");
        interrupted.awaits("caught");
        assertThat(interrupted.exitCode()).isEqualTo(7);
      }
      try (Typist vtysh = new Typist(donut(lab, "shell", "r1"))) {
        vtysh.awaits("# ");
        // To the begin of the line and there what is missing: only an editor does that.
        vtysh.types("how version\001s\n");
        vtysh.awaits("FRRouting");
        vtysh.types("exit\n");
        assertThat(vtysh.exitCode()).isZero();
      }
      try (Typist shell = new Typist(donut(lab, "shell", "h1"))) {
        shell.awaits("# ");
        // Jobs need a terminal that the shell leads.
        shell.types("sleep 50 &\nkill %1 && echo job-$((1+1))\nexit 3\n");
        shell.awaits("job-2");
        assertThat(shell.exitCode()).isEqualTo(3);
      }
    }
  }

  @ParameterizedTest
  @EnumSource
  void a_pipe_goes_into_a_node_and_its_console_comes_out(RuntimeKind runtime) throws Exception {
    try (DeployedLab lab = deploy(runtime)) {
      assertThat(run(donut(lab, "shell", "r1"), "show version\n").output()).contains("FRRouting");
      assertThat(run(donut(lab, "shell", "h1", "cat", "-n"), "a\nb\n").output())
          .isEqualTo("     1\ta\n     2\tb\n");
      assertThat(run(donut(lab, "exec", "--node", "h1", "-i", "--cmd", "wc -l"), "a\nb\n").output())
          .isEqualTo("2\n");
      Command.Result failing =
          run(donut(lab, "shell", "h1", "sh", "-c", "echo no >&2; exit 9"), "");
      assertThat(failing.exitCode()).isEqualTo(9);
      assertThat(failing.errors()).isEqualTo("no\n");

      assertThat(
              run(
                  donut(
                      lab,
                      "exec",
                      "--node",
                      "h1",
                      "-d",
                      "--cmd",
                      "sh -c 'sleep 1; touch /tmp/done'"),
                  ""))
          .isEqualTo(new Command.Result(0, "", ""));
      lab.await("h1", "ls /tmp", "done");

      assertThat(run(donut(lab, "logs", "h1"), "").output().replace("\r", ""))
          .isEqualTo("first\nsecond\n");
      assertThat(run(donut(lab, "logs", "h1", "-n", "1"), "").output().replace("\r", ""))
          .isEqualTo("second\n");
      Process following =
          new ProcessBuilder(donut(lab, "logs", "h1", "-f")).redirectErrorStream(true).start();
      try {
        assertThat(new String(following.getInputStream().readNBytes(5), StandardCharsets.UTF_8))
            .isEqualTo("first");
        assertThat(following.isAlive()).isTrue();
      } finally {
        following.destroy();
        following.waitFor();
      }
    }
  }

  private static Command.Result run(List<String> line, String input) {
    return Command.tryRun(line, input, Duration.ofSeconds(60));
  }
}

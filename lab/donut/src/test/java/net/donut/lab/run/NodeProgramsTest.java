package net.donut.lab.run;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import net.donut.fixtures.NeedsKernel;
import net.donut.lab.clab.PerLabRuntime;
import net.donut.lab.clab.model.RuntimeKind;
import net.donut.lab.clab.parse.TopologyReader;
import net.donut.lab.clab.plan.Images;
import net.donut.lab.clab.plan.Planner;
import net.donut.lab.clab.run.Deployment;
import net.donut.lab.clab.run.LabRecord;
import net.donut.lab.clab.run.Labs;
import net.donut.lab.net.Pause;
import net.donut.lab.net.ProcessId;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/// Killing programs that leave others behind, as an agent leaves its BFD speaker.
@Timeout(value = 120, unit = TimeUnit.SECONDS)
@NeedsKernel
class NodeProgramsTest {
  private final PerLabRuntime runtime = new PerLabRuntime();
  private final String name = "tprog" + ProcessHandle.current().pid();

  @TempDir private Path directory;

  private NodePrograms deploy() throws Exception {
    Path file =
        Files.writeString(
            directory.resolve("one.clab.yml"),
            """
            name: %s
            topology:
              nodes:
                edge1:
                  kind: linux
                  image: donut-agent
                  restart-policy: "no"
                  entrypoint: sh -c 'sleep 3000 & exec sleep 2000'
            """
                .formatted(name));
    TopologyReader.Purpose purpose =
        new TopologyReader.Purpose("", RuntimeKind.NETNS, TopologyReader.Unsupported.REFUSE);
    LabRecord lab =
        Deployment.deploy(
                runtime,
                Planner.plan(
                    TopologyReader.read(file, purpose, Map.of()).orThrow(),
                    Images.known(),
                    RuntimeKind.NETNS,
                    Map.of()),
                Deployment.Options.STANDARD,
                _ -> {},
                _ -> {})
            .lab();
    return new NodePrograms(lab);
  }

  @AfterEach
  void destroy() {
    Labs.destroyIfThere(runtime, name, Labs.Directory.DELETE);
  }

  private static String commandOf(ProcessId process) {
    try {
      return Files.readString(Path.of("/proc", Long.toString(process.pid()), "cmdline"))
          .replace('\0', ' ');
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Test
  void a_program_is_killed_again_and_again_beside_what_its_former_selves_left() throws Exception {
    NodePrograms programs = deploy();
    for (int time = 0; time < 3; time++) {
      ProcessId program = programs.process("edge1-agent").orElseThrow();
      Pause.until(
          "the program to begin",
          Duration.ofSeconds(20),
          () -> commandOf(program).contains("sleep 2000 "));

      programs.kill("edge1-agent");

      assertThat(program.isAlive()).isFalse();
      assertThat(programs.isAlive("edge1-agent")).isFalse();
      programs.again("edge1-agent");
      assertThat(programs.isAlive("edge1-agent")).isTrue();
    }
  }
}

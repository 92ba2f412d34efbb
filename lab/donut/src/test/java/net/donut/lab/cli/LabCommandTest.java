package net.donut.lab.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import net.donut.fixtures.NeedsKernel;
import net.donut.lab.clab.run.LabRecord;
import net.donut.lab.net.Pause;
import net.donut.lab.net.ProcessId;
import net.donut.lab.run.DeployedNetwork;
import net.donut.lab.run.HeldLab;
import net.donut.lab.run.NodePrograms;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import picocli.CommandLine;

/// A lab that is left running and played with. Needs root.
@NeedsKernel
class LabCommandTest {
  private final String lab = "t-up" + ProcessHandle.current().pid();
  private final StringWriter printed = new StringWriter();

  @AfterEach
  void down() {
    HeldLab.read(lab).ifPresent(_ -> donut(0, "down"));
  }

  @Test
  void a_lab_survives_the_end_of_an_agent_and_leaves_nothing_after_its_own() throws IOException {
    donut(0, "up", "--neighbors", "own", "--prefixes", "500");
    ProcessId agent = agent().orElseThrow();

    ProcessHandle.of(agent.pid()).ifPresent(ProcessHandle::destroyForcibly);

    Pause.until("agent ends", Duration.ofSeconds(5), () -> !agent.isAlive());
    Pause.of(Duration.ofSeconds(3));
    donut(0, "status");
    assertThat(printed.toString()).containsPattern("edge1-agent +- +ended");

    donut(0, "start", "edge1-agent");
    assertThat(agent()).isPresent();
    donut(1, "start", "edge1-agent");
    assertThat(printed.toString()).contains("edge1-agent runs already");

    donut(0, "kill", "edge1-agent");
    assertThat(agent()).isEmpty();
    donut(1, "kill", "edge9-agent");
    assertThat(printed.toString()).contains("'edge9-agent' (expected one of: [");
    donut(0, "start", "edge1-agent");

    commandsOfFilesWorkOnItByItsName();
    nothingIsLeftOfALabThatIsKilledAndPutDown();
  }

  private void commandsOfFilesWorkOnItByItsName() {
    donut(0, "cut", "edge1-tier2a");
    donut(0, "cut", "edge1:edge2", "--kind", "silent");
    donut(0, "status");
    assertThat(printed.toString())
        .containsPattern("edge1-tier2a +cut \\(fibre\\)")
        .containsPattern("edge1-edge2 +cut \\(silent\\)");
    donut(0, "inspect");
    assertThat(printed.toString()).contains("donut-" + lab + "-edge1");
    donut(0, "exec", "--node", "edge1", "--cmd", "hostname");
    donut(0, "restore", "--all");
    assertThat(printed.toString())
        .contains("restored edge1:tier2a-tier2a:edge1", "restored edge2:edge1-edge1:edge2");
  }

  private void nothingIsLeftOfALabThatIsKilledAndPutDown() throws IOException {
    HeldLab state = HeldLab.read(lab).orElseThrow();
    List<NodePrograms.ProgramState> programs = programs(state);
    ProcessId supervisor = state.owner().orElseThrow();

    ProcessHandle.of(supervisor.pid()).ifPresent(ProcessHandle::destroyForcibly);
    Pause.until("supervisor ends", Duration.ofSeconds(5), () -> !supervisor.isAlive());

    assertThat(programs).hasSize(3).allMatch(LabCommandTest::isAlive);
    donut(1, "cut", "edge1-tier2a");
    assertThat(printed.toString()).contains("remove them with: donut lab down --name " + lab);
    donut(0, "destroy");
    assertThat(programs).noneMatch(LabCommandTest::isAlive);
    assertThat(HeldLab.directoryOf(lab)).doesNotExist();
    assertThat(LabRecord.names()).doesNotContain("donut-" + lab);
    try (Stream<Path> files = Files.list(Path.of("/run/netns"))) {
      assertThat(files.map(Path::toString)).noneMatch(file -> file.contains(lab));
    }
  }

  private static boolean isAlive(NodePrograms.ProgramState program) {
    return program.process().filter(ProcessId::isAlive).isPresent();
  }

  private static List<NodePrograms.ProgramState> programs(HeldLab state) {
    return DeployedNetwork.attach(state).programs().all();
  }

  private Optional<ProcessId> agent() {
    return programs(HeldLab.read(lab).orElseThrow()).stream()
        .filter(program -> program.name().equals("edge1-agent"))
        .flatMap(program -> program.process().stream())
        .findFirst();
  }

  private void donut(int exitCode, String command, String... arguments) {
    CommandLine line = new CommandLine(new LabCommand()).setCaseInsensitiveEnumValuesAllowed(true);
    PrintWriter out = new PrintWriter(printed, true);
    line.setOut(out).setErr(out);
    String[] all = new String[arguments.length + 3];
    all[0] = command;
    all[1] = "--name";
    all[2] = lab;
    System.arraycopy(arguments, 0, all, 3, arguments.length);
    assertThat(line.execute(all)).as(printed.toString()).isEqualTo(exitCode);
  }
}

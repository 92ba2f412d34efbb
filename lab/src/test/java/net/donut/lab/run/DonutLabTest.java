package net.donut.lab.run;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import net.donut.lab.clab.run.LabRecord;
import net.donut.lab.neighbor.Neighbors;
import net.donut.lab.net.Command;
import net.donut.lab.net.Cut;
import net.donut.lab.net.LabState;
import net.donut.lab.net.Launcher;
import net.donut.lab.net.Pause;
import net.donut.lab.net.ProcessId;
import net.donut.lab.probe.Probes;
import net.donut.lab.probe.StreamResult;
import net.donut.lab.table.TableSize;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// What a running lab survives: `kill -9` of our own programs, and of itself. Needs root.
class DonutLabTest {
  private static final Duration LIMIT = Duration.ofSeconds(60);

  @TempDir private Path out = Path.of("unset");

  private LabOptions options(String lab) {
    return new LabOptions(
        lab, out, Neighbors.Choice.REAL, 5, new TableSize(800, 200), List.of(), Map.of());
  }

  /// The flows of the topology, to be probed.
  static List<Probes.Flow> flows(DonutLab lab) {
    return lab.topology().flows().stream()
        .map(flow ->
            new Probes.Flow(
                flow.name(),
                new Probes.End(flow.from().node(), flow.from().address()),
                new Probes.End(flow.to().node(), flow.to().address())))
        .toList();
  }

  @Test
  void nothing_is_lost_when_controller_and_agents_are_killed_and_come_back() {
    String name = "t-kill" + ProcessHandle.current().pid();
    Story story = new Story(new PrintWriter(System.out, true, StandardCharsets.UTF_8));
    try (DonutLab lab = DonutLab.up(options(name), story)) {
      lab.awaitTable();
      lab.awaitStable(LIMIT);
      assertThat(lab.operator().status().getWarningsList()).as("hops without TLS").isEmpty();
      try (Probes probes = Probes.start(lab.network(), flows(lab), 1000)) {
        Pause.of(Duration.ofSeconds(1));

        assertThat(losses(probes, () -> restart(lab, DonutLab.CONTROLLER))).isEmpty();
        assertThat(losses(probes, () -> restart(lab, DonutLab.agentOf("edge1")))).isEmpty();
        assertThat(losses(probes, () -> restart(lab, DonutLab.agentOf("edge2")))).isEmpty();
      }
      lab.topology()
          .edges()
          .forEach(edge ->
              assertThat(lab.operator().drift(edge.name()).equalsIntent())
                  .as(edge.name())
                  .isTrue());
    }
  }

  @Test
  void an_override_ends_by_itself_at_routers_without_controller_and_costs_no_packet() {
    String name = "t-over" + ProcessHandle.current().pid();
    Story story = new Story(new PrintWriter(System.out, true, StandardCharsets.UTF_8));
    try (DonutLab lab = DonutLab.up(options(name), story)) {
      lab.awaitTable();
      lab.awaitStable(LIMIT);
      String direct = wayToViewers(lab);
      assertThat(direct).contains("dev tier2a");
      try (Probes probes = Probes.start(lab.network(), flows(lab), 1000)) {
        Pause.of(Duration.ofSeconds(1));
        Probes.Mark start = probes.mark();

        lab.operator().override("192.0.2.0/24", "tier1a", 10);
        Pause.until("by tier1a", LIMIT, () -> wayToViewers(lab).contains("dev tier1a"));
        lab.kill(DonutLab.CONTROLLER);
        Pause.until("direct again", LIMIT, () -> wayToViewers(lab).equals(direct));

        List<StreamResult> streams = probes.between(start, probes.mark());
        assertThat(streams).extracting(StreamResult::lost).containsOnly(0L);
      }
      lab.restart(DonutLab.CONTROLLER);
      Pause.until("controller answers", LIMIT, () -> lab.operator().tryStatus().isPresent());
      lab.awaitTable();
      lab.awaitStable(LIMIT);
      assertThat(wayToViewers(lab)).isEqualTo(direct);
      assertThat(lab.operator().status().getWarningsList()).isEmpty();
    }
  }

  private static String wayToViewers(DonutLab lab) {
    return lab.network().namespace("edge1").run("ip", "route", "get", "192.0.2.10");
  }

  /// Without BFD the streams would stand still until a hold time of 15 s or more is over.
  @Test
  void a_silent_cut_is_found_by_bfd_and_costs_a_fraction_of_a_second() {
    String name = "t-bfd" + ProcessHandle.current().pid();
    Story story = new Story(new PrintWriter(System.out, true, StandardCharsets.UTF_8));
    try (DonutLab lab = DonutLab.up(options(name), story)) {
      lab.awaitTable();
      lab.awaitStable(LIMIT);
      Pause.until("BFD is up with every neighbor", LIMIT, () -> isBfdUp(lab));
      try (Probes probes = Probes.start(lab.network(), flows(lab), 1000)) {
        Pause.of(Duration.ofSeconds(1));

        Probes.Mark start = probes.mark();
        lab.network().cuts().cut("edge1-tier2a", Cut.Plain.SILENT);
        Pause.of(Duration.ofSeconds(4));
        List<StreamResult> cut = probes.between(start, probes.mark());

        assertThat(cut).allSatisfy(stream -> assertThat(stream.lost()).isLessThan(2000));
        assertThat(cut)
            .filteredOn(stream -> stream.flow().equals("viewers"))
            .hasSize(2)
            .allSatisfy(stream -> {
              story.tell(
                  "silent cut, %s to %s: %d lost, longest gap %.0f ms"
                      .formatted(stream.from(), stream.to(), stream.lost(), stream.maxGapMs()));
              assertThat(stream.lost()).as("it led over the link").isPositive();
            });
      }
    }
  }

  private static boolean isBfdUp(DonutLab lab) {
    return lab.operator().neighbors().getNeighborsList().stream()
        .allMatch(neighbor -> neighbor.getSession().getBfd().getState().equals("Up"));
  }

  /// The streams that lost something while a thing was done, with how much.
  private static List<String> losses(Probes probes, Runnable thing) {
    Probes.Mark start = probes.mark();
    thing.run();
    List<String> losses = new ArrayList<>();
    for (StreamResult result : probes.between(start, probes.mark())) {
      if (result.lost() > 0) {
        losses.add(
            "%s to %s %s lost %d of %d"
                .formatted(
                    result.from(), result.to(), result.family(), result.lost(), result.sent()));
      }
    }
    return losses;
  }

  /// Kills a program, waits as long as an operator would need to notice, starts it again and waits
  /// until all is in order.
  private static void restart(DonutLab lab, String program) {
    lab.kill(program);
    Pause.of(Duration.ofSeconds(2));
    lab.restart(program);
    Pause.until("controller answers", LIMIT, () -> lab.operator().tryStatus().isPresent());
    lab.awaitTable();
    lab.awaitStable(LIMIT);
  }

  @Test
  void a_lab_killed_with_signal_9_leaves_nothing_once_it_is_put_down() throws Exception {
    String name = "t-nine" + ProcessHandle.current().pid();
    Path log = out.resolve("supervisor.log");
    List<String> arguments =
        List.of("lab", "supervise", "--name", name, "--logs", out.toString(), "--prefixes", "500");
    Process supervisor =
        new ProcessBuilder(Launcher.command(arguments))
            .redirectErrorStream(true)
            .redirectOutput(log.toFile())
            .start();
    List<NodePrograms.Standing> programs;
    try {
      Pause.until(
          "lab is ready, see " + log,
          Duration.ofMinutes(3),
          () -> {
            assertThat(supervisor.isAlive()).as("supervisor, see %s", text(log)).isTrue();
            return LabState.read(name)
                .filter(state -> state.fact("ready").equals("yes"))
                .isPresent();
          });
      programs = NodePrograms.of(LabState.read(name).orElseThrow()).all();
    } finally {
      supervisor.destroyForcibly().waitFor(10, TimeUnit.SECONDS);
    }

    assertThat(programs).hasSizeGreaterThan(5).allMatch(DonutLabTest::isAlive);
    Command.run(Launcher.command(List.of("lab", "down", "--name", name)), "");

    assertThat(programs).noneMatch(DonutLabTest::isAlive);
    assertThat(LabState.directoryOf(name)).doesNotExist();
    assertThat(LabRecord.names()).doesNotContain("donut-" + name);
    try (Stream<Path> files = Files.list(Path.of("/run/netns"))) {
      assertThat(files.map(file -> file.getFileName().toString()))
          .noneMatch(file -> file.contains(name));
    }
  }

  private static boolean isAlive(NodePrograms.Standing program) {
    return program.process().filter(ProcessId::isAlive).isPresent();
  }

  private static String text(Path log) {
    try {
      return Files.readString(log);
    } catch (java.io.IOException e) {
      return e.toString();
    }
  }
}

package net.donut.lab.run;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.PrintWriter;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import net.donut.api.operator.v1.StatusResponse;
import net.donut.fixtures.NeedsPrograms;
import net.donut.lab.neighbor.LabNeighbors;
import net.donut.lab.net.Command;
import net.donut.lab.net.Launcher;
import net.donut.lab.net.Pause;
import net.donut.lab.table.TableSize;
import net.donut.lab.topology.LabNode;
import net.donut.model.Role;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Two controllers that want different things of the same agents: only the one with the higher
/// election id moves routes. Needs root.
@NeedsPrograms
class SplitBrainTest {
  private static final Duration LIMIT = Duration.ofSeconds(60);
  /* The older of the two asks again and again, at most this far apart at first. */
  private static final Duration SOME_ATTEMPTS = Duration.ofSeconds(5);

  @TempDir private Path directory = Path.of("unset");

  @Test
  void only_the_controller_with_the_higher_election_id_moves_routes() {
    LabOptions options =
        new LabOptions(
            "t-split" + ProcessHandle.current().pid(),
            directory.resolve("logs"),
            LabNeighbors.Choice.REAL,
            5,
            new TableSize(800, 200),
            List.of(),
            Map.of());
    Narration story = new Narration(new PrintWriter(System.out, true, StandardCharsets.UTF_8));
    try (DonutLab lab = DonutLab.up(options, story)) {
      lab.awaitTable();
      lab.awaitStable(LIMIT);
      Map<String, Integer> usual = groups(lab);
      try (Rival rival = new Rival(lab, directory)) {
        story.tell("a second controller with a higher election id, of the same mind");
        rival.awaitConverged();
        assertThat(groups(lab)).isEqualTo(usual);

        story.tell("the higher drains tier2a");
        rival.ask("drain", "tier2a");
        rival.awaitConverged();
        Map<String, Integer> withoutTier2a = groups(lab);
        assertThat(withoutTier2a).isNotEqualTo(usual).hasSameSizeAs(usual);

        story.tell("the lower drains tier2b");
        ask(lab.socket(), "drain", "tier2b");
        awaitOutvoted(lab);
        assertThat(groups(lab)).isEqualTo(withoutTier2a);

        story.tell("the higher takes tier2a back");
        rival.ask("undrain", "tier2a");
        rival.awaitConverged();
        assertThat(groups(lab)).isEqualTo(usual);
      }

      story.tell("the higher is gone; the lower stays what it is");
      Pause.of(SOME_ATTEMPTS);
      awaitOutvoted(lab);
      assertThat(groups(lab)).isEqualTo(usual);

      story.tell("started again, the lower is the higher");
      lab.kill(DonutLab.CONTROLLER);
      lab.restart(DonutLab.CONTROLLER);
      lab.awaitTable();
      lab.awaitStable(LIMIT);
      assertThat(groups(lab)).isNotEqualTo(usual).hasSameSizeAs(usual);
    }
  }

  /// Waits until the lab's own controller says of each agent that another one has it.
  private static void awaitOutvoted(DonutLab lab) {
    Pause.until(
        "the lower controller says that another is primary",
        LIMIT,
        () ->
            lab.operator().agents().getAgentsList().stream()
                .allMatch(agent -> agent.getError().startsWith("another controller is primary")));
  }

  /// The group of every route of ours, by router and prefix.
  private static Map<String, Integer> groups(DonutLab lab) {
    Map<String, Integer> groups = new TreeMap<>();
    for (LabNode.Edge edge : lab.topology().edges().toList()) {
      lab.routesOf(edge.name())
          .forEach(route -> groups.put(edge.name() + " " + route.prefix(), route.nextHopId()));
    }
    return groups;
  }

  private static void ask(Path socket, String command, String neighbor) {
    Command.run(Launcher.command(List.of(command, neighbor, "--socket", socket.toString())), "");
  }

  /// A second controller with the policy of the lab's own, beside it in its namespace.
  private static final class Rival implements AutoCloseable {
    private final Path socket;
    private final Process process;
    private final Operator operator;

    Rival(DonutLab lab, Path directory) {
      socket = directory.resolve("rival.sock");
      List<String> command =
          lab.command(
              new Role.Controller(),
              List.of(
                  "controller",
                  "--policy",
                  lab.files().policy().toString(),
                  "--listen",
                  "127.0.0.1:0",
                  "--socket",
                  socket.toString(),
                  "--state-dir",
                  directory.resolve("rival").toString()));
      try {
        process =
            new ProcessBuilder(lab.network().namespace("ctl").inside(command))
                .redirectErrorStream(true)
                .redirectOutput(directory.resolve("rival.log").toFile())
                .start();
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
      operator = new Operator(socket);
    }

    void ask(String command, String neighbor) {
      SplitBrainTest.ask(socket, command, neighbor);
    }

    /// Waits until it has heard of everything and both kernels are as it wants them.
    void awaitConverged() {
      Pause.until("the second controller has converged", LIMIT, this::isConverged);
    }

    private boolean isConverged() {
      return operator.tryStatus().filter(StatusResponse::getConverged).isPresent();
    }

    @Override
    public void close() {
      operator.close();
      process.destroyForcibly();
      Pause.until("the second controller has ended", LIMIT, () -> !process.isAlive());
    }
  }
}

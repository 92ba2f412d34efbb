package net.donut.lab.chaos;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import net.donut.lab.neighbor.Neighbors;
import net.donut.lab.run.DonutLab;
import net.donut.lab.run.LabOptions;
import net.donut.lab.run.Story;
import net.donut.lab.table.TableSize;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// A storm over a real lab, and a fault that no control plane may heal. Needs root.
class ChaosTest {
  /* Kills of an agent and the controller, a cut, a neighbor restarted, a route deleted, a partition. */
  private static final long SEED = 157;

  @TempDir private Path out = Path.of("unset");

  @Test
  void a_storm_breaks_nothing_and_a_blackhole_put_in_by_hand_is_seen() {
    String name = "t-chaos" + ProcessHandle.current().pid();
    LabOptions options =
        new LabOptions(
            name, out, Neighbors.Choice.REAL, SEED, new TableSize(800, 200), List.of(), Map.of());
    Story story = new Story(new PrintWriter(System.out, true, StandardCharsets.UTF_8));
    try (DonutLab lab = DonutLab.up(options, story)) {
      lab.awaitTable();

      assertThat(new Chaos(lab, story).random(SEED, Duration.ZERO).broken())
          .as("seed %d", SEED)
          .isEmpty();

      List<Disturbance> sabotage =
          Disturbance.parse(
              List.of("1 0 200 kill controller", "1 500 3000 blackhole edge1 192.0.2.0/24"),
              lab.topology());
      assertThat(new Chaos(lab, story).replay(sabotage).broken())
          .anyMatch(line -> line.startsWith("192.0.2.0 from edge1: no exit by way of [edge1]"));
    }
  }
}

package net.donut.lab.chaos;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import net.donut.fixtures.NeedsPrograms;
import net.donut.lab.neighbor.LabNeighbors;
import net.donut.lab.run.DonutLab;
import net.donut.lab.run.LabOptions;
import net.donut.lab.run.Narration;
import net.donut.lab.table.TableSize;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Storms over a real lab, and a fault that no control plane may heal. Needs root.
@NeedsPrograms
class ChaosTest {
  /*
   * 545: the controller killed and later left with half-open connections, a link of ours cut, a
   * neighbor restarted and another reset, a route deleted, a full disk. 692: one agent killed, the
   * other left with half-open connections, groups and a route deleted, a reset, a full disk.
   */
  private static final List<Long> SEEDS = List.of(545L, 692L);

  @TempDir private Path out = Path.of("unset");

  @Test
  void storms_break_nothing_and_a_blackhole_put_in_by_hand_is_seen() {
    String name = "t-chaos" + ProcessHandle.current().pid();
    LabOptions options =
        new LabOptions(
            name, out, LabNeighbors.Choice.REAL, 5, new TableSize(800, 200), List.of(), Map.of());
    Narration story = new Narration(new PrintWriter(System.out, true, StandardCharsets.UTF_8));
    try (DonutLab lab = DonutLab.up(options, story)) {
      lab.awaitTable();

      for (long seed : SEEDS) {
        assertThat(new Chaos(lab, story).random(seed, Duration.ZERO).broken())
            .as("seed %d", seed)
            .isEmpty();
      }

      List<Disturbance> sabotage =
          Disturbance.parse(
              List.of("1 0 200 kill controller", "1 500 3000 blackhole edge1 192.0.2.0/24"),
              lab.topology());
      assertThat(new Chaos(lab, story).replay(sabotage).broken())
          .anyMatch(line -> line.startsWith("192.0.2.0 from edge1: no exit by way of [edge1]"));
    }
  }
}

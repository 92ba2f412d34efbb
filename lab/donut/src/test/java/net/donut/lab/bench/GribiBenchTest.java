package net.donut.lab.bench;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.PrintWriter;
import java.io.Writer;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import net.donut.fixtures.NeedsKernel;
import net.donut.lab.run.Narration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// The whole of it under a small table, with a real agent in a process of its own. Needs root.
@NeedsKernel
class GribiBenchTest {

  @Test
  void an_agent_loses_nothing_and_changes_nothing_twice(@TempDir Path directory) {
    GribiBench.Options options =
        new GribiBench.Options("gribitest", 20_000, 1, null, directory.resolve("logs"));

    List<Measurement> figures =
        GribiBench.measure(options, new Narration(new PrintWriter(Writer.nullWriter())));

    Map<String, Double> values =
        figures.stream().collect(Collectors.toMap(Measurement::key, Measurement::value));
    assertThat(values).containsEntry("entries", 20_000.0).containsEntry("restart_changes", 0.0);
    assertThat(values.get("vanished_kept")).isBetween(10_000.0, 20_000.0);
    assertThat(values)
        .containsKeys("fill_s", "get_s", "flush_s", "slow_reader_taken", "slow_get_mb", "peak_mb");
  }
}

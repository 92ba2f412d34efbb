package net.donut.lab.bench;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import net.donut.fixtures.NeedsPrograms;
import net.donut.lab.clab.run.LabRecord;
import net.donut.lab.net.Command;
import net.donut.lab.run.HeldLab;
import net.donut.lab.run.Narration;
import net.donut.model.Family;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Every system under a small table of each family. Needs root.
@NeedsPrograms
class FullTableBenchTest {
  @TempDir private Path out = Path.of("unset");

  private FullTableResult bench(Family family, List<String> systems) {
    String name = "t-full" + ProcessHandle.current().pid();
    assertThat(Command.exists("bird"))
        .as("needs bird: apt-get install bird2, or run ./donut setup")
        .isTrue();
    try {
      return new FullTableBench(
              new FullTableOptions(name, 20_000, 2, family, systems, 1, 3, null, out),
              new Narration(new PrintWriter(System.out, true, StandardCharsets.UTF_8)))
          .run();
    } finally {
      assertThat(HeldLab.directoryOf(name)).doesNotExist();
      assertThat(LabRecord.names()).doesNotContain("donut-" + name);
      assertThat(namespaces()).noneMatch(file -> file.startsWith("donut-" + name + "-"));
    }
  }

  private static List<String> namespaces() {
    try (Stream<Path> files = Files.list(Path.of("/run/netns"))) {
      return files.map(file -> file.getFileName().toString()).toList();
    } catch (java.io.IOException e) {
      throw new java.io.UncheckedIOException(e);
    }
  }

  @Test
  void donut_bird_and_frr_each_put_the_whole_table_into_the_kernel() throws Exception {
    FullTableResult result = bench(Family.IPV4, List.of("donut", "bird", "frr"));

    assertThat(result.complete()).as(FullTableReport.json(result)).isTrue();
    JsonNode rows = new ObjectMapper().readTree(FullTableReport.json(result)).path("results");
    assertThat(rows)
        .extracting(row -> row.path("system").asText())
        .containsExactly("donut", "bird", "frr");
    for (JsonNode row : rows) {
      assertThat(row.path("version").asText()).isNotBlank();
      assertThat(row.path("routes").asInt()).isEqualTo(20_000);
      assertThat(row.path("feeds").asInt()).isEqualTo(2);
      assertThat(row.path("installed").asInt()).isEqualTo(20_000);
      assertThat(row.path("seconds").asDouble()).isPositive();
      assertThat(row.path("cpu_seconds").asDouble()).isPositive();
      assertThat(row.path("rss_mb").asDouble()).isPositive();
      assertThat(row.path("notifications_lost").asBoolean()).isFalse();
      assertThat(row.path("seconds").asDouble())
          .isGreaterThanOrEqualTo(row.path("complete_seconds").asDouble());
    }
  }

  @Test
  void ipv6_tables_are_measured_as_well() {
    FullTableResult result = bench(Family.IPV6, List.of("donut", "bird"));

    assertThat(result.complete()).as(FullTableReport.json(result)).isTrue();
    assertThat(FullTableReport.markdown(result)).contains("| donut | ", "| bird | ");
  }
}

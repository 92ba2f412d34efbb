package net.donut.lab.bench;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import net.donut.fixtures.NeedsKernel;
import net.donut.lab.bench.EngineBench.Part;
import org.junit.jupiter.api.Test;

/// Every part under a small table. Needs root.
@NeedsKernel
class EngineBenchTest {

  @Test
  void every_figure_is_there_and_above_zero() {
    EngineBench.Options options = new EngineBench.Options(3_000, 3, 1, null);
    List<Measurement> figures = new ArrayList<>();
    for (Part part : Part.values()) {
      figures.addAll(EngineBench.measure(part, options));
    }

    assertThat(figures)
        .extracting(Measurement::key)
        .contains(
            "recompute_ms",
            "whatif_ms",
            "ingest_paths_per_s",
            "heap_mb",
            "bytes_per_path",
            "bytes_per_prefix",
            "gribi_encode_ops_per_s",
            "gribi_decode_ops_per_s",
            "netlink_routes_per_s",
            "netlink_bare_routes_per_s");
    assertThat(figures)
        .filteredOn(figure -> figure.key().endsWith("_per_s"))
        .allMatch(figure -> figure.value() > 0);
    assertThat(figures)
        .filteredOn(figure -> figure.key().equals("prefixes"))
        .extracting(Measurement::value)
        .containsExactly(3_000.0);
    assertThat(Measurements.json("engine", figures)).contains("\"recompute_ms\" :");
  }
}

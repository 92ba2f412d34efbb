package net.donut.simulate;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/// `--policy none --best` against the naive decision.
class PlainBestTest {
  @TempDir private Path directory = Path.of("");

  private List<String> best(List<Path> dumps) throws IOException {
    Path best = directory.resolve("best.tsv");
    List<String> words =
        new ArrayList<>(List.of("--policy", "none", "--best", best.toString(), "--mrt"));
    dumps.forEach(dump -> words.add(dump.toString()));

    Ran ran = Ran.command(new SimulateCommand(), words.toArray(String[]::new));

    assertThat(ran.exitCode()).as(ran.err()).isZero();
    return Files.readAllLines(best);
  }

  private static List<String> naive(List<Path> dumps) throws IOException {
    NaiveBest naive = new NaiveBest();
    naive.readAll(dumps);
    return naive.rows();
  }

  private static void assertSame(List<String> rows, List<String> expected) {
    for (int i = 0; i < Math.min(rows.size(), expected.size()); i++) {
      if (!rows.get(i).equals(expected.get(i))) {
        assertThat(rows.get(i)).as("row %d", i + 1).isEqualTo(expected.get(i));
      }
    }
    assertThat(rows).hasSameSizeAs(expected).isNotEmpty();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "rib/rv2-20140523-first.mrt.xz",
        "rib/rv2-20080501-first.mrt.xz",
        "rib/ris-bview.20020722.2337.gz",
        "edge/bgpdump-bview.64k_stream_overflow.gz",
        "edge/bgpdump-bview.ipv4_unicast_add_path.gz",
        "edge/bgpdump-bview.ipv6_unicast_add_path.gz",
        "edge/mrtparse-samples/openbgpd_rib_table-mp",
        "edge/mrtparse-samples/openbgpd_rib_table-v2",
        "edge/mrtparse-samples/bird-mrtdump_rib",
        "edge/mrtparse-samples/bird6-mrtdump_rib",
        "edge/mrtparse-samples/quagga_rib",
        "edge/mrtparse-samples/quagga_bgp",
        "edge/bgpkit-rrc00-updates.19991214.1621.gz",
        "updates/bgpdump-updates.20070211.0141.gz",
        "updates/bgpdump-updates.20160811.1600.gz"
      })
  void every_row_is_that_of_the_naive_decision(String dump) throws IOException {
    List<Path> dumps = List.of(Fixtures.path("mrt/" + dump));

    assertSame(best(dumps), naive(dumps));
  }

  @Test
  void updates_are_applied_after_the_table_wherever_they_stand() throws IOException {
    Path table = Fixtures.path("mrt/rib/ris-bview.20020722.2337.gz");
    Path updates = Fixtures.path("mrt/updates/bgpdump-updates.20020722.2238.gz");

    assertSame(best(List.of(updates, table)), naive(List.of(table, updates)));
  }

  @ParameterizedTest
  @CsvSource({"TABLE_DUMP_V2", "TABLE_DUMP", "ADD_PATH"})
  void random_dumps_are_decided_as_the_naive_decision_does(MrtWriter.Form form) throws IOException {
    long first = new Random().nextLong();
    for (int i = 0; i < 25; i++) {
      long seed = first + i;
      Path dump = directory.resolve("random.mrt");
      RandomDump.write(dump, form, new Random(seed), 40, 7);

      List<String> rows = best(List.of(dump));

      try {
        assertSame(rows, naive(List.of(dump)));
      } catch (AssertionError e) {
        throw new AssertionError("seed " + seed, e);
      }
    }
  }

  @Test
  void the_rows_stand_in_numeric_order_ipv4_first() throws IOException {
    Path ipv4 = Fixtures.path("mrt/edge/bgpdump-bview.ipv4_unicast_add_path.gz");
    Path ipv6 = Fixtures.path("mrt/edge/bgpdump-bview.ipv6_unicast_add_path.gz");

    List<String> rows = best(List.of(ipv6, ipv4));

    assertThat(rows)
        .extracting(row -> net.donut.model.Prefix.parse(row.substring(0, row.indexOf('\t'))))
        .isSorted();
    assertThat(rows).allMatch(row -> row.split("\t", -1).length == 5);
  }

  @Test
  void a_cut_table_is_an_error_that_names_the_record() {
    Path cut = Fixtures.path("mrt/edge/truncated-bz2-rv-rib.20140523.0600_firstMB.bz2");

    Ran ran = Ran.command(new SimulateCommand(), "--policy", "none", "--mrt", cut.toString());

    assertThat(ran.exitCode()).isEqualTo(2);
    assertThat(ran.err()).contains(cut + ": record 9074 at byte 15273283");
  }
}

package net.donut.simulate;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import net.donut.fixtures.MadeDump;
import net.donut.fixtures.Packing;
import net.donut.fixtures.RealData;
import net.donut.fixtures.RealDataDirectory;
import net.donut.fixtures.SeededDump;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/// `--policy none --best` against the naive decision.
class PlainBestTest {
  private static final long SEED = 15L;

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

  private Path seeded(SeededDump kind, Packing packing) throws IOException {
    return kind.make(SEED).write(directory.resolve(kind + "." + packing), packing);
  }

  /// Churn has a test of its own.
  @ParameterizedTest
  @EnumSource(mode = EnumSource.Mode.EXCLUDE, names = "CHURN")
  void every_row_of_a_seeded_dump_is_that_of_the_naive_decision(SeededDump kind)
      throws IOException {
    List<Path> dumps = List.of(seeded(kind, Packing.XZ));

    List<String> expected = naive(dumps);
    if (kind == SeededDump.LOCAL_ONLY) {
      assertThat(expected).as("what the collector sent is nobody's route").isEmpty();
    } else {
      assertSame(best(dumps), expected);
    }
  }

  @RealData
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
    List<Path> dumps = List.of(RealDataDirectory.path("mrt/" + dump));

    assertSame(best(dumps), naive(dumps));
  }

  @RealData
  @Test
  void updates_are_applied_after_the_table_wherever_they_stand() throws IOException {
    Path table = RealDataDirectory.path("mrt/rib/ris-bview.20020722.2337.gz");
    Path updates = RealDataDirectory.path("mrt/updates/bgpdump-updates.20020722.2238.gz");

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

  @RealData
  @Test
  void the_rows_stand_in_numeric_order_ipv4_first() throws IOException {
    Path ipv4 = RealDataDirectory.path("mrt/edge/bgpdump-bview.ipv4_unicast_add_path.gz");
    Path ipv6 = RealDataDirectory.path("mrt/edge/bgpdump-bview.ipv6_unicast_add_path.gz");

    assertSorted(best(List.of(ipv6, ipv4)));
  }

  private static void assertSorted(List<String> rows) {
    assertThat(rows)
        .extracting(row -> net.donut.model.Prefix.parse(row.substring(0, row.indexOf('\t'))))
        .isSorted();
    assertThat(rows).allMatch(row -> row.split("\t", -1).length == 5);
  }

  @RealData
  @Test
  void a_cut_table_is_an_error_that_names_the_record() {
    Path cut = RealDataDirectory.path("mrt/edge/truncated-bz2-rv-rib.20140523.0600_firstMB.bz2");

    Ran ran = Ran.command(new SimulateCommand(), "--policy", "none", "--mrt", cut.toString());

    assertThat(ran.exitCode()).isEqualTo(2);
    assertThat(ran.err()).contains(cut + ": record 9074 at byte 15273283");
  }

  @Test
  void seeded_updates_are_applied_after_the_table_wherever_they_stand() throws IOException {
    Path table = seeded(SeededDump.MANY_PEERS, Packing.GZIP);
    Path updates = seeded(SeededDump.UPDATES_AS4, Packing.GZIP);

    assertSame(best(List.of(updates, table)), naive(List.of(table, updates)));
  }

  @Test
  void the_rows_of_seeded_tables_stand_in_numeric_order_ipv4_first() throws IOException {
    assertSorted(
        best(
            List.of(
                seeded(SeededDump.ADD_PATH_IPV6, Packing.GZIP),
                seeded(SeededDump.ADD_PATH_IPV4, Packing.GZIP))));
  }

  @Test
  void a_cut_seeded_table_is_an_error_that_names_the_record() throws IOException {
    MadeDump dump = SeededDump.MANY_PEERS.make(SEED);
    int offset = dump.ends().get(200);
    Path cut =
        Files.write(directory.resolve("cut"), java.util.Arrays.copyOf(dump.bytes(), offset + 100));

    Ran ran = Ran.command(new SimulateCommand(), "--policy", "none", "--mrt", cut.toString());

    assertThat(ran.exitCode()).isEqualTo(2);
    assertThat(ran.err()).contains(cut + ": record 202 at byte " + offset);
  }
}

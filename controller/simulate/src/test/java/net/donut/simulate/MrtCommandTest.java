package net.donut.simulate;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class MrtCommandTest {
  @TempDir private Path directory = Path.of("");

  private static Ran print(Path file) {
    return Ran.command(new MrtCommand(), "print", file.toString());
  }

  @ParameterizedTest
  @CsvSource({
    "rib/ris-bview.20020722.2337.gz, rib/ris-bview.20020722.2337.bgpdump-m.txt.gz",
    "updates/bgpdump-updates.20070211.0141.gz, updates/expect/updates.20070211.0141.gz.bgpdump-m.txt.gz",
    "updates/bgpdump-updates.20071015.1505.gz, updates/expect/updates.20071015.1505.gz.bgpdump-m.txt.gz",
    "updates/bgpdump-updates.20100722.2015.gz, updates/expect/updates.20100722.2015.gz.bgpdump-m.txt.gz",
    "updates/bgpdump-updates.20160811.1600.gz, updates/expect/updates.20160811.1600.gz.bgpdump-m.txt.gz",
    "edge/bgpdump-bview.64k_stream_overflow.gz, edge/bgpdump-bview.64k_stream_overflow.gz.expect.txt.gz",
    "edge/bgpdump-bview.ipv4_unicast_add_path.gz, edge/bgpdump-bview.ipv4_unicast_add_path.gz.expect.txt.gz",
    "edge/bgpdump-bview.ipv6_unicast_add_path.gz, edge/bgpdump-bview.ipv6_unicast_add_path.gz.expect.txt.gz",
    "edge/bgpdump-updates.long_withdrawal.gz, edge/bgpdump-updates.long_withdrawal.gz.expect.txt.gz",
    "edge/bgpdump-updates.nlri_mask_trailing_bits.gz, edge/bgpdump-updates.nlri_mask_trailing_bits.gz.expect.txt.gz"
  })
  void the_text_is_that_of_bgpdump(String dump, String expected) throws IOException {
    Ran ran = print(Fixtures.path("mrt/" + dump));

    assertThat(ran.err()).isEmpty();
    assertThat(ran.exitCode()).isZero();
    assertSameLines(ran.out(), Fixtures.gzipText("mrt/" + expected));
  }

  /// Names the first line that differs, where comparing the whole would print the whole.
  private static void assertSameLines(String text, String expected) {
    String[] lines = text.split("\n", -1);
    String[] expectedLines = expected.split("\n", -1);
    int first = Arrays.mismatch(lines, expectedLines);
    if (first >= 0 && first < Math.min(lines.length, expectedLines.length)) {
      assertThat(lines[first]).as("line %d", first + 1).isEqualTo(expectedLines[first]);
    }
    assertThat(lines.length).as("lines").isEqualTo(expectedLines.length);
  }

  @Test
  void a_cut_dump_is_printed_up_to_the_cut_and_named() {
    Path file = Fixtures.path("mrt/edge/truncated-bz2-rv-rib.20140523.0600_firstMB.bz2");

    Ran ran = print(file);

    assertThat(ran.exitCode()).isEqualTo(2);
    assertThat(ran.out().lines().count()).isGreaterThan(1000);
    assertThat(ran.err())
        .startsWith("donut: " + file + ": record ")
        .contains(" at byte ", "(expected: ");
    assertThat(ran.err().lines()).hasSize(1);
  }

  @Test
  void a_cut_within_a_record_names_the_record_and_its_offset() throws IOException {
    byte[] whole = Files.readAllBytes(Fixtures.path("mrt/edge/mrtparse-samples/quagga_bgp"));
    Path cut = directory.resolve("cut");
    Files.write(cut, Arrays.copyOf(whole, whole.length - 3));
    Ran complete = print(Fixtures.path("mrt/edge/mrtparse-samples/quagga_bgp"));

    Ran ran = print(cut);

    assertThat(ran.exitCode()).isEqualTo(2);
    assertThat(complete.out()).startsWith(ran.out());
    assertThat(ran.err())
        .matches(
            "donut: .*cut: record \\d+ at byte \\d+: record of \\d+ bytes \\(expected: \\d+\\)\n");
  }

  @Test
  void a_missing_file_does_not_keep_the_next_from_being_printed() {
    Path there = Fixtures.path("mrt/edge/mrtparse-samples/quagga_rib");
    Path missing = directory.resolve("missing");

    Ran ran = Ran.command(new MrtCommand(), "print", missing.toString(), there.toString());

    assertThat(ran.exitCode()).isEqualTo(2);
    assertThat(ran.err())
        .isEqualTo("donut: " + missing + ": no such file (expected: an MRT dump)\n");
    assertThat(ran.out()).startsWith("TABLE_DUMP2|");
  }
}

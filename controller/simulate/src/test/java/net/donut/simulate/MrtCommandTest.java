package net.donut.simulate;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.zip.GZIPOutputStream;
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

class MrtCommandTest {
  private static final long SEED = 15L;

  @TempDir private Path directory = Path.of("");

  private static Ran print(Path file) {
    return Ran.command(new MrtCommand(), "print", file.toString());
  }

  private Path seeded(SeededDump kind) throws IOException {
    return kind.make(SEED).write(directory.resolve(kind + ".gz"), Packing.GZIP);
  }

  @ParameterizedTest
  @EnumSource
  void the_text_of_a_seeded_dump_is_what_was_written(SeededDump kind) throws IOException {
    Ran ran = print(seeded(kind));

    assertThat(ran.err()).matches("(donut: [^\n]*: left out on purpose: [^\n]*\n)?");
    assertThat(ran.exitCode()).isZero();
    assertSameLines(ran.out(), kind.make(SEED).text());
  }

  @RealData
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
    "edge/bgpdump-updates.long_withdrawal.gz, edge/bgpdump-updates.long_withdrawal.gz.expect.txt.gz"
  })
  void the_text_is_that_of_bgpdump(String dump, String expected) throws IOException {
    Ran ran = print(RealDataDirectory.path("mrt/" + dump));

    assertThat(ran.err()).matches("(donut: [^\n]*: left out on purpose: [^\n]*\n)?");
    assertThat(ran.exitCode()).isZero();
    assertSameLines(ran.out(), RealDataDirectory.gzipText("mrt/" + expected));
  }

  @RealData
  @Test
  void a_prefix_that_a_message_cuts_off_is_named_where_bgpdump_says_nothing() throws IOException {
    String name = "mrt/edge/bgpdump-updates.nlri_mask_trailing_bits.gz";

    Ran ran = print(RealDataDirectory.path(name));

    assertThat(ran.exitCode()).isEqualTo(2);
    assertThat(ran.err())
        .contains("record 1 at byte 0: prefix bytes: 1 (expected: a whole prefix)");
    assertSameLines(ran.out(), RealDataDirectory.gzipText(name + ".expect.txt.gz"));
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

  @RealData
  @Test
  void a_cut_dump_is_printed_up_to_the_cut_and_named() {
    Path file = RealDataDirectory.path("mrt/edge/truncated-bz2-rv-rib.20140523.0600_firstMB.bz2");

    Ran ran = print(file);

    assertThat(ran.exitCode()).isEqualTo(2);
    assertThat(ran.out().lines().count()).isGreaterThan(1000);
    assertThat(ran.err())
        .startsWith("donut: " + file + ": record ")
        .contains(" at byte ", "(expected: ");
    assertThat(ran.err().lines()).hasSize(1);
  }

  @RealData
  @Test
  void a_cut_within_a_record_names_the_record_and_its_offset() throws IOException {
    byte[] whole =
        Files.readAllBytes(RealDataDirectory.path("mrt/edge/mrtparse-samples/quagga_bgp"));
    Path cut = directory.resolve("cut");
    Files.write(cut, Arrays.copyOf(whole, whole.length - 3));
    Ran complete = print(RealDataDirectory.path("mrt/edge/mrtparse-samples/quagga_bgp"));

    Ran ran = print(cut);

    assertThat(ran.exitCode()).isEqualTo(2);
    assertThat(complete.out()).startsWith(ran.out());
    assertThat(ran.err().lines().findFirst().orElseThrow())
        .matches(
            "donut: .*cut: record \\d+ at byte \\d+: record of \\d+ bytes \\(expected: \\d+\\)");
  }

  @RealData
  @Test
  void a_missing_file_does_not_keep_the_next_from_being_printed() {
    Path there = RealDataDirectory.path("mrt/edge/mrtparse-samples/quagga_rib");
    Path missing = directory.resolve("missing");

    Ran ran = Ran.command(new MrtCommand(), "print", missing.toString(), there.toString());

    assertThat(ran.exitCode()).isEqualTo(2);
    assertThat(ran.err())
        .isEqualTo("donut: " + missing + ": no such file (expected: an MRT dump)\n");
    assertThat(ran.out()).startsWith("TABLE_DUMP2|");
  }

  private Path file(String name, byte[] bytes) throws IOException {
    return Files.write(directory.resolve(name), bytes);
  }

  private static byte[] hex(String hex) {
    return HexFormat.of().parseHex(hex.replace(" ", ""));
  }

  private static byte[] gzip(byte[] plain) throws IOException {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (OutputStream out = new GZIPOutputStream(bytes)) {
      out.write(plain);
    }
    return bytes.toByteArray();
  }

  /// A RIB_IPV4_UNICAST record of 20.1.0.0/16 with the entries of peers 0 and 1.
  private static final String TABLE =
      """
      6955b900 000d 0002 00000049 00000000 10 1401 0002
      0000 6955b6a8 0018 400101 00 4002 0a 0202 0000fc59 0000fcbc 4003 04 0a010102
      0001 6955b6a8 0018 400101 00 4002 0a 0202 0000fc63 0000fcbc 4003 04 0a010302
      """
          .replace("\n", "");

  /// A PEER_INDEX_TABLE of one peer.
  private static final String ONE_PEER =
      "6955b900 000d 0001 00000015 0a000001 0000 0001 02 0a010102 0a010102 0000fc59";

  @Test
  void entries_without_a_peer_are_an_error_that_names_the_index() throws IOException {
    Path file = file("dump.mrt", hex(TABLE));

    Ran ran = print(file);

    assertThat(ran.exitCode()).isEqualTo(2);
    assertThat(ran.out()).isEmpty();
    assertThat(ran.err().lines())
        .containsExactly(
            "donut: %s: record 1 at byte 0: 20.1.0.0/16: peer index: 0, and no PEER_INDEX_TABLE before it (expected: one at the begin)"
                .formatted(file),
            "donut: %s: record 1 at byte 0: 20.1.0.0/16: peer index: 1, and no PEER_INDEX_TABLE before it (expected: one at the begin)"
                .formatted(file));
  }

  @Test
  void an_entry_whose_index_is_out_of_range_leaves_the_others() throws IOException {
    Path file = file("dump.mrt", hex(ONE_PEER + TABLE));

    Ran ran = print(file);

    assertThat(ran.exitCode()).isEqualTo(2);
    assertThat(ran.out()).startsWith("TABLE_DUMP2|").hasLineCount(1);
    assertThat(ran.err())
        .isEqualTo(
            "donut: %s: record 2 at byte 33: 20.1.0.0/16: peer index: 1 (expected: 0..0, as in the PEER_INDEX_TABLE)\n"
                .formatted(file));
  }

  @Test
  void a_malformed_entry_of_a_table_is_named_and_makes_the_exit_code() throws IOException {
    Path file = file("dump.mrt", hex(ONE_PEER + TABLE.replaceFirst("400101 00", "400101 07")));

    Ran ran = print(file);

    assertThat(ran.exitCode()).isEqualTo(2);
    assertThat(ran.err())
        .contains("record 2 at byte 33: 20.1.0.0/16: ORIGIN value: 7 (expected: 0..2)");
  }

  @Test
  void a_second_member_that_is_cut_is_named_after_the_first_is_printed() throws IOException {
    byte[] one = gzip(hex(ONE_PEER + TABLE.replace("0001 6955b6a8", "0000 6955b6a8")));
    byte[] both = Arrays.copyOf(one, one.length + 6);
    System.arraycopy(one, 0, both, one.length, 6);
    Path file = file("dump.gz", both);

    Ran ran = print(file);

    assertThat(ran.exitCode()).isEqualTo(2);
    assertThat(ran.out()).hasLineCount(2);
    assertThat(ran.err())
        .startsWith("donut: " + file + ": record 3 at byte 118: stream: gzip member 2, at byte ")
        .hasLineCount(1);
  }

  @Test
  void a_dump_without_a_record_is_named() throws IOException {
    Path plain = file("empty.mrt", new byte[0]);
    Path packed = file("empty.gz", gzip(new byte[0]));

    assertThat(print(plain))
        .isEqualTo(
            new Ran(
                2,
                "",
                "donut: " + plain + ": no record: the file is empty (expected: an MRT dump)\n"));
    assertThat(print(packed))
        .isEqualTo(
            new Ran(
                2,
                "",
                "donut: " + packed + ": no record in its 20 bytes (expected: an MRT dump)\n"));
  }

  @Test
  void a_dump_of_another_format_is_named_by_what_it_is() throws IOException {
    Path file = file("dump.zst", hex("28b52ffd" + "00".repeat(40)));

    assertThat(print(file))
        .isEqualTo(
            new Ran(
                2,
                "",
                "donut: %s: not an MRT dump: looks like zstd (expected: plain, gzip, bzip2 or xz)\n"
                    .formatted(file)));
  }

  @Test
  void what_has_no_line_is_counted_by_kind_in_one_line() throws IOException {
    String multicast = "6955b900 000d 0003 00000004 00000000";
    String ospf = "6955b900 000b 0000 00000004 00000000";
    Path file = file("dump.mrt", hex(multicast + ospf + multicast));

    assertThat(print(file))
        .isEqualTo(
            new Ran(
                0,
                "",
                "donut: %s: left out on purpose: 1 OSPFv2, 2 RIB_IPV4_MULTICAST\n"
                    .formatted(file)));
  }

  @Test
  void a_prefix_that_a_message_cuts_off_is_named_and_the_others_are_printed() throws IOException {
    String update =
        "ff".repeat(16)
            + "0038 02 0000 001d 40 01 01 00 40 02 08 02 03 fc59 0ddd 3065 40 03 04 c0000201"
            + "c0 08 04 1b6a0d0b 0d 0b0d 0b";
    Path file =
        file(
            "dump.mrt",
            hex("6955b900 0010 0001 00000048 fc59 fc5a 0000 0001 c0000201 c0000202" + update));

    Ran ran = print(file);

    assertThat(ran.exitCode()).isEqualTo(2);
    assertThat(ran.err())
        .contains("record 1 at byte 0: prefix bytes: 1 (expected: a whole prefix)");
    assertSameLines(
        ran.out(),
        "BGP4MP|1767225600|A|192.0.2.1|64601|11.8.0.0/13|64601 3549 12389|IGP|192.0.2.1|0|0|7018:3339|NAG||\n");
  }

  @Test
  void a_cut_seeded_dump_is_printed_up_to_the_cut_and_named() throws IOException {
    byte[] packed = Packing.BZIP2.pack(SeededDump.OLD_TABLE.make(SEED).bytes());
    Path file = file("cut.bz2", Arrays.copyOf(packed, packed.length * 2 / 3));

    Ran ran = print(file);

    assertThat(ran.exitCode()).isEqualTo(2);
    assertThat(ran.out().lines().count()).isGreaterThan(1000);
    assertThat(SeededDump.OLD_TABLE.make(SEED).text()).startsWith(ran.out());
    assertThat(ran.err())
        .startsWith("donut: " + file + ": record ")
        .contains(" at byte ", "(expected: ");
    assertThat(ran.err().lines()).hasSize(1);
  }

  @Test
  void a_cut_within_a_seeded_record_names_the_record_and_its_offset() throws IOException {
    MadeDump dump = SeededDump.UPDATES_AS2.make(SEED);
    Path cut = file("cut", Arrays.copyOf(dump.bytes(), dump.bytes().length - 3));

    Ran ran = print(cut);

    int records = dump.ends().size();
    int begin = dump.ends().get(records - 2);
    int length = dump.ends().getLast() - begin - 12;
    assertThat(ran.exitCode()).isEqualTo(2);
    assertThat(dump.text()).startsWith(ran.out());
    assertThat(ran.err().lines().findFirst().orElseThrow())
        .isEqualTo(
            "donut: %s: record %d at byte %d: record of %d bytes (expected: %d)"
                .formatted(cut, records, begin, length - 3, length));
  }

  @Test
  void a_missing_file_does_not_keep_a_seeded_one_from_being_printed() throws IOException {
    Path missing = directory.resolve("missing");

    Ran ran =
        Ran.command(
            new MrtCommand(),
            "print",
            missing.toString(),
            seeded(SeededDump.MANY_PEERS).toString());

    assertThat(ran.exitCode()).isEqualTo(2);
    assertThat(ran.err())
        .isEqualTo("donut: " + missing + ": no such file (expected: an MRT dump)\n");
    assertThat(ran.out()).startsWith("TABLE_DUMP2|");
  }
}

package net.donut.wire.mrt;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.util.stream.Stream;
import net.donut.fixtures.MadeDump;
import net.donut.fixtures.RealData;
import net.donut.fixtures.RealDataDirectory;
import net.donut.fixtures.SeededDump;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

/// The text of `bgpdump -m`, byte for byte.
class BgpdumpTextTest {
  record Row(String dump, String expected) {}

  private static Row update(String time) {
    return new Row(
        "updates/bgpdump-updates." + time + ".gz",
        "updates/expect/updates." + time + ".gz.bgpdump-m.txt.gz");
  }

  private static Row edge(String name) {
    return new Row("edge/" + name, "edge/" + name + ".expect.txt.gz");
  }

  static Stream<Row> recorded() {
    return Stream.of(
        update("20070211.0141"),
        update("20071015.1505"),
        update("20100722.2015"),
        update("20160811.1600"),
        edge("bgpdump-bview.64k_stream_overflow.gz"),
        edge("bgpdump-bview.ipv4_unicast_add_path.gz"),
        edge("bgpdump-bview.ipv6_unicast_add_path.gz"),
        edge("bgpdump-updates.long_withdrawal.gz"),
        edge("bgpdump-updates.nlri_mask_trailing_bits.gz"),
        new Row("rib/ris-bview.20020722.2337.gz", "rib/ris-bview.20020722.2337.bgpdump-m.txt.gz"));
  }

  @RealData
  @ParameterizedTest
  @MethodSource("recorded")
  void the_text_is_that_of_bgpdump(Row row) throws IOException {
    String expected = RealDataDirectory.gzipText("mrt/" + row.expected());
    try (MrtReader reader = Dumps.open(row.dump())) {
      assertSameLines(text(reader), expected);
    }
  }

  /// The expected text is written beside the bytes, by code that shares nothing with the reader.
  @ParameterizedTest
  @EnumSource
  void the_text_of_a_seeded_dump_is_what_was_written(SeededDump kind) {
    MadeDump dump = kind.make(4_271L);

    assertSameLines(text(Dumps.of(dump.bytes())), dump.text());
  }

  @Test
  void bits_behind_the_mask_are_cleared_and_a_prefix_cut_off_has_no_line() {
    assertThat(
            line(
                Dumps.record(
                    16,
                    1,
                    "fc59 fc5a 0000 0001 c0000201 c0000202"
                        + MARKER
                        + "0038 02 0000 001d 40 01 01 00 40 02 08 02 03 fc59 0ddd 3065 40 03 04 c0000201"
                        + "c0 08 04 1b6a0d0b 0d 0b0d 0b")))
        .isEqualTo(
            "BGP4MP|1700000000|A|192.0.2.1|64601|11.8.0.0/13|64601 3549 12389|IGP|192.0.2.1|0|0|7018:3339|NAG||\n");
  }

  private static String text(MrtReader reader) {
    BgpdumpText format = new BgpdumpText();
    StringBuilder text = new StringBuilder();
    Dumps.forEach(reader, record -> format.append(record, text));
    return text.toString();
  }

  /// Names the first line that differs, where comparing the whole would print the whole.
  private static void assertSameLines(String text, String expected) {
    String[] lines = text.split("\n", -1);
    String[] expectedLines = expected.split("\n", -1);
    for (int i = 0; i < Math.min(lines.length, expectedLines.length); i++) {
      if (!lines[i].equals(expectedLines[i])) {
        assertThat(lines[i]).as("line %d", i + 1).isEqualTo(expectedLines[i]);
      }
    }
    assertThat(lines.length).as("lines").isEqualTo(expectedLines.length);
  }

  private static String line(byte[] dump) {
    StringBuilder text = new StringBuilder();
    BgpdumpText format = new BgpdumpText();
    Dumps.forEach(Dumps.of(dump), record -> format.append(record, text));
    return text.toString();
  }

  private static final String ENDS = "fc59 fc5a 0000 0001 c0000201 c0000202";
  private static final String MARKER = "ff".repeat(16);

  @Test
  void a_state_change_has_its_states() {
    assertThat(line(Dumps.record(16, 0, ENDS + "0003 0002")))
        .isEqualTo("BGP4MP|1700000000|STATE|192.0.2.1|64601|3|2\n");
  }

  @Test
  void an_extended_timestamp_is_shown_to_the_microsecond() {
    assertThat(line(Dumps.record(17, 1, "0000002a" + ENDS + MARKER + "001b 02 0004 18c63364 0000")))
        .isEqualTo("BGP4MP_ET|1700000000.000042|W|192.0.2.1|64601|198.51.100.0/24\n");
  }

  @Test
  void what_the_collector_sent_is_local() {
    assertThat(line(Dumps.record(16, 6, ENDS + MARKER + "001b 02 0004 18c63364 0000")))
        .isEqualTo("BGP4MP_LOCAL|1700000000|W|192.0.2.1|64601|198.51.100.0/24\n");
  }

  @Test
  void a_path_identifier_follows_the_prefix() {
    assertThat(
            line(
                Dumps.record(
                    16,
                    8,
                    ENDS + MARKER + "0027 02 0010 00000007 18c63364 fffffff0 18c63365 0000")))
        .isEqualTo(
            """
            BGP4MP_AP|1700000000|W|192.0.2.1|64601|198.51.100.0/24|7
            BGP4MP_AP|1700000000|W|192.0.2.1|64601|198.51.101.0/24|4294967280
            """);
  }

  @Test
  void an_address_is_written_as_bgpdump_does() {
    assertThat(
            line(
                Dumps.join(
                    Dumps.record(13, 1, "c0000201 0000 0001 02 c0000203 c0000203 0000fc59"),
                    entry("20010db8000000010001000100010001"),
                    entry("00000000000000000000000000000002"),
                    entry("00000000000000000000ffffc0000201"))))
        .isEqualTo(
            """
            TABLE_DUMP2|1700000000|B|192.0.2.3|64601|2001:db8::/32|64601|IGP|2001:db8::1:1:1:1:1|0|0||NAG||
            TABLE_DUMP2|1700000000|B|192.0.2.3|64601|2001:db8::/32|64601|IGP|::0.0.0.2|0|0||NAG||
            TABLE_DUMP2|1700000000|B|192.0.2.3|64601|2001:db8::/32|64601|IGP|::ffff:192.0.2.1|0|0||NAG||
            """);
  }

  private static byte[] entry(String nextHop) {
    return Dumps.record(
        13,
        4,
        "00000000 20 20010db8 0001 0000 00000000 0021"
            + "40 01 01 00 40 02 06 02 01 0000fc59 80 0e 11 10"
            + nextHop);
  }
}

package net.donut.wire.mrt;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.zip.GZIPOutputStream;
import org.apache.commons.compress.compressors.bzip2.BZip2CompressorOutputStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.tukaani.xz.LZMA2Options;
import org.tukaani.xz.XZOutputStream;

/// Files that are no whole dump: nothing of them is left out without a word.
class DamagedDumpTest {
  private static final byte[] KEEPALIVE =
      Dumps.record(16, 1, "fc59 fc5a 0000 0001 c0000201 c0000202" + "ff".repeat(16) + "0013 04");

  enum Packed {
    GZIP,
    BZIP2,
    XZ;

    byte[] pack(byte[] plain) throws IOException {
      ByteArrayOutputStream bytes = new ByteArrayOutputStream();
      try (OutputStream out = on(bytes)) {
        out.write(plain);
      }
      return bytes.toByteArray();
    }

    private OutputStream on(OutputStream out) throws IOException {
      return switch (this) {
        case GZIP -> new GZIPOutputStream(out);
        case BZIP2 -> new BZip2CompressorOutputStream(out);
        case XZ -> new XZOutputStream(out, new LZMA2Options(0));
      };
    }
  }

  /// What came before the fault, and the fault; null when there was none.
  private record Read(List<MrtRecord> records, @Nullable MrtFault fault) {}

  private static Read read(byte[] file) {
    List<MrtRecord> records = new ArrayList<>();
    MrtFault fault =
        catchThrowableOfType(MrtFault.class, () -> Dumps.forEach(Dumps.of(file), records::add));
    return new Read(records, fault);
  }

  private static byte[] hex(String hex) {
    return HexFormat.of().parseHex(hex.replace(" ", ""));
  }

  @ParameterizedTest
  @CsvSource(
      textBlock =
          """
          28b52ffd 0458 0900 6162 6364 6566 6768 | zstd
          28b52ffd 0000 0000 0000 0000 0000 0000 | zstd
          04224d18 6440 a700 0000 8061 6263 6465 | lz4
          504b0304 1400 0000 0800 2d6a 9c5a 0000 | zip
          377abcaf 271c 0004 0000 0000 0000 0000 | 7z
          4c5a4950 010c 0001 0000 0000 0000 0000 | lzip
          1f9d9000 1122 3344 5566 7788 99aa bbcc | compress (.Z)
          d4c3b2a1 0200 0400 0000 0000 0000 0000 | pcap
          a1b2c3d4 0002 0004 0000 0000 0000 0000 | pcap
          0a0d0d0a 1c00 0000 4d3c 2b1a 0100 0000 | pcapng
          ffffffff ffff ffff ffff ffff ffff ffff | BMP or BGP messages
          00000000 0000 0000 0000 0000 0000 0000 | zeros
          7f454c46 0201 0100 0000 0000 0000 0000 | a program (ELF)
          fffe3c00 6800 7400 6d00 6c00 3e00 0d00 | text in UTF-16
          """,
      delimiter = '|')
  void a_file_of_another_format_is_named(String bytes, String kind) {
    assertForeign(hex(bytes), "looks like " + kind);
  }

  @ParameterizedTest
  @CsvSource(
      quoteCharacter = '`',
      textBlock =
          """
          <!DOCTYPE html><html><head><title>404</title> | HTML
          <?xml version=\"1.0\"?><Error><Code>NoSuchKey</Code> | XML
          {\"error\": \"not found\"} | JSON
          not found | text
          hi | text
          TABLE_DUMP2/1700000000 | text
          Schöne Grüße, hier ist nichts | text
          """,
      delimiter = '|')
  void a_file_of_text_is_named(String text, String kind) {
    assertForeign(text.getBytes(StandardCharsets.UTF_8), "looks like " + kind);
  }

  @Test
  void the_text_of_bgpdump_is_named() {
    assertForeign(
        "TABLE_DUMP2|1700000000|B|192.0.2.1|64500|198.51.100.0/24|64500|IGP|"
            .getBytes(StandardCharsets.US_ASCII),
        "looks like the text of bgpdump");
  }

  @Test
  void a_tar_archive_is_named_by_its_header() {
    byte[] tar = new byte[1024];
    System.arraycopy("dump.mrt".getBytes(StandardCharsets.US_ASCII), 0, tar, 0, 8);
    System.arraycopy("ustar".getBytes(StandardCharsets.US_ASCII), 0, tar, 257, 5);

    assertForeign(tar, "looks like tar");
  }

  @Test
  void bytes_that_nobody_knows_are_shown() {
    assertForeign(
        hex("0102 0304 0506 0708 f90a 0b0c 0d0e 0f10"),
        "begins with 01 02 03 04 05 06 07 08 f9 0a 0b 0c");
  }

  private static void assertForeign(byte[] file, String what) {
    Read read = read(file);

    assertThat(read.records()).isEmpty();
    assertThat(read.fault())
        .hasMessage("not an MRT dump: " + what + " (expected: plain, gzip, bzip2 or xz)");
  }

  @ParameterizedTest
  @EnumSource
  void another_format_within_a_compression_is_named(Packed packed) throws IOException {
    Read read = read(packed.pack("<html>busy</html>".getBytes(StandardCharsets.US_ASCII)));

    assertThat(read.fault())
        .hasMessageStartingWith(
            "not an MRT dump: looks like HTML within "
                + packed.name().toLowerCase(java.util.Locale.ROOT));
  }

  @Test
  void a_dump_compressed_twice_is_named() throws IOException {
    byte[] twice = Packed.GZIP.pack(Packed.GZIP.pack(KEEPALIVE));

    assertThat(read(twice).fault())
        .hasMessageStartingWith("not an MRT dump: looks like gzip within gzip");
  }

  /// Times whose four bytes are what files of other formats begin with.
  @ParameterizedTest
  @CsvSource({"504b0304", "425a6839", "4d3cb2a1", "28b52ffd", "3c68746d", "7b226572"})
  void a_time_like_the_begin_of_another_format_is_a_time(String seconds) {
    byte[] dump = KEEPALIVE.clone();
    System.arraycopy(hex(seconds), 0, dump, 0, 4);

    assertThat(read(dump)).isEqualTo(new Read(Dumps.all(Dumps.of(dump)), null));
    assertThat(read(dump).records()).hasSize(1);
  }

  @ParameterizedTest
  @EnumSource
  void one_compressed_file_behind_the_other_is_one_dump(Packed packed) throws IOException {
    byte[] one = packed.pack(KEEPALIVE);

    assertThat(read(Dumps.join(one, one, one)).records()).hasSize(3);
    assertThat(read(Dumps.join(one, one, one)).fault()).isNull();
  }

  @ParameterizedTest
  @EnumSource
  void a_second_member_cut_anywhere_ends_in_a_fault_after_the_first(Packed packed)
      throws IOException {
    byte[] one = packed.pack(KEEPALIVE);
    for (int length = 1; length < one.length; length++) {
      Read read = read(Dumps.join(one, Arrays.copyOf(one, length)));

      assertThat(read.records()).as("cut at %d", length).hasSizeBetween(1, 2);
      assertThat(read.fault())
          .as("cut at %d", length)
          .hasMessageContaining(" at byte ")
          .hasMessageContaining(packed.name().toLowerCase(java.util.Locale.ROOT));
    }
  }

  @ParameterizedTest
  @EnumSource
  void a_second_member_damaged_anywhere_never_adds_records_in_silence(Packed packed)
      throws IOException {
    byte[] one = packed.pack(KEEPALIVE);
    Read whole = read(Dumps.join(one, one));
    for (int i = 0; i < one.length; i++) {
      byte[] damaged = one.clone();
      damaged[i] ^= 0x55;

      Read read = read(Dumps.join(one, damaged));

      assertThat(read.records().getFirst()).isEqualTo(whole.records().getFirst());
      if (read.fault() == null) { // a byte that says nothing, such as the time of the file
        assertThat(read).as("byte %d", i).isEqualTo(whole);
      }
    }
  }

  @ParameterizedTest
  @EnumSource
  void a_first_member_cut_anywhere_is_a_fault_with_a_reason(Packed packed) throws IOException {
    byte[] one = packed.pack(KEEPALIVE);
    for (int length = 8; length < one.length; length++) {
      Read read = read(Arrays.copyOf(one, length));

      assertThat(read.fault()).as("cut at %d", length).isNotNull();
      assertThat(read.fault()).hasMessageNotContaining("null");
    }
  }

  @ParameterizedTest
  @EnumSource
  void garbage_behind_a_member_is_a_fault_after_it(Packed packed) throws IOException {
    Read read = read(Dumps.join(packed.pack(KEEPALIVE), hex("0102030405060708")));

    assertThat(read.records()).hasSize(1);
    assertThat(read.fault()).hasMessageStartingWith("record 2 at byte ");
  }

  @Test
  void zeros_behind_a_gzip_member_may_be_there() throws IOException {
    byte[] one = Packed.GZIP.pack(KEEPALIVE);

    assertThat(read(Dumps.join(one, new byte[512]))).isEqualTo(read(one));
    assertThat(read(Dumps.join(one, new byte[3], one)).records()).hasSize(2);
    assertThat(read(Dumps.join(one, new byte[512], hex("07"))).fault())
        .hasMessageContaining("neither a member nor zeros");
  }

  @Test
  void the_fault_of_a_member_names_it_and_where_it_begins() throws IOException {
    byte[] one = Packed.GZIP.pack(KEEPALIVE);

    assertThat(read(Dumps.join(one, hex("1f8b0800 0000"))).fault())
        .hasMessage(
            "record 2 at byte %d: stream: gzip member 2, at byte %d of the file: cut within its header (expected: a whole record)"
                .formatted(KEEPALIVE.length, one.length));
  }

  @ParameterizedTest
  @EnumSource
  void a_compressed_file_of_nothing_has_no_record(Packed packed) throws IOException {
    assertThat(read(packed.pack(new byte[0]))).isEqualTo(new Read(List.of(), null));
  }

  private static final String ATTRIBUTES =
      "0014 40 01 01 00 40 02 06 02 01 0000fc59 40 03 04 c0000201";
  private static final String PEER_INDEX = "c0000201 0000 0001 02 c0000201 c0000201 0000fc59";

  private static List<Printed> print(byte[]... records) {
    BgpdumpText text = new BgpdumpText();
    StringBuilder out = new StringBuilder();
    List<Printed> printed = new ArrayList<>();
    Dumps.forEach(Dumps.of(Dumps.join(records)), record -> printed.add(text.append(record, out)));
    return printed;
  }

  @Test
  void entries_whose_peer_the_dump_does_not_have_are_named() {
    byte[] table =
        Dumps.record(
            13,
            2,
            "00000000 18 c63364 0002 0000 00000007" + ATTRIBUTES + "0001 00000007" + ATTRIBUTES);

    assertThat(print(table).getFirst().problems())
        .containsExactly(
            "198.51.100.0/24: peer index: 0, and no PEER_INDEX_TABLE before it (expected: one at the begin)",
            "198.51.100.0/24: peer index: 1, and no PEER_INDEX_TABLE before it (expected: one at the begin)");
    assertThat(print(Dumps.record(13, 1, PEER_INDEX), table).getLast())
        .isEqualTo(
            new Printed(
                1,
                "",
                List.of(
                    "198.51.100.0/24: peer index: 1 (expected: 0..0, as in the PEER_INDEX_TABLE)")));
  }

  @Test
  void bytes_behind_the_entries_that_a_table_record_counts_are_named() {
    byte[] table =
        Dumps.record(
            13,
            2,
            "00000000 18 c63364 0001 0000 00000007" + ATTRIBUTES + "0000 00000007" + ATTRIBUTES);

    assertThat(print(Dumps.record(13, 1, PEER_INDEX), table).getLast().problems())
        .containsExactly("198.51.100.0/24: bytes after entry 1: 28 (expected: none)");
  }

  @Test
  void malformed_attributes_of_a_table_are_named_with_the_prefix() {
    byte[] table =
        Dumps.record(
            13,
            2,
            "00000000 18 c63364 0001 0000 00000007" + ATTRIBUTES.replace("01 00 40", "01 09 40"));

    assertThat(print(Dumps.record(13, 1, PEER_INDEX), table).getLast())
        .isEqualTo(
            new Printed(0, "", List.of("198.51.100.0/24: ORIGIN value: 9 (expected: 0..2)")));
  }

  @ParameterizedTest
  @CsvSource({
    "13, 3, RIB_IPV4_MULTICAST",
    "13, 11, RIB_IPV6_MULTICAST_ADDPATH",
    "13, 7, GEO_PEER_TABLE",
    "13, 99, TABLE_DUMP_V2 subtype 99",
    "11, 0, OSPFv2",
    "48, 0, OSPFv3",
    "16, 3, BGP4MP subtype 3",
    "99, 1, type 99"
  })
  void what_is_left_out_on_purpose_has_a_name(int type, int subtype, String name) {
    assertThat(print(KEEPALIVE, Dumps.record(type, subtype, "00000000")))
        .containsExactly(Printed.skipped("KEEPALIVE"), Printed.skipped(name));
  }
}

package net.donut.wire.mrt;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.TreeMap;
import java.util.stream.Stream;
import java.util.zip.GZIPInputStream;
import java.util.zip.GZIPOutputStream;
import net.donut.fixtures.MadeDump;
import net.donut.fixtures.Packing;
import net.donut.fixtures.RealData;
import net.donut.fixtures.RealDataDirectory;
import net.donut.fixtures.SeededDump;
import net.donut.model.AsPath;
import net.donut.model.IpAddress;
import net.donut.model.Prefix;
import net.donut.wire.bgp.BgpArchive;
import net.donut.wire.bgp.BgpMessage;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

class MrtReaderTest {
  private static final String ENDS = "fc59 fc5a 0000 0001 c0000201 c0000202";
  private static final String MARKER = "ff".repeat(16);
  private static final long SEED = 20_261_201L;
  private static final byte[] KEEPALIVE = Dumps.record(16, 1, ENDS + MARKER + "0013 04");

  private static Map<String, Integer> kinds(MrtReader reader) {
    Map<String, Integer> kinds = new TreeMap<>();
    Dumps.forEach(
        reader, record -> kinds.merge(record.getClass().getSimpleName(), 1, Integer::sum));
    return kinds;
  }

  @ParameterizedTest
  @EnumSource
  void a_seeded_dump_has_its_records(SeededDump kind) {
    MadeDump dump = kind.make(SEED);

    for (Packing packing : Packing.values()) {
      assertThat(kinds(Dumps.of(packing.pack(dump.bytes()))))
          .as("%s %s", packing, dump.kinds())
          .isEqualTo(dump.kinds());
    }
  }

  record Row(String dump, Map<String, Integer> kinds) {}

  static Stream<Row> recorded() {
    String samples = "edge/mrtparse-samples/";
    return Stream.of(
        new Row(
            "updates/bgpdump-updates.20020722.2238.gz", Map.of("Message", 1028, "StateChange", 93)),
        new Row("updates/bgpdump-updates.20071015.1505.gz", Map.of("Message", 4297)),
        new Row("updates/csunetsec-arch1-2013.mrt.xz", Map.of("Message", 18213)),
        new Row("edge/bgpkit-local_only-updates.bz2", Map.of("Message", 85)),
        new Row(
            "edge/bgpkit-rrc00-updates.19991214.1621.gz",
            Map.of("Message", 18176, "StateChange", 27)),
        new Row(
            "edge/bgpkit-rrc01-updates.20001104.0124.gz",
            Map.of("Message", 922, "StateChange", 364)),
        new Row("edge/xorp-bug837.mrtd.xz", Map.of("Message", 32)),
        new Row("edge/xorp-icsi1.mrtd.xz", Map.of("Message", 4778)),
        new Row(samples + "bird-mrtdump_bgp", Map.of("Message", 15, "StateChange", 12)),
        new Row(samples + "bird-mrtdump_rib", Map.of("PeerIndex", 2, "Rib", 12)),
        new Row(samples + "bird6-mrtdump_rib", Map.of("PeerIndex", 2, "Rib", 7)),
        new Row(samples + "bird_bgp", Map.of("Message", 17, "StateChange", 12)),
        new Row(samples + "bird6_bgp", Map.of("Message", 17, "StateChange", 12)),
        new Row(samples + "openbgpd_bgp", Map.of("Message", 71, "StateChange", 16)),
        new Row(samples + "openbgpd_rib_table-mp", Map.of("TableDumpEntry", 31)),
        new Row(samples + "openbgpd_rib_table", Map.of("TableDumpEntry", 31)),
        new Row(samples + "openbgpd_rib_table-v2", Map.of("PeerIndex", 1, "Rib", 21, "Unknown", 2)),
        new Row(samples + "quagga_bgp", Map.of("Message", 47, "StateChange", 20)),
        new Row(samples + "quagga_rib", Map.of("PeerIndex", 1, "Rib", 6)));
  }

  @RealData
  @ParameterizedTest
  @MethodSource("recorded")
  void a_dump_has_its_records(Row row) throws IOException {
    try (MrtReader reader = Dumps.open(row.dump())) {
      assertThat(kinds(reader)).isEqualTo(row.kinds());
    }
  }

  /// What is in a table: neighbors of the index, prefixes, routes, neighbors with routes, paths.
  private record Contents(int index, int prefixes, int routes, int speakers, int paths) {}

  private static Contents contents(MrtReader reader) {
    Set<Integer> peers = new HashSet<>();
    Set<AsPath> paths = new HashSet<>();
    int[] counts = new int[3];
    Dumps.forEach(
        reader,
        record -> {
          switch (record) {
            case MrtRecord.PeerIndex index -> counts[0] = index.peers().size();
            case MrtRecord.Rib rib -> {
              assertThat(rib.faults()).isEmpty();
              counts[1]++;
              counts[2] += rib.entries().size();
              for (MrtRecord.RibEntry entry : rib.entries()) {
                peers.add(entry.peerIndex());
                paths.add(entry.attributes().asPath());
              }
            }
            default -> throw new AssertionError(record);
          }
        });
    return new Contents(counts[0], counts[1], counts[2], peers.size(), paths.size());
  }

  @RealData
  @Test
  void a_table_of_many_peers_has_every_entry() throws IOException {
    try (MrtReader reader = Dumps.open("rib/rv2-20140523-first.mrt.xz")) {
      assertThat(contents(reader)).isEqualTo(new Contents(47, 9_030, 268_719, 35, 77_103));
    }
  }

  @Test
  void a_seeded_table_of_many_peers_has_every_entry() {
    MadeDump dump = SeededDump.MANY_PEERS.make(SEED);

    assertThat(contents(Dumps.of(dump.bytes())))
        .isEqualTo(new Contents(47, dump.prefixes(), dump.entries(), 35, dump.paths()));
    assertThat(dump.entries()).isGreaterThan(15_000);
  }

  private static List<Integer> oldContents(MrtReader reader) {
    Set<Prefix> prefixes = new HashSet<>();
    Set<IpAddress> peers = new HashSet<>();
    int[] count = new int[1];
    Dumps.forEach(
        reader,
        record -> {
          MrtRecord.TableDumpEntry entry = (MrtRecord.TableDumpEntry) record;
          prefixes.add(entry.prefix());
          peers.add(entry.peerAddress());
          count[0]++;
        });
    return List.of(count[0], prefixes.size(), peers.size());
  }

  @RealData
  @Test
  void an_old_table_of_many_peers_has_every_entry() throws IOException {
    try (MrtReader reader = Dumps.open("rib/rv2-20080501-first.mrt.xz")) {
      assertThat(oldContents(reader)).containsExactly(136_779, 3_442, 44);
    }
  }

  @Test
  void a_seeded_old_table_of_many_peers_has_every_entry() {
    MadeDump dump = SeededDump.OLD_TABLE.make(SEED);

    assertThat(oldContents(Dumps.of(dump.bytes())))
        .containsExactly(dump.entries(), dump.prefixes(), 44);
  }

  @Test
  void seeded_churn_has_every_announcement() {
    MadeDump dump = SeededDump.CHURN.make(SEED);
    int[] counts = new int[2];

    Dumps.forEach(Dumps.of(dump.bytes()), record -> count(record, counts));

    assertThat(counts).containsExactly(dump.announcements(), dump.multicast());
    assertThat(counts[1]).isPositive();
  }

  @RealData
  @Test
  void three_quarters_of_an_hour_of_churn_have_every_announcement() throws IOException {
    int[] counts = new int[2];
    for (int i = 0; i < 3; i++) {
      try (MrtReader reader = Dumps.open("updates/csunetsec-arch" + i + "-2013.mrt.xz")) {
        Dumps.forEach(reader, record -> count(record, counts));
      }
    }

    assertThat(counts).as("unicast, multicast").containsExactly(119_754, 587);
  }

  private static void count(MrtRecord record, int[] counts) {
    if (record instanceof MrtRecord.Message message
        && message.message() instanceof BgpMessage.Update update) {
      counts[0] += announced(update);
      counts[1] += announced(message.multicast());
    }
  }

  private static int announced(BgpMessage.Update update) {
    return update.announcements().stream().mapToInt(each -> each.prefixes().size()).sum();
  }

  @RealData
  @Test
  void a_dump_cut_within_its_compression_keeps_what_came_before() throws IOException {
    List<MrtRecord> before = new ArrayList<>();
    try (MrtReader reader = Dumps.open("edge/truncated-bz2-rv-rib.20140523.0600_firstMB.bz2")) {

      MrtFault fault =
          catchThrowableOfType(MrtFault.class, () -> Dumps.forEach(reader, before::add));

      assertThat(before.size()).isEqualTo(9_073);
      assertThat(fault.recordNumber()).isEqualTo(9_074);
      assertThat(fault.offset()).isEqualTo(15_273_283);
      assertThat(fault)
          .hasMessageStartingWith("record 9074 at byte 15273283: ")
          .hasMessageContaining("expected");
    }
  }

  @RealData
  @Test
  void a_damaged_dump_names_the_record_where_framing_is_lost() throws IOException {
    List<MrtRecord> before = new ArrayList<>();
    try (MrtReader reader = Dumps.open("edge/bgpkit-rrc00-updates.20000325.0345.gz")) {

      MrtFault fault =
          catchThrowableOfType(MrtFault.class, () -> Dumps.forEach(reader, before::add));

      assertThat(before.stream().filter(MrtRecord.Message.class::isInstance)).hasSize(4);
      assertThat(fault)
          .hasMessage(
              "record 7 at byte 15024: record length: 3694573824 (expected: at most 67108864)");
    }
  }

  @Test
  void a_seeded_dump_cut_within_its_compression_keeps_what_came_before() {
    MadeDump dump = SeededDump.OLD_TABLE.make(SEED);
    byte[] packed = Packing.BZIP2.pack(dump.bytes());
    List<MrtRecord> before = new ArrayList<>();

    MrtFault fault =
        catchThrowableOfType(
            MrtFault.class,
            () ->
                Dumps.forEach(Dumps.of(Arrays.copyOf(packed, packed.length * 2 / 3)), before::add));

    assertThat(before).hasSizeGreaterThan(1_000).hasSizeLessThan(dump.entries());
    assertThat(fault.recordNumber()).isEqualTo(before.size() + 1);
    int offset = dump.ends().get(before.size() - 1);
    assertThat(fault.offset()).isEqualTo(offset);
    assertThat(fault)
        .hasMessageStartingWith("record " + (before.size() + 1) + " at byte " + offset + ": ")
        .hasMessageContaining("expected");
  }

  @Test
  void a_seeded_dump_with_a_damaged_length_names_the_record_where_framing_is_lost() {
    MadeDump dump = SeededDump.OLDEST_UPDATES.make(SEED);
    byte[] bytes = dump.bytes();
    int offset = dump.ends().get(5);
    bytes[offset + 8] = (byte) 0xdc;
    List<MrtRecord> before = new ArrayList<>();

    MrtFault fault =
        catchThrowableOfType(
            MrtFault.class, () -> Dumps.forEach(Dumps.of(Packing.GZIP.pack(bytes)), before::add));

    long length = 0xdc00_0000L | ((bytes[offset + 10] & 0xff) << 8) | (bytes[offset + 11] & 0xff);
    assertThat(before).hasSize(6);
    assertThat(fault)
        .hasMessage(
            "record 7 at byte %d: record length: %d (expected: at most 67108864)"
                .formatted(offset, length));
  }

  @Test
  void a_record_cut_anywhere_ends_in_a_fault_after_the_records_before() {
    byte[] whole = Dumps.join(KEEPALIVE, KEEPALIVE);
    for (int length = KEEPALIVE.length + 1; length < whole.length; length++) {
      List<MrtRecord> before = new ArrayList<>();
      MrtReader reader = Dumps.of(Arrays.copyOf(whole, length));

      MrtFault fault =
          catchThrowableOfType(MrtFault.class, () -> Dumps.forEach(reader, before::add));

      assertThat(before).hasSize(1);
      assertThat(fault.recordNumber()).isEqualTo(2);
      assertThat(fault.offset()).isEqualTo(KEEPALIVE.length);
    }
  }

  @RealData
  @Test
  void a_gzip_stream_cut_in_the_middle_ends_in_a_fault() throws IOException {
    cutInTheMiddle(
        Files.readAllBytes(RealDataDirectory.path("mrt/updates/bgpdump-updates.20020722.2238.gz")),
        1_100);
  }

  @Test
  void a_seeded_gzip_stream_cut_in_the_middle_ends_in_a_fault() {
    cutInTheMiddle(Packing.GZIP.pack(SeededDump.UPDATES_AS2.make(SEED).bytes()), 900);
  }

  private static void cutInTheMiddle(byte[] whole, int most) {
    List<MrtRecord> before = new ArrayList<>();

    MrtFault fault =
        catchThrowableOfType(
            MrtFault.class,
            () -> Dumps.forEach(Dumps.of(Arrays.copyOf(whole, whole.length / 2)), before::add));

    assertThat(before.size()).isBetween(300, most);
    assertThat(fault.recordNumber()).isEqualTo(before.size() + 1);
  }

  @Test
  void a_bad_record_is_reported_and_reading_goes_on() {
    byte[] bad = Dumps.record(16, 1, ENDS + MARKER + "0017 02 0009 0000");
    List<MrtRecord> records = Dumps.all(Dumps.of(Dumps.join(KEEPALIVE, bad, KEEPALIVE)));

    assertThat(records).hasSize(3);
    assertThat(records.get(1))
        .isInstanceOfSatisfying(
            MrtRecord.Faulty.class,
            faulty -> {
              assertThat(faulty.header().number()).isEqualTo(2);
              assertThat(faulty.header().offset()).isEqualTo(KEEPALIVE.length);
              assertThat(faulty.reason())
                  .isEqualTo("withdrawn routes length: 9 (expected: at most 0)");
            });
    assertThat(records.get(2)).isInstanceOf(MrtRecord.Message.class);
  }

  @Test
  void an_unknown_type_is_skipped() {
    List<MrtRecord> records =
        Dumps.all(Dumps.of(Dumps.join(Dumps.record(48, 1, "0102"), KEEPALIVE)));

    assertThat(records.get(0)).isInstanceOf(MrtRecord.Unknown.class);
    assertThat(records.get(0).header().type()).isEqualTo(48);
    assertThat(records.get(1)).isInstanceOf(MrtRecord.Message.class);
  }

  @Test
  void an_empty_stream_has_no_records() {
    assertThat(Dumps.all(Dumps.of(new byte[0]))).isEmpty();
  }

  @RealData
  @Test
  void compression_is_found_by_content() throws IOException {
    byte[] gzip =
        Files.readAllBytes(RealDataDirectory.path("mrt/updates/bgpdump-updates.20071015.1505.gz"));
    byte[] plain;
    try (InputStream in = new GZIPInputStream(new ByteArrayInputStream(gzip))) {
      plain = in.readAllBytes();
    }

    assertThat(Dumps.all(Dumps.of(plain))).isEqualTo(Dumps.all(Dumps.of(gzip)));
  }

  @ParameterizedTest
  @EnumSource
  void compression_of_a_seeded_dump_is_found_by_content(Packing packing) {
    byte[] plain = SeededDump.UPDATES_AS4.make(SEED).bytes();

    assertThat(Dumps.all(Dumps.of(packing.pack(plain)))).isEqualTo(Dumps.all(Dumps.of(plain)));
  }

  @Test
  void a_gzip_file_of_several_members_is_read_to_its_end() throws IOException {
    byte[] two = Dumps.join(gzip(KEEPALIVE), gzip(KEEPALIVE));

    assertThat(Dumps.all(Dumps.of(two))).hasSize(2);
  }

  private static byte[] gzip(byte[] plain) throws IOException {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    try (GZIPOutputStream gzip = new GZIPOutputStream(out)) {
      gzip.write(plain);
    }
    return out.toByteArray();
  }

  @Test
  void an_abbreviated_next_hop_of_a_table_is_read() {
    MrtRecord record =
        Dumps.only(
            Dumps.record(
                13,
                4,
                "00000005 20 20010db8 0001 0003 00000007 0031"
                    + "40 01 01 00 40 02 06 02 01 0000fc59 80 0e 21 20"
                    + "20010db8000000000000000000000001 fe800000000000000000000000000001"));

    MrtRecord.Rib rib = (MrtRecord.Rib) record;
    assertThat(rib.prefix()).hasToString("2001:db8::/32");
    MrtRecord.RibEntry entry = rib.entries().getFirst();
    assertThat(entry.peerIndex()).isEqualTo(3);
    assertThat(entry.originatedSeconds()).isEqualTo(7);
    assertThat(entry.pathId()).isEqualTo(MrtRecord.NO_PATH_ID);
    assertThat(entry.attributes().nextHop()).hasToString("2001:db8::1");
    assertThat(entry.attributes().linkLocalNextHop()).hasToString("fe80::1");
  }

  @Test
  void a_whole_mp_reach_nlri_in_a_table_is_read() {
    MrtRecord record =
        Dumps.only(
            Dumps.record(
                13,
                4,
                "00000005 20 20010db8 0001 0003 00000007 002a"
                    + "40 01 01 00 40 02 06 02 01 0000fc59 80 0e 1a 0002 01 10"
                    + "20010db8000000000000000000000001 00 20 20010db8"));

    assertThat(((MrtRecord.Rib) record).entries().getFirst().attributes().nextHop())
        .hasToString("2001:db8::1");
  }

  @Test
  void a_generic_table_names_its_family() {
    MrtRecord record =
        Dumps.only(
            Dumps.record(
                13,
                12,
                "00000005 0001 01 18 c63364 0001 0003 00000007 0000002a 0014"
                    + "40 01 01 00 40 02 06 02 01 0000fc59 40 03 04 c0000201"));

    MrtRecord.Rib rib = (MrtRecord.Rib) record;
    assertThat(rib.prefix()).hasToString("198.51.100.0/24");
    assertThat(rib.entries().getFirst().pathId()).isEqualTo(42);
  }

  @Test
  void a_malformed_entry_leaves_the_others() {
    String good = "0014 40 01 01 00 40 02 06 02 01 0000fc59 40 03 04 c0000201";
    String bad = "0014 40 01 01 09 40 02 06 02 01 0000fc59 40 03 04 c0000201";
    MrtRecord record =
        Dumps.only(
            Dumps.record(
                13, 2, "00000005 18 c63364 0002 0000 00000007" + bad + "0001 00000007" + good));

    MrtRecord.Rib rib = (MrtRecord.Rib) record;
    assertThat(rib.entries()).extracting(MrtRecord.RibEntry::peerIndex).containsExactly(1);
    assertThat(rib.faults())
        .extracting(fault -> fault.message())
        .containsExactly("ORIGIN value: 9 (expected: 0..2)");
  }

  @Test
  void a_route_of_the_router_itself_has_no_next_hop() {
    MrtRecord record =
        Dumps.only(Dumps.record(13, 2, "00000005 18 c63364 0001 0000 00000007 0000"));

    MrtRecord.RibEntry entry = ((MrtRecord.Rib) record).entries().getFirst();
    assertThat(entry.attributes().nextHop()).isEqualTo(BgpArchive.NO_NEXT_HOP);
    assertThat(entry.attributes().asPath()).isEqualTo(AsPath.EMPTY);
  }

  @RealData
  @Test
  void an_entry_of_the_oldest_form_has_its_next_hop_before_its_attributes() throws IOException {
    try (MrtReader reader = Dumps.open("edge/mrtparse-samples/openbgpd_rib_table-mp")) {

      MrtRecord.TableDumpEntry entry = (MrtRecord.TableDumpEntry) Dumps.all(reader).getFirst();

      assertThat(entry.prefix()).hasToString("192.168.0.0/16");
      assertThat(entry.attributes().nextHop()).hasToString("192.168.0.15");
      assertThat(entry.attributes().asPath()).hasToString("65015");
      assertThat(entry.faults()).isEmpty();
    }
  }

  @Test
  void a_seeded_entry_of_the_oldest_form_has_its_next_hop_before_its_attributes() {
    MadeDump dump = SeededDump.OLDEST_TABLE.make(SEED);
    List<MrtRecord> records = Dumps.all(Dumps.of(dump.bytes()));

    String first = dump.text().substring(0, dump.text().indexOf('\n'));
    MrtRecord.TableDumpEntry entry = (MrtRecord.TableDumpEntry) records.getFirst();
    assertThat(first.split("\\|"))
        .contains(
            entry.prefix().toString(),
            entry.attributes().nextHop().toString(),
            entry.attributes().asPath().toString());
    assertThat(entry.faults()).isEmpty();
  }

  @Test
  void an_open_without_addresses_is_read() {
    MrtRecord record =
        Dumps.only(Dumps.record(16, 1, "fc59 fc5a" + MARKER + "001d 01 04 fc59 00b4 c0000201 00"));

    assertThat(record)
        .isInstanceOfSatisfying(
            MrtRecord.Message.class,
            message -> {
              assertThat(message.peerAddress()).hasToString("0.0.0.0");
              assertThat(message.message()).isInstanceOf(BgpMessage.Open.class);
            });
  }

  @Test
  void unlabelled_path_identifiers_are_found() {
    MrtRecord record =
        Dumps.only(Dumps.record(16, 1, ENDS + MARKER + "0020 02 0009 00000007 20 c6336401 0000"));

    assertThat(record)
        .isInstanceOfSatisfying(
            MrtRecord.Message.class,
            message -> {
              assertThat(message.pathIds()).containsExactly(7);
              assertThat(((BgpMessage.Update) message.message()).withdrawals())
                  .hasToString("[[198.51.100.1/32]]");
            });
  }

  @RealData
  @Test
  void a_broken_dump_is_records_and_at_most_a_fault() throws IOException {
    List<byte[]> dumps = new ArrayList<>();
    for (String name : List.of("quagga_bgp", "quagga_rib", "openbgpd_rib_table", "bird6_bgp")) {
      dumps.add(Files.readAllBytes(RealDataDirectory.path("mrt/edge/mrtparse-samples/" + name)));
    }
    breakAndRead(dumps);
  }

  @Test
  void a_broken_seeded_dump_is_records_and_at_most_a_fault() {
    breakAndRead(
        Stream.of(SeededDump.LOCAL_ONLY, SeededDump.TWO_INDEXES, SeededDump.OLDEST_TABLE)
            .map(kind -> kind.make(SEED).bytes())
            .toList());
  }

  private static void breakAndRead(List<byte[]> dumps) {
    long seed = Long.getLong("donut.fuzz.seed", 20_250_607L);
    SplittableRandom random = new SplittableRandom(seed);
    for (int round = 0; round < 5_000; round++) {
      byte[] dump = dumps.get(random.nextInt(dumps.size())).clone();
      for (int i = 0; i < 1 + random.nextInt(20); i++) {
        dump[random.nextInt(dump.length)] = (byte) random.nextInt(256);
      }
      readToTheEnd(dump, "seed " + seed + " round " + round);
    }
  }

  private static void readToTheEnd(byte[] dump, String description) {
    BgpdumpText text = new BgpdumpText();
    StringBuilder out = new StringBuilder();
    try {
      Dumps.forEach(Dumps.of(dump), record -> text.append(record, out));
    } catch (MrtFault fault) {
      assertThat(fault).as(description).hasMessageContaining("expected");
    }
  }
}

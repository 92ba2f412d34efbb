package net.donut.wire.bgp;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;

import io.netty.buffer.Unpooled;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Predicate;
import java.util.regex.Pattern;
import net.donut.fixtures.MadeCapture;
import net.donut.fixtures.RealData;
import net.donut.fixtures.RealDataDirectory;
import net.donut.model.UnknownAttribute;
import net.donut.wire.bgp.Corpus.Sample;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/// What other implementations wrote is understood, and survives being written again.
class CorpusTest {
  private static final SessionOptions INTERNAL =
      new SessionOptions(true, false, false, false, true);
  private static final SessionOptions EXTERNAL = SessionOptions.MODERN_EXTERNAL;
  private static final SessionOptions OLD = new SessionOptions(false, false, false, false, true);

  /// The value, or null when the message ends the session.
  private static @Nullable BgpMessage decode(byte[] bytes, SessionOptions options) {
    try {
      return HexMessages.decode(Unpooled.wrappedBuffer(bytes), options);
    } catch (BgpFault fault) {
      assertThat(fault).hasMessageContaining("expected");
      return null;
    }
  }

  private static boolean isUpdate(BgpMessage message) {
    return message instanceof BgpMessage.Update update
        && update.announcements().size() + update.withdrawals().size() == 1;
  }

  private static int unchanged(List<Sample> samples, SessionOptions options) {
    int count = 0;
    for (Sample sample : samples) {
      BgpMessage value = decode(sample.bytes(), options);
      if (value == null || (value instanceof BgpMessage.Update && !isUpdate(value))) {
        continue;
      }
      BgpMessage again =
          HexMessages.decode(HexMessages.encode(withoutFaults(value), options), options);
      assertThat(again).as(sample.file()).isEqualTo(withPartialBits(withoutFaults(value)));
      count++;
    }
    return count;
  }

  private static BgpMessage withoutFaults(BgpMessage message) {
    return message instanceof BgpMessage.Update update
        ? new BgpMessage.Update(update.announcements(), update.withdrawals(), List.of())
        : message;
  }

  /// What [UpdateWriter] does to attributes it does not know.
  private static BgpMessage withPartialBits(BgpMessage message) {
    if (!(message instanceof BgpMessage.Update update)) {
      return message;
    }
    List<BgpMessage.Announcement> announcements = new ArrayList<>();
    for (BgpMessage.Announcement announcement : update.announcements()) {
      var unknown =
          announcement.attributes().unknown().stream()
              .map(attribute ->
                  attribute.isTransitive()
                      ? new UnknownAttribute(
                          attribute.flags() | 0x20, attribute.type(), attribute.value())
                      : attribute)
              .sorted(Comparator.comparingInt(attribute -> attribute.type()))
              .toList();
      announcements.add(
          new BgpMessage.Announcement(
              announcement.prefixes(),
              announcement.attributes().toBuilder().unknown(unknown).build()));
    }
    return new BgpMessage.Update(announcements, update.withdrawals(), List.of());
  }

  @RealData
  @Test
  void messages_of_exabgp_survive_reading_and_writing() throws IOException {
    List<Sample> samples = Corpus.exabgp();

    int count = unchanged(samples, INTERNAL);

    assertThat(samples.size()).isGreaterThan(150);
    assertThat(count).isGreaterThan(60);
  }

  @RealData
  @Test
  void messages_of_captures_survive_reading_and_writing() throws IOException {
    List<Sample> samples = Corpus.captures();

    int count = unchanged(samples, INTERNAL) + unchanged(samples, OLD);

    assertThat(samples.size()).isGreaterThan(800);
    assertThat(count).isGreaterThan(800);
  }

  @RealData
  @Test
  void an_update_of_exabgp_has_the_routes_its_description_names() throws IOException {
    Sample sample =
        Corpus.exabgp().stream()
            .filter(candidate -> candidate.file().equals("qa_encoding_conf-ebgp.ci"))
            .findFirst()
            .orElseThrow();

    BgpMessage.Update update =
        HexMessages.decodeUpdate(
            Unpooled.wrappedBuffer(sample.bytes()), SessionOptions.MODERN_EXTERNAL);

    var announcement = update.announcements().getFirst();
    assertThat(announcement.prefixes()).hasToString("[10.0.0.0/24]");
    assertThat(announcement.attributes().nextHop()).hasToString("10.0.1.254");
    assertThat(announcement.attributes().asPath()).hasToString("65533");
  }

  @RealData
  @Test
  void a_capture_has_as_many_messages_of_each_kind_as_its_description() throws IOException {
    Map<String, byte[]> files = RealDataDirectory.archive("messages/pmacct-bgp-pcaps.tar.xz");
    int compared = 0;
    for (var file : files.entrySet()) {
      byte[] description = files.get(file.getKey().replace(".pcap", "-bgp.json"));
      if (file.getKey().endsWith(".pcap") && description != null && description.length > 0) {
        assertThat(kinds(file.getValue())).as(file.getKey()).isEqualTo(described(description));
        compared++;
      }
    }
    assertThat(compared).isGreaterThan(5);
  }

  private static Map<String, Long> described(byte[] description) {
    String text = new String(description, StandardCharsets.UTF_8);
    Map<String, Long> kinds = new TreeMap<>();
    kinds.put("Keepalive", Pattern.compile("(?m)^\"KeepAlive\"").matcher(text).results().count());
    kinds.put("Open", Pattern.compile("(?m)^\\{\"Open\"").matcher(text).results().count());
    kinds.put("Update", Pattern.compile("(?m)^\\{\"Update\"").matcher(text).results().count());
    return kinds;
  }

  private static Map<String, Long> kinds(byte[] capture) {
    List<byte[]> messages = PcapMessages.messagesToListener(capture);
    Map<String, Long> kinds = new TreeMap<>();
    kinds.put("Keepalive", count(messages, message -> message[18] == 4));
    kinds.put("Open", count(messages, message -> message[18] == 1));
    kinds.put("Update", count(messages, message -> message[18] == 2));
    return kinds;
  }

  private static long count(List<byte[]> messages, Predicate<byte[]> kind) {
    return messages.stream().filter(kind).count();
  }

  @RealData
  @Test
  void inputs_that_broke_others_are_values_or_faults() throws IOException {
    List<Sample> samples = Corpus.crashers();

    for (Sample sample : samples) {
      assertThatCode(() -> BgpFuzz.TARGET.accept(BgpFuzz.input(INTERNAL, sample.bytes())))
          .as(sample.file())
          .doesNotThrowAnyException();
    }
    assertThat(samples.size()).isGreaterThan(80);
  }

  @Test
  void seeded_messages_survive_reading_and_writing() {
    List<Sample> samples = Corpus.seeded();

    assertThat(samples.size()).isGreaterThan(800);
    assertThat(unchanged(samples, EXTERNAL)).isGreaterThan(800);
  }

  @Test
  void a_seeded_capture_has_the_messages_that_were_written() {
    for (MadeCapture capture : Corpus.seededCaptures()) {
      assertThat(PcapMessages.messagesToListener(capture.file()))
          .usingElementComparator(Arrays::compare)
          .isEqualTo(capture.toListener());
      assertThat(PcapMessages.messages(capture.file()))
          .hasSize(capture.toListener().size() + capture.fromListener().size());
      assertThat(kinds(capture.file())).containsEntry("Open", 1L);
      assertThat(kinds(capture.file()).getOrDefault("Update", 0L)).isEqualTo(120);
      assertThat(kinds(capture.file()).values().stream().mapToLong(count -> count).sum())
          .isEqualTo(capture.toListener().size());
    }
  }

  @Test
  void seeded_broken_messages_are_values_or_faults() {
    List<Sample> samples = Corpus.seededCrashers();

    for (Sample sample : samples) {
      assertThatCode(() -> BgpFuzz.TARGET.accept(BgpFuzz.input(INTERNAL, sample.bytes())))
          .doesNotThrowAnyException();
    }
    assertThat(samples.size()).isGreaterThan(80);
  }

  @Test
  void an_update_written_down_by_hand_has_its_routes() {
    String hex =
        "ff".repeat(16)
            + "002f 02 0000 0014 40 01 01 00 40 02 06 02 01 0000fffd 40 03 04 0a0001fe 18 0a0000";

    BgpMessage.Update update =
        HexMessages.decodeUpdate(
            Unpooled.wrappedBuffer(HexFormat.of().parseHex(hex.replace(" ", ""))),
            SessionOptions.MODERN_EXTERNAL);

    var announcement = update.announcements().getFirst();
    assertThat(announcement.prefixes()).hasToString("[10.0.0.0/24]");
    assertThat(announcement.attributes().nextHop()).hasToString("10.0.1.254");
    assertThat(announcement.attributes().asPath()).hasToString("65533");
  }
}

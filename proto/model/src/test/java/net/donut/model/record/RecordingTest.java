package net.donut.model.record;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.concurrent.ArrayBlockingQueue;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class RecordingTest {
  private static final RecordingHeader HEADER =
      new RecordingHeader("rib-7", 3, "donut test", Instant.ofEpochMilli(1_700_000_000_123L));
  private static final RecordingLimits PLENTY = new RecordingLimits(1 << 20, 0);

  @TempDir private Path directory;
  private final ArrayBlockingQueue<String> stops = new ArrayBlockingQueue<>(16);

  private RecordingWriter writer(RecordingLimits limits) throws IOException {
    return RecordingWriter.open(file(), HEADER, limits, stops::add);
  }

  private Path file() {
    return directory.resolve("r.donutrec");
  }

  private static byte[] bytes(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }

  private static RecordedEntry input(int kind, byte[] content) {
    return new RecordedEntry.Input(kind, ByteBuffer.wrap(content));
  }

  private static List<RecordedEntry> entries(RecordingReader reader) {
    List<RecordedEntry> entries = new ArrayList<>();
    for (RecordedEntry next = reader.next(); next != null; next = reader.next()) {
      entries.add(next);
    }
    return entries;
  }

  private void twoInputs() throws IOException {
    try (RecordingWriter writer = writer(PLENTY)) {
      writer.time(-5);
      writer.input(1, bytes("first"));
      writer.time(1_000_000_000_000L);
      writer.input(300, new byte[0]);
      writer.time(1_000_000_000_000L);
    }
  }

  @Test
  void what_is_written_is_read_with_its_header_and_times() throws IOException {
    twoInputs();

    try (RecordingReader reader = RecordingReader.open(file())) {
      assertThat(reader.header()).isEqualTo(HEADER);
      assertThat(entries(reader))
          .containsExactly(
              new RecordedEntry.Time(0),
              input(1, bytes("first")),
              new RecordedEntry.Time(1_000_000_000_005L),
              input(300, new byte[0]),
              new RecordedEntry.Time(1_000_000_000_005L));
      assertThat(reader.isCut()).isFalse();
    }
    assertThat(stops).isEmpty();
  }

  @Test
  void a_file_cut_anywhere_ends_before_the_entry_that_is_not_complete() throws IOException {
    twoInputs();
    byte[] whole = Files.readAllBytes(file());
    int header = whole.length - entriesBytes();

    for (int length = 0; length < whole.length; length++) {
      byte[] part = Arrays.copyOf(whole, length);
      if (length < header) {
        assertThatThrownBy(() -> new RecordingReader(new ByteArrayInputStream(part)))
            .isInstanceOf(RecordingException.class);
      } else {
        try (RecordingReader reader = new RecordingReader(new ByteArrayInputStream(part))) {
          assertThat(entries(reader).size()).isBetween(0, 4);
        }
      }
    }
  }

  private static int entriesBytes() {
    return 2 + 7 + 1 + 6 + 3 + 2;
  }

  @Test
  void any_bytes_behind_a_header_are_entries_or_refused() throws IOException {
    try (RecordingWriter writer = writer(PLENTY)) {
      assertThat(writer.isRecording()).isTrue();
    }
    byte[] header = Files.readAllBytes(file());
    long seed = 20_261_201;
    Random random = new Random(seed);

    for (int round = 0; round < 20_000; round++) {
      byte[] damaged = Arrays.copyOf(header, header.length + random.nextInt(40));
      for (int i = header.length; i < damaged.length; i++) {
        damaged[i] = (byte) random.nextInt();
      }
      try (RecordingReader reader = new RecordingReader(new ByteArrayInputStream(damaged))) {
        assertThat(entries(reader)).hasSizeLessThan(40);
      } catch (RecordingException e) {
        assertThat(e).as("seed %d, round %d", seed, round).hasMessageMatching(".*(expected|64).*");
      }
    }
  }

  @Test
  void other_files_other_owners_and_newer_versions_are_refused() throws IOException {
    twoInputs();
    Path text = Files.writeString(directory.resolve("text"), "not a recording");

    assertThatThrownBy(() -> RecordingReader.open(text))
        .hasMessage(text + ": no recording (expected: a file that begins with 'donutrec')");
    try (RecordingReader reader = RecordingReader.open(file())) {
      assertThat(reader.require("rib-7", 3)).isEqualTo(HEADER);
      assertThatThrownBy(() -> reader.require("rib-7", 2))
          .hasMessage(
              "recording of rib-7 in version 3 (expected: one of rib-7 in a version up to 2)");
      assertThatThrownBy(() -> reader.require("rib-8", 3)).isInstanceOf(RecordingException.class);
    }
  }

  @Test
  void an_earlier_recording_is_kept_beside_the_new_one() throws IOException {
    twoInputs();
    byte[] earlier = Files.readAllBytes(file());

    try (RecordingWriter writer = writer(PLENTY)) {
      writer.input(9, bytes("other"));
    }

    assertThat(directory.resolve("r.donutrec.1")).hasBinaryContent(earlier);
    try (RecordingReader reader = RecordingReader.open(file())) {
      assertThat(entries(reader)).containsExactly(input(9, bytes("other")));
    }
  }

  @Test
  void what_is_flushed_is_in_the_file_while_recording_goes_on() throws Exception {
    try (RecordingWriter writer = writer(PLENTY)) {
      writer.input(1, bytes("first"));
      writer.flush();

      long deadline = System.nanoTime() + 10_000_000_000L;
      while (Files.size(file()) < 40 && System.nanoTime() < deadline) {
        Thread.sleep(5);
      }
      try (RecordingReader reader = RecordingReader.open(file())) {
        assertThat(entries(reader)).containsExactly(input(1, bytes("first")));
      }
    }
  }

  @Test
  void a_recording_that_reaches_its_limit_ends_and_is_good_until_then() throws Exception {
    try (RecordingWriter writer = writer(new RecordingLimits(600_000, 0))) {
      while (writer.isRecording()) {
        writer.input(1, new byte[1000]);
        writer.flush();
      }
      writer.input(1, new byte[1000]);
    }

    assertThat(stops)
        .containsExactly(file() + ": the recording has reached its limit of 600000 bytes");
    assertThat(Files.size(file())).isBetween(1L, 600_000L);
    try (RecordingReader reader = RecordingReader.open(file())) {
      assertThat(entries(reader)).isNotEmpty().allMatch(input(1, new byte[1000])::equals);
    }
  }

  @Test
  void a_full_file_system_ends_it_and_is_said_once() throws IOException {
    RecordingLimits none = new RecordingLimits(1 << 20, Long.MAX_VALUE);

    try (RecordingWriter writer = writer(none)) {
      for (int i = 0; i < 1000; i++) {
        writer.input(1, new byte[5000]);
        writer.flush();
      }
    }

    assertThat(stops)
        .singleElement()
        .asString()
        .contains("bytes are free on its file system (expected: ");
  }

  @Test
  void a_disk_that_takes_nothing_costs_a_bounded_number_of_blocks() throws Exception {
    Path pipe = directory.resolve("pipe");
    assertThat(new ProcessBuilder("mkfifo", pipe.toString()).start().waitFor()).isZero();
    Process holder = new ProcessBuilder("sh", "-c", "exec 3<>'" + pipe + "'; sleep 60").start();
    try {
      RecordingWriter writer = RecordingWriter.open(pipe, HEADER, PLENTY_MORE, stops::add);
      long begunNanos = System.nanoTime();
      for (int i = 0; i < 1000 && writer.isRecording(); i++) {
        writer.input(1, new byte[256 << 10]);
      }

      assertThat(writer.isRecording()).isFalse();
      assertThat(System.nanoTime() - begunNanos).isLessThan(10_000_000_000L);
      assertThat(stops).containsExactly(pipe + ": the disk is slower than what comes in");
    } finally {
      holder.destroyForcibly().waitFor();
    }
  }

  private static final RecordingLimits PLENTY_MORE = new RecordingLimits(1L << 40, 0);
}

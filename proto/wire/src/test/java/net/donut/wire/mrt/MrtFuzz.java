package net.donut.wire.mrt;

import com.code_intelligence.jazzer.junit.FuzzTest;
import java.io.BufferedInputStream;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import java.util.zip.GZIPOutputStream;
import net.donut.fixtures.RealDataDirectory;
import net.donut.fixtures.SeededDump;
import net.donut.fuzz.FuzzTarget;
import net.donut.fuzz.SavedInputs;
import org.apache.commons.compress.compressors.bzip2.BZip2CompressorOutputStream;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.tukaani.xz.LZMA2Options;
import org.tukaani.xz.XZOutputStream;

/// The MRT reader, its decompressors and the bgpdump text on any bytes: records, then the end or an
/// [MrtFault]. `./donut fuzz mrt` runs this class; [MrtFuzzTest] a part of it.
class MrtFuzz {
  private static final int HEADER_BYTES = 12;
  private static final int LONGEST_RECORD_BYTES = 1 << 24;
  private static final int LONGEST_SEED_BYTES = 6_000;
  private static final int SEEDS_A_FILE = 25;

  /// A compressed input may turn into much more: one record at a time is held, at most 64 MiB, and
  /// the window of the decompressor.
  static final FuzzTarget TARGET = new FuzzTarget(MrtFuzz::read, 320 << 20, 20_000);

  static List<byte[]> inputs() throws IOException {
    List<byte[]> records = new ArrayList<>();
    for (SeededDump kind : SeededDump.values()) {
      collect(new ByteArrayInputStream(kind.make(7).bytes()), records);
    }
    List<byte[]> inputs = new ArrayList<>(SavedInputs.of(MrtFuzz.class, "mrt"));
    inputs.addAll(records);
    inputs.addAll(compressed(Dumps.join(records.get(0), records.get(1), records.get(2))));
    return inputs;
  }

  /// The first records of the recorded dumps.
  static List<byte[]> recordedInputs() throws IOException {
    List<byte[]> records = new ArrayList<>();
    for (String directory : List.of("mrt/edge", "mrt/edge/mrtparse-samples", "mrt/updates")) {
      try (Stream<Path> files = Files.list(RealDataDirectory.path(directory))) {
        for (Path file : files.filter(Files::isRegularFile).sorted().toList()) {
          if (!file.toString().endsWith(".txt.gz")) {
            collect(Files.newInputStream(file), records);
          }
        }
      }
    }
    return records;
  }

  /// The first records of a file that are not too long.
  private static void collect(InputStream file, List<byte[]> into) {
    var raw = new BufferedInputStream(file);
    try (var in = Compression.of(Compression.peek(raw, Compression.MAGIC_BYTES)).open(raw)) {
      int found = 0;
      byte[] header = in.readNBytes(HEADER_BYTES);
      while (header.length == HEADER_BYTES && found < SEEDS_A_FILE) {
        int length = ByteBuffer.wrap(header).getInt(8);
        if (length < 0 || length > LONGEST_RECORD_BYTES) {
          return;
        }
        byte[] body = in.readNBytes(length);
        if (length <= LONGEST_SEED_BYTES && body.length == length) {
          into.add(Dumps.join(header, body));
          found++;
        }
        header = in.readNBytes(HEADER_BYTES);
      }
    } catch (IOException e) {
      // A damaged file: its first records are seeds all the same.
    }
  }

  private interface Compressor {
    OutputStream on(OutputStream out) throws IOException;
  }

  private static List<byte[]> compressed(byte[] dump) throws IOException {
    List<byte[]> inputs = new ArrayList<>();
    List<Compressor> compressors =
        List.of(
            GZIPOutputStream::new,
            BZip2CompressorOutputStream::new,
            out -> new XZOutputStream(out, new LZMA2Options(0)));
    for (Compressor compressor : compressors) {
      ByteArrayOutputStream bytes = new ByteArrayOutputStream();
      try (OutputStream out = compressor.on(bytes)) {
        out.write(dump);
      }
      inputs.add(bytes.toByteArray());
    }
    return inputs;
  }

  static Stream<Arguments> seeds() throws IOException {
    return inputs().stream().map(input -> Arguments.of((Object) input));
  }

  @MethodSource("seeds")
  @FuzzTest(maxDuration = "10m")
  void mrt(byte[] input) {
    TARGET.acceptInstrumented(input);
  }

  /// Reads the input as it is, and as the body of a record with the type and subtype it begins
  /// with: lengths that fit are rarely hit upon.
  private static void read(byte[] input) {
    dump(input);
    if (input.length > 8 && input.length < 1 << 16) {
      byte[] framed = Arrays.copyOf(input, Math.max(HEADER_BYTES, input.length));
      ByteBuffer.wrap(framed).putInt(8, framed.length - HEADER_BYTES);
      dump(framed);
    }
  }

  /// Every byte is accounted for: records follow each other without a gap, and each gives lines, or
  /// says why not.
  private static void dump(byte[] input) {
    BgpdumpText text = new BgpdumpText();
    StringBuilder lines = new StringBuilder();
    long next = 0;
    long number = 0;
    try (MrtReader reader = MrtReader.of(new ByteArrayInputStream(input))) {
      MrtRecord record = reader.next();
      while (record != null) {
        MrtRecord.Header header = record.header();
        if (header.offset() != next || header.number() != ++number) {
          throw new AssertionError("record " + header + " (expected: at byte " + next + ")");
        }
        next += HEADER_BYTES + header.length();
        lines.setLength(0);
        account(record, text.append(record, lines), lines);
        record = reader.next();
      }
      boolean plain = Compression.of(input) == Compression.NONE;
      if (reader.bytesRead() != next || (plain && next != input.length)) {
        throw new AssertionError("bytes read: " + next + " (expected: " + input.length + ")");
      }
    } catch (MrtFault fault) {
      if (fault.offset() != next) {
        throw new AssertionError("fault (expected: at byte " + next + ")", fault);
      }
    } catch (IOException fault) {
      // the file itself cannot be read
    }
  }

  private static void account(MrtRecord record, Printed printed, StringBuilder lines) {
    if (!lines.isEmpty() && lines.charAt(lines.length() - 1) != '\n') {
      throw new AssertionError("a line without end: " + lines);
    }
    if (printed.lines() != lines.chars().filter(one -> one == '\n').count()) {
      throw new AssertionError(printed + " (expected: as many lines as in " + lines + ")");
    }
    boolean silent = printed.lines() == 0 && printed.skipped().isEmpty();
    if (silent && printed.problems().isEmpty() && !(record instanceof MrtRecord.PeerIndex)) {
      throw new AssertionError("left out without a word: " + record);
    }
    if (record instanceof MrtRecord.Rib rib
        && printed.lines() + printed.problems().size() < rib.entries().size()) {
      throw new AssertionError("entries left out without a word: " + record);
    }
  }
}

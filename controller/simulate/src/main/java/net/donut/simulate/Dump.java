package net.donut.simulate;

import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import net.donut.model.FileFailure;
import net.donut.wire.mrt.MrtFault;
import net.donut.wire.mrt.MrtReader;
import net.donut.wire.mrt.MrtRecord;
import org.jspecify.annotations.Nullable;

/// An MRT file being read; what goes wrong is told with the file's name.
final class Dump implements AutoCloseable {
  private final Path file;
  private final Counting raw;
  private final long size;
  private final MrtReader reader;

  private Dump(Path file, Counting raw) throws IOException {
    this.file = file;
    this.raw = raw;
    this.size = Files.size(file);
    this.reader = MrtReader.of(raw);
  }

  /// Counts the bytes of the file that were taken.
  private static final class Counting extends FilterInputStream {
    private long taken;

    Counting(InputStream in) {
      super(in);
    }

    @Override
    public int read() throws IOException {
      int one = in.read();
      taken += one < 0 ? 0 : 1;
      return one;
    }

    @Override
    public int read(byte[] into, int offset, int length) throws IOException {
      int count = in.read(into, offset, length);
      taken += Math.max(0, count);
      return count;
    }
  }

  /// Throws [BadInput] when there is no such file or it cannot be read.
  static Dump open(Path file) {
    if (!Files.exists(file)) {
      throw new BadInput(file + ": no such file (expected: an MRT dump)");
    }
    if (Files.isDirectory(file)) {
      throw new BadInput(file + ": is a directory (expected: an MRT dump)");
    }
    try {
      Counting raw = new Counting(Files.newInputStream(file));
      try {
        return new Dump(file, raw);
      } catch (IOException | RuntimeException e) {
        raw.close();
        throw e;
      }
    } catch (IOException e) {
      throw new BadInput(file + ": " + FileFailure.reason(e) + " (expected: a readable MRT dump)");
    }
  }

  /// The next record, null at the end. Throws [BadInput] naming record and offset when the rest
  /// cannot be read.
  @Nullable MrtRecord next() {
    try {
      return reader.next();
    } catch (MrtFault fault) {
      throw new BadInput(file + ": " + fault.getMessage());
    }
  }

  /// Where a record stands, for people.
  String place(MrtRecord record) {
    return "%s: record %d at byte %d"
        .formatted(file, record.header().number(), record.header().offset());
  }

  /// That there is no record in the file, for people.
  String emptiness() {
    return size == 0
        ? file + ": no record: the file is empty (expected: an MRT dump)"
        : "%s: no record in its %d bytes (expected: an MRT dump)".formatted(file, size);
  }

  Path file() {
    return file;
  }

  /// How much of the file was read, 0..1.
  double share() {
    return size == 0 ? 1 : Math.min(1, (double) raw.taken / size);
  }

  @Override
  public void close() {
    try {
      reader.close();
    } catch (IOException e) {
      throw new BadInput(file + ": " + FileFailure.reason(e) + " (expected: a readable MRT dump)");
    }
  }
}

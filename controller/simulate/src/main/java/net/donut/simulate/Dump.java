package net.donut.simulate;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import net.donut.wire.mrt.MrtFault;
import net.donut.wire.mrt.MrtReader;
import net.donut.wire.mrt.MrtRecord;
import org.jspecify.annotations.Nullable;

/// An MRT file being read; what goes wrong is told with the file's name.
final class Dump implements AutoCloseable {
  private final Path file;
  private final MrtReader reader;

  private Dump(Path file, MrtReader reader) {
    this.file = file;
    this.reader = reader;
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
      return new Dump(file, MrtReader.open(file));
    } catch (IOException e) {
      throw new BadInput(file + ": " + e.getMessage() + " (expected: a readable MRT dump)");
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

  long bytesRead() {
    return reader.bytesRead();
  }

  @Override
  public void close() {
    try {
      reader.close();
    } catch (IOException e) {
      throw new BadInput(file + ": " + e.getMessage() + " (expected: a readable MRT dump)");
    }
  }
}

package net.donut.wire.mrt;

import io.netty.buffer.Unpooled;
import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.HexFormat;
import net.donut.wire.mrt.MrtRecord.Header;
import org.jspecify.annotations.Nullable;

/// Reads an MRT dump record by record, whatever its compression. Holds one record at a time. Used
/// by one thread at a time.
public final class MrtReader implements AutoCloseable {
  private static final int HEADER_BYTES = 12;

  /// No real record comes near; a larger length means that the framing is lost.
  private static final int MAX_RECORD_BYTES = 1 << 26;

  private final BufferedInputStream in;
  private final Compression compression;
  private byte[] body = new byte[1 << 16];
  private long offset;
  private long number;

  private MrtReader(BufferedInputStream in, Compression compression) {
    this.in = in;
    this.compression = compression;
  }

  /// Opens a file; throws IOException as [Files#newInputStream] does.
  public static MrtReader open(Path file) throws IOException {
    InputStream raw = Files.newInputStream(file);
    try {
      return of(raw);
    } catch (IOException | RuntimeException e) {
      raw.close();
      throw e;
    }
  }

  /// Reads a stream, plain or compressed with gzip, bzip2 or xz; closing the reader closes it.
  public static MrtReader of(InputStream in) throws IOException {
    var raw = new BufferedInputStream(in, Compression.BUFFER_BYTES);
    Compression compression = Compression.of(Compression.peek(raw, Compression.MAGIC_BYTES));
    return new MrtReader(compression.open(raw), compression);
  }

  /// The next record, null at the end. Throws [MrtFault] when the dump is cut or no longer framed,
  /// and at the first record when it is something else than a dump.
  public @Nullable MrtRecord next() {
    if (number == 0) {
      requireMrt();
    }
    byte[] head = new byte[HEADER_BYTES];
    int read = fill(head, HEADER_BYTES);
    if (read == 0) {
      return null;
    }
    if (read < HEADER_BYTES) {
      throw fault("header of " + read + " bytes (expected: " + HEADER_BYTES + ")");
    }
    long length = Unpooled.wrappedBuffer(head).getUnsignedInt(8);
    boolean foreign = number == 0 && !isKnownType(head);
    if (length > MAX_RECORD_BYTES && foreign) {
      throw foreign(head);
    }
    if (length > MAX_RECORD_BYTES) {
      throw fault("record length: " + length + " (expected: at most " + MAX_RECORD_BYTES + ")");
    }
    int present = readBody((int) length);
    if (present < length && foreign) {
      throw foreign(head);
    }
    if (present < length) {
      throw fault("record of " + present + " bytes (expected: " + length + ")");
    }
    number++;
    MrtRecord record = RecordDecoder.decode(header(head, length), body, (int) length);
    offset += HEADER_BYTES + length;
    return record;
  }

  private void requireMrt() {
    String kind;
    try {
      kind = Lookalike.of(Compression.peek(in, Lookalike.BYTES));
    } catch (IOException e) {
      throw fault("stream: " + e.getMessage());
    }
    if (kind != null) {
      throw foreign("looks like " + kind);
    }
  }

  private MrtFault foreign(byte[] head) {
    return foreign("begins with " + HexFormat.ofDelimiter(" ").formatHex(head));
  }

  private MrtFault foreign(String what) {
    String within = compression == Compression.NONE ? "" : " within " + compression.word();
    return MrtFault.foreign(what + within + " (expected: plain, gzip, bzip2 or xz)");
  }

  private static boolean isKnownType(byte[] head) {
    return RecordNames.isKnownType(Unpooled.wrappedBuffer(head).getUnsignedShort(4));
  }

  private Header header(byte[] head, long length) {
    var fields = Unpooled.wrappedBuffer(head);
    return new Header(
        number,
        offset,
        fields.getUnsignedInt(0),
        0,
        fields.getUnsignedShort(4),
        fields.getUnsignedShort(6),
        length);
  }

  /// Fills the body as far as the stream goes; grows it only as bytes arrive, so that a wrong
  /// length costs no memory.
  private int readBody(int length) {
    int have = 0;
    while (have < length) {
      if (have == body.length) {
        body = Arrays.copyOf(body, Math.min(length, 2 * body.length));
      }
      int step = Math.min(length, body.length) - have;
      int read = fill(body, have, step);
      have += read;
      if (read < step) {
        break;
      }
    }
    return have;
  }

  private int fill(byte[] into, int count) {
    return fill(into, 0, count);
  }

  private int fill(byte[] into, int at, int count) {
    try {
      return in.readNBytes(into, at, count);
    } catch (IOException e) {
      throw fault("stream: " + e.getMessage() + " (expected: a whole record)");
    }
  }

  private MrtFault fault(String what) {
    return new MrtFault(number + 1, offset, what);
  }

  /// How many records were read.
  public long recordCount() {
    return number;
  }

  /// How many bytes of the decompressed stream the records took.
  public long bytesRead() {
    return offset;
  }

  @Override
  public void close() throws IOException {
    in.close();
  }
}

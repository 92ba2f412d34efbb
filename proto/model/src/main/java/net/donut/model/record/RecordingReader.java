package net.donut.model.record;

import java.io.BufferedInputStream;
import java.io.DataInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Arrays;
import net.donut.model.FileFailure;
import org.jspecify.annotations.Nullable;

/// Reads the entries of a recording one after the other. Owned by one thread.
public final class RecordingReader implements AutoCloseable {
  /*
   * The format. Numbers are unsigned, seven bits a byte, the lowest first, and the highest bit of each
   * byte says that another follows. A text is its number of bytes and then UTF-8.
   *
   *   "donutrec"                        eight bytes of ASCII
   *   1                                 version of this format
   *   owner, version, program, started  text, number, text, number (milliseconds since 1970)
   *   entries until the end of the file:
   *     0, nanos                        the clock was read; nanos since it was read before
   *     kind, length, content           one input
   *
   * A program that dies may leave the last entry cut; the reader then ends before it.
   */

  static final byte[] MAGIC = "donutrec".getBytes(StandardCharsets.US_ASCII);
  static final int FORMAT = 1;
  static final int TIME = 0;

  /// The longest content of an input.
  static final int MOST_BYTES = 16 << 20;

  private static final int MOST_TEXT_BYTES = 1024;

  private final DataInputStream in;
  private final RecordingHeader header;
  private long nanos;
  private boolean cut;

  /// Reads the header. Throws [RecordingException] when it is none.
  public RecordingReader(InputStream in) {
    this.in = new DataInputStream(new BufferedInputStream(in));
    try {
      header = readHeader();
    } catch (EOFException e) {
      throw new RecordingException("recording: ends within its header", e);
    } catch (IOException e) {
      throw new RecordingException("recording: " + FileFailure.reason(e), e);
    }
  }

  public static RecordingReader open(Path file) {
    try {
      return new RecordingReader(Files.newInputStream(file));
    } catch (IOException e) {
      throw new RecordingException(file + ": " + FileFailure.reason(e), e);
    } catch (RecordingException e) {
      throw new RecordingException(file + ": " + e.getMessage(), e);
    }
  }

  private RecordingHeader readHeader() throws IOException {
    byte[] magic = in.readNBytes(MAGIC.length);
    if (!Arrays.equals(magic, MAGIC)) {
      throw new RecordingException("no recording (expected: a file that begins with 'donutrec')");
    }
    long format = number();
    if (format != FORMAT) {
      throw new RecordingException("recording format: " + format + " (expected: " + FORMAT + ")");
    }
    String owner = text();
    long version = number();
    String program = text();
    long startedMillis = number();
    if (version < 1 || version > Integer.MAX_VALUE) {
      throw new RecordingException("recording version: " + version + " (expected: 1 or more)");
    }
    return new RecordingHeader(owner, (int) version, program, Instant.ofEpochMilli(startedMillis));
  }

  public RecordingHeader header() {
    return header;
  }

  /// The header, if the recording is one of that owner in a version up to that one. Throws
  /// [RecordingException] otherwise.
  public RecordingHeader require(String owner, int newestVersion) {
    if (!header.owner().equals(owner) || header.version() > newestVersion) {
      throw new RecordingException(
          "recording of "
              + header.owner()
              + " in version "
              + header.version()
              + " (expected: one of "
              + owner
              + " in a version up to "
              + newestVersion
              + ")");
    }
    return header;
  }

  /// The next entry, or null at the end.
  public @Nullable RecordedEntry next() {
    try {
      int first = in.read();
      if (first < 0) {
        return null;
      }
      return entry(number(first));
    } catch (EOFException e) {
      cut = true;
      return null;
    } catch (IOException e) {
      throw new RecordingException("recording: " + FileFailure.reason(e), e);
    }
  }

  private RecordedEntry entry(long kind) throws IOException {
    if (kind == TIME) {
      nanos += number();
      return new RecordedEntry.Time(nanos);
    }
    if (kind < 0 || kind > Integer.MAX_VALUE) {
      throw new RecordingException("kind: " + kind + " (expected: 0.." + Integer.MAX_VALUE + ")");
    }
    return new RecordedEntry.Input((int) kind, ByteBuffer.wrap(bytes(MOST_BYTES)));
  }

  /// Whether the last entry was not complete.
  public boolean isCut() {
    return cut;
  }

  private String text() throws IOException {
    return new String(bytes(MOST_TEXT_BYTES), StandardCharsets.UTF_8);
  }

  private byte[] bytes(int most) throws IOException {
    long length = number();
    if (length < 0 || length > most) {
      throw new RecordingException("length: " + length + " (expected: 0.." + most + ")");
    }
    byte[] bytes = in.readNBytes((int) length);
    if (bytes.length < length) {
      throw new EOFException();
    }
    return bytes;
  }

  private long number() throws IOException {
    return number(in.readUnsignedByte());
  }

  private long number(int first) throws IOException {
    long value = first & 0x7f;
    int more = first;
    for (int shift = 7; (more & 0x80) != 0; shift += 7) {
      if (shift > 63) {
        throw new RecordingException("number: longer than 64 bits");
      }
      more = in.readUnsignedByte();
      value |= (long) (more & 0x7f) << shift;
    }
    return value;
  }

  @Override
  public void close() {
    try {
      in.close();
    } catch (IOException e) {
      throw new RecordingException("recording: " + FileFailure.reason(e), e);
    }
  }
}

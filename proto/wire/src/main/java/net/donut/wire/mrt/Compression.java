package net.donut.wire.mrt;

import java.io.BufferedInputStream;
import java.io.EOFException;
import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.util.Arrays;
import org.apache.commons.compress.compressors.bzip2.BZip2CompressorInputStream;
import org.jspecify.annotations.Nullable;
import org.tukaani.xz.XZInputStream;

/// How a stream is compressed, which its first bytes tell.
enum Compression {
  NONE("", ""),
  GZIP("gzip", "\u001f\u008b"),
  BZIP2("bzip2", "BZh"),
  XZ("xz", "\u00fd7zXZ\0");

  /// How many bytes are needed to know.
  static final int MAGIC_BYTES = 6;

  static final int BUFFER_BYTES = 1 << 16;

  /// The header of an xz stream says how large a window it wants; `xz -9` takes 65 MiB.
  private static final int MOST_XZ_KIB = 128 << 10;

  private final String word;

  /// The first bytes, a character each.
  private final String magic;

  Compression(String word, String magic) {
    this.word = word;
    this.magic = magic;
  }

  String word() {
    return word;
  }

  /// Finds out by the first bytes: gzip, bzip2 and xz are recognized, anything else is taken as it
  /// is.
  static Compression of(byte[] first) {
    if (BZIP2.begins(first)) {
      return isBzip2(first) ? BZIP2 : NONE;
    }
    return GZIP.begins(first) ? GZIP : XZ.begins(first) ? XZ : NONE;
  }

  /// `BZh` is the time of records of April 2005 as well: behind it come the block size and the
  /// begin of a block, or of the end.
  private static boolean isBzip2(byte[] first) {
    if (first.length < MAGIC_BYTES) {
      return true;
    }
    boolean block = first[4] == 0x31 && first[5] == 0x41;
    boolean end = first[4] == 0x17 && first[5] == 0x72;
    return first[3] >= '1' && first[3] <= '9' && (block || end);
  }

  private boolean begins(byte[] bytes) {
    if (bytes.length < magic.length()) {
      return false;
    }
    for (int i = 0; i < magic.length(); i++) {
      if ((bytes[i] & 0xff) != magic.charAt(i)) {
        return false;
      }
    }
    return true;
  }

  /// The decompressed stream. It throws nothing before it is read, hands out everything that comes
  /// before a fault, and names the compression in its message.
  BufferedInputStream open(InputStream in) {
    InputStream plain =
        switch (this) {
          case NONE -> in;
          case GZIP -> new GzipMembers(in);
          case BZIP2 ->
              new Opening(
                  word, in, raw -> new ToTheFault(new BZip2CompressorInputStream(raw, true)));
          case XZ -> new Opening(word, in, raw -> new XZInputStream(raw, MOST_XZ_KIB));
        };
    return plain instanceof BufferedInputStream buffered
        ? buffered
        : new BufferedInputStream(plain, BUFFER_BYTES);
  }

  /// The first bytes of a stream, which stay to be read; fewer where it ends or fails before.
  static byte[] peek(BufferedInputStream in, int count) throws IOException {
    in.mark(count);
    byte[] first = new byte[count];
    int have = 0;
    try {
      int read = in.read(first, 0, count);
      while (read > 0) {
        have += read;
        read = in.read(first, have, count - have);
      }
    } catch (IOException _) {
      // Whoever reads on meets it again, after what came before it.
    }
    in.reset();
    return Arrays.copyOf(first, have);
  }

  private interface Decompressor {
    InputStream of(InputStream raw) throws IOException;
  }

  /// Begins to decompress at the first read, and says whose fault a fault is.
  private static final class Opening extends InputStream {
    private final String word;
    private final InputStream raw;
    private final Decompressor decompressor;
    private @Nullable InputStream opened;
    private @Nullable IOException failure;

    Opening(String word, InputStream raw, Decompressor decompressor) {
      this.word = word;
      this.raw = raw;
      this.decompressor = decompressor;
    }

    @Override
    public int read() throws IOException {
      byte[] one = new byte[1];
      return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
    }

    @Override
    public int read(byte[] into, int offset, int length) throws IOException {
      if (failure != null) {
        throw failure;
      }
      try {
        InputStream in = opened;
        if (in == null) {
          in = decompressor.of(raw);
          opened = in;
        }
        return in.read(into, offset, length);
      } catch (EOFException e) {
        failure = new IOException(word + ": cut within its data", e);
      } catch (IOException e) {
        failure = new IOException(word + ": " + e.getMessage(), e);
      } catch (IndexOutOfBoundsException e) {
        // The decompressor of bzip2 does not check every index that a stream gives it.
        failure = new IOException(word + ": damaged block: " + e.getMessage(), e);
      }
      throw failure;
    }

    @Override
    public void close() throws IOException {
      InputStream in = opened;
      (in == null ? raw : in).close();
    }
  }

  /// Hands out everything that came before an error, where the decompressor would drop what it had
  /// of the same read.
  private static final class ToTheFault extends FilterInputStream {
    private @Nullable IOException pending;

    ToTheFault(InputStream in) {
      super(in);
    }

    @Override
    public int read(byte[] into, int offset, int length) throws IOException {
      if (pending != null) {
        throw pending;
      }
      int count = 0;
      while (count < length) {
        int next;
        try {
          next = in.read();
        } catch (IOException | IndexOutOfBoundsException e) {
          IOException failure =
              e instanceof IOException known
                  ? known
                  : new IOException("damaged block: " + e.getMessage(), e);
          if (count == 0) {
            throw failure;
          }
          pending = failure;
          return count;
        }
        if (next < 0) {
          return count == 0 ? -1 : count;
        }
        into[offset + count++] = (byte) next;
      }
      return count;
    }
  }
}

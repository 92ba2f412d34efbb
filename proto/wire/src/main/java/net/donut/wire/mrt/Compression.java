package net.donut.wire.mrt;

import java.io.BufferedInputStream;
import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.util.zip.GZIPInputStream;
import org.apache.commons.compress.compressors.bzip2.BZip2CompressorInputStream;
import org.jspecify.annotations.Nullable;
import org.tukaani.xz.XZInputStream;

/// Finds out by its first bytes how a stream is compressed.
final class Compression {
  private static final int BUFFER_BYTES = 1 << 16;
  private static final int MAGIC_BYTES = 6;

  /// The header of an xz stream says how large a window it wants; `xz -9` takes 65 MiB.
  private static final int MOST_XZ_KIB = 128 << 10;

  private Compression() {}

  /// The decompressed stream: gzip, bzip2 and xz are recognized, anything else is taken as it is.
  static InputStream open(InputStream raw) throws IOException {
    BufferedInputStream in = new BufferedInputStream(raw, BUFFER_BYTES);
    in.mark(MAGIC_BYTES);
    byte[] magic = in.readNBytes(MAGIC_BYTES);
    in.reset();
    if (startsWith(magic, 0x1f, 0x8b)) {
      return buffered(new GZIPInputStream(in, BUFFER_BYTES));
    }
    if (startsWith(magic, 'B', 'Z', 'h')) {
      return buffered(bzip2(in));
    }
    if (startsWith(magic, 0xfd, '7', 'z', 'X', 'Z', 0)) {
      return buffered(new XZInputStream(in, MOST_XZ_KIB));
    }
    return in;
  }

  private static InputStream bzip2(InputStream in) throws IOException {
    try {
      return new Whole(new BZip2CompressorInputStream(in, true));
    } catch (IndexOutOfBoundsException e) {
      throw damaged(e);
    }
  }

  /// The decompressor of bzip2 does not check every index that a stream gives it.
  private static IOException damaged(IndexOutOfBoundsException cause) {
    return new IOException("bzip2: damaged block: " + cause.getMessage(), cause);
  }

  private static InputStream buffered(InputStream in) {
    return new BufferedInputStream(in, BUFFER_BYTES);
  }

  private static boolean startsWith(byte[] bytes, int... magic) {
    if (bytes.length < magic.length) {
      return false;
    }
    for (int i = 0; i < magic.length; i++) {
      if ((bytes[i] & 0xff) != magic[i]) {
        return false;
      }
    }
    return true;
  }

  /// Hands out everything that came before an error, where the decompressor would drop what it had
  /// of the same read.
  private static final class Whole extends FilterInputStream {
    private @Nullable IOException pending;

    Whole(InputStream in) {
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
          next = one();
        } catch (IOException e) {
          if (count == 0) {
            throw e;
          }
          pending = e;
          return count;
        }
        if (next < 0) {
          return count == 0 ? -1 : count;
        }
        into[offset + count++] = (byte) next;
      }
      return count;
    }

    private int one() throws IOException {
      try {
        return in.read();
      } catch (IndexOutOfBoundsException e) {
        throw damaged(e);
      }
    }
  }
}

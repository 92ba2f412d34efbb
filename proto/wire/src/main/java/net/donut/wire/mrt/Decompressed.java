package net.donut.wire.mrt;

import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;

/// Streams as they were before gzip, bzip2 or xz, which their first bytes tell; others as they are.
/// All members of a file are read, and one that is cut or damaged is an IOException that says
/// which.
public final class Decompressed {
  private Decompressed() {}

  /// Closing what is returned closes `in`.
  public static InputStream of(InputStream in) throws IOException {
    BufferedInputStream raw = new BufferedInputStream(in, Compression.BUFFER_BYTES);
    return Compression.of(Compression.peek(raw, Compression.MAGIC_BYTES)).open(raw);
  }
}

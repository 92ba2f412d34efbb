package net.donut.wire.mrt;

import java.io.IOException;
import java.io.InputStream;
import java.util.zip.CRC32;
import java.util.zip.DataFormatException;
import java.util.zip.Inflater;
import org.jspecify.annotations.Nullable;

/// The members of a gzip file, one behind the other, decompressed (RFC 1952). Used by one thread at
/// a time.
///
/// Everything before a fault is handed out; the fault comes after it, and again at every further
/// read. A file ends after a member, or after zeros behind it, as tapes and block devices leave
/// them. Where the JDK's own stream ends in silence, at a second member that is cut within its
/// header or is none, this one says so.
final class GzipMembers extends InputStream {
  private static final int HEADER_CRC = 2;
  private static final int EXTRA = 4;
  private static final int NAME = 8;
  private static final int COMMENT = 16;
  private static final int DEFLATE = 8;

  private final InputStream in;
  private final Inflater inflater = new Inflater(true);
  private final CRC32 crc = new CRC32();
  private final byte[] buffer = new byte[1 << 16];
  private int at;
  private int limit;
  private long bufferStart;
  private int member;
  private long memberStart;
  private boolean inMember;
  private @Nullable IOException failure;

  GzipMembers(InputStream in) {
    this.in = in;
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
    if (length == 0) {
      return 0;
    }
    try {
      return inflate(into, offset, length);
    } catch (IOException e) {
      failure = e;
      throw e;
    }
  }

  private int inflate(byte[] into, int offset, int length) throws IOException {
    while (inMember || begin()) {
      long before = inflater.getBytesWritten();
      int count;
      try {
        count = inflater.inflate(into, offset, length);
      } catch (DataFormatException e) {
        failure = fault("damaged: " + e.getMessage());
        count = (int) (inflater.getBytesWritten() - before);
        if (count == 0) {
          throw failure;
        }
      }
      at = limit - inflater.getRemaining();
      if (count > 0) {
        crc.update(into, offset, count);
        return count;
      }
      if (inflater.finished()) {
        end();
      } else if (inflater.needsDictionary()) {
        throw fault("wants a preset dictionary (expected: none)");
      } else if (fill()) {
        inflater.setInput(buffer, at, limit - at);
      } else {
        throw fault("cut within its data");
      }
    }
    return -1;
  }

  /// Reads the header of the next member; false at the end of the file.
  private boolean begin() throws IOException {
    int first = next();
    while (first == 0 && member > 0) {
      first = next();
    }
    if (first < 0 && member > 0) {
      return false;
    }
    member++;
    memberStart = position() - 1;
    if (first != 0x1f || next() != 0x8b) {
      throw member == 1
          ? fault("no header")
          : new IOException(
              "gzip: neither a member nor zeros at byte %d of the file, after member %d"
                  .formatted(memberStart, member - 1));
    }
    int method = header();
    if (method != DEFLATE) {
      throw fault("method: " + method + " (expected: 8)");
    }
    int flags = header();
    skip(6); // time, extra flags, system
    if ((flags & EXTRA) != 0) {
      skip(header() | header() << 8);
    }
    if ((flags & NAME) != 0) {
      skipText();
    }
    if ((flags & COMMENT) != 0) {
      skipText();
    }
    if ((flags & HEADER_CRC) != 0) {
      skip(2);
    }
    inflater.reset();
    inflater.setInput(buffer, at, limit - at);
    crc.reset();
    inMember = true;
    return true;
  }

  private void end() throws IOException {
    long expectedCrc = trailer();
    long expectedSize = trailer();
    if (expectedCrc != crc.getValue()) {
      throw fault("damaged: checksum %08x (expected: %08x)".formatted(crc.getValue(), expectedCrc));
    }
    long size = inflater.getBytesWritten() & 0xffff_ffffL;
    if (expectedSize != size) {
      throw fault("damaged: %d bytes (expected: %d)".formatted(size, expectedSize));
    }
    inMember = false;
  }

  private long trailer() throws IOException {
    long value = 0;
    for (int shift = 0; shift < 32; shift += 8) {
      int one = next();
      if (one < 0) {
        throw fault("cut within its checksum");
      }
      value |= (long) one << shift;
    }
    return value;
  }

  private int header() throws IOException {
    int one = next();
    if (one < 0) {
      throw fault("cut within its header");
    }
    return one;
  }

  private void skip(int count) throws IOException {
    for (int i = 0; i < count; i++) {
      int _ = header();
    }
  }

  private void skipText() throws IOException {
    while (header() != 0) {
      // the name of the file that was compressed, or a comment
    }
  }

  private IOException fault(String what) {
    return new IOException(
        "gzip member %d, at byte %d of the file: %s".formatted(member, memberStart, what));
  }

  private int next() throws IOException {
    return at < limit || fill() ? buffer[at++] & 0xff : -1;
  }

  private boolean fill() throws IOException {
    bufferStart += limit;
    at = 0;
    limit = 0;
    limit = Math.max(0, in.read(buffer));
    return limit > 0;
  }

  private long position() {
    return bufferStart + at;
  }

  @Override
  public void close() throws IOException {
    inflater.end();
    in.close();
  }
}

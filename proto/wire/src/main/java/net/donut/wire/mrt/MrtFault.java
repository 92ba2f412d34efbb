package net.donut.wire.mrt;

import java.io.Serial;

/// A dump that cannot be read further: it is cut, no longer framed, or none at all. Everything
/// before was delivered.
public final class MrtFault extends RuntimeException {
  @Serial private static final long serialVersionUID = 1;

  private final long recordNumber;
  private final long offset;

  private MrtFault(String message) {
    super(message);
    this.recordNumber = 1;
    this.offset = 0;
  }

  /// A file that is not a dump at all.
  static MrtFault foreign(String what) {
    return new MrtFault("not an MRT dump: " + what);
  }

  MrtFault(long recordNumber, long offset, String what) {
    super("record " + recordNumber + " at byte " + offset + ": " + what);
    this.recordNumber = recordNumber;
    this.offset = offset;
  }

  /// The number of the record that cannot be read, from 1.
  public long recordNumber() {
    return recordNumber;
  }

  /// Where that record begins, in bytes of the decompressed stream.
  public long offset() {
    return offset;
  }
}

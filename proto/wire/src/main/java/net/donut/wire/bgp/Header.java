package net.donut.wire.bgp;

import io.netty.buffer.ByteBuf;

/// The 19 bytes before every message: marker, length, type (RFC 4271 §4.1).
final class Header {
  static final int BYTES = 19;
  static final int MAX_BYTES = 4096;

  static final int OPEN = 1;
  static final int UPDATE = 2;
  static final int NOTIFICATION = 3;
  static final int KEEPALIVE = 4;
  static final int ROUTE_REFRESH = 5;

  private static final int LENGTH_OFFSET = 16;

  private Header() {}

  /// Reads the header of the message that fills `in`; returns the type. RFC 4271 §6.1.
  static int read(ByteBuf in, int maxBytes) {
    int available = in.readableBytes();
    if (available < BYTES) {
      throw badLength(available, "at least " + BYTES);
    }
    long first = in.readLong();
    long second = in.readLong();
    if (first != -1 || second != -1) {
      throw MessageFaults.header(
          MessageFaults.CONNECTION_NOT_SYNCHRONIZED,
          MessageFaults.NO_DATA,
          "marker: (expected: all ones)");
    }
    int length = in.readUnsignedShort();
    int type = in.readUnsignedByte();
    if (type < OPEN || type > ROUTE_REFRESH) {
      throw MessageFaults.header(
          MessageFaults.BAD_MESSAGE_TYPE,
          new byte[] {(byte) type},
          "message type: " + type + " (expected: 1..5)");
    }
    int least = minBytes(type);
    int most = maxBytes(type, maxBytes);
    if (length < least || length > most) {
      throw badLength(length, least + ".." + most);
    }
    if (length != available) {
      throw badLength(length, "the " + available + " bytes received");
    }
    return type;
  }

  private static int minBytes(int type) {
    return switch (type) {
      case OPEN -> 29;
      case UPDATE -> 23;
      case NOTIFICATION -> 21;
      default -> BYTES;
    };
  }

  private static int maxBytes(int type, int maxBytes) {
    return switch (type) {
      case OPEN -> Math.min(maxBytes, MAX_BYTES);
      case KEEPALIVE -> BYTES;
      default -> maxBytes;
    };
  }

  private static BgpFault badLength(int length, String expected) {
    return MessageFaults.header(
        MessageFaults.BAD_MESSAGE_LENGTH,
        new byte[] {(byte) (length >>> 8), (byte) length},
        "message length: " + length + " (expected: " + expected + ")");
  }

  /// Begins a message; returns where it begins, for [#finish].
  static int begin(int type, ByteBuf out) {
    int start = out.writerIndex();
    out.writeLong(-1).writeLong(-1).writeShort(0).writeByte(type);
    return start;
  }

  /// Fills in the length of the message that began at `start` and ends here.
  static void finish(int start, ByteBuf out) {
    out.setShort(start + LENGTH_OFFSET, out.writerIndex() - start);
  }
}

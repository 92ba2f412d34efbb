package net.donut.netlink;

import static net.donut.netlink.RtNetlink.HEADER_BYTES;
import static net.donut.netlink.RtNetlink.NLA_F_NESTED;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;
import net.donut.model.Family;
import net.donut.model.IpAddress;

/// Writes netlink messages in place into native memory, one after the other; allocates nothing.
/// Owned by the thread that owns the memory.
final class MessageWriter {
  static final ValueLayout.OfByte U8 = ValueLayout.JAVA_BYTE;
  static final ValueLayout.OfShort U16 = ValueLayout.JAVA_SHORT_UNALIGNED;
  static final ValueLayout.OfInt U32 = ValueLayout.JAVA_INT_UNALIGNED;
  static final ValueLayout.OfInt BE32 =
      ValueLayout.JAVA_INT_UNALIGNED.withOrder(ByteOrder.BIG_ENDIAN);
  static final ValueLayout.OfLong BE64 =
      ValueLayout.JAVA_LONG_UNALIGNED.withOrder(ByteOrder.BIG_ENDIAN);
  static final ValueLayout.OfShort BE16 =
      ValueLayout.JAVA_SHORT_UNALIGNED.withOrder(ByteOrder.BIG_ENDIAN);

  private final MemorySegment buffer;
  private long position;
  private long messageStart;

  MessageWriter(MemorySegment buffer) {
    this.buffer = buffer;
  }

  void clear() {
    position = 0;
    messageStart = 0;
  }

  long position() {
    return position;
  }

  long remaining() {
    return buffer.byteSize() - position;
  }

  MessageWriter begin(int type, int flags, int sequence) {
    messageStart = position;
    buffer.set(U16, position + 4, (short) type);
    buffer.set(U16, position + 6, (short) flags);
    buffer.set(U32, position + 8, sequence);
    buffer.set(U32, position + 12, 0);
    position += HEADER_BYTES;
    return this;
  }

  /// Ends the message begun last; its length is known now.
  void end() {
    buffer.set(U32, messageStart, (int) (position - messageStart));
  }

  /// Asks for an answer to the message written last even when it succeeds.
  void requestAck() {
    short flags = buffer.get(U16, messageStart + 6);
    buffer.set(U16, messageStart + 6, (short) (flags | RtNetlink.NLM_F_ACK));
  }

  MessageWriter u8(int value) {
    buffer.set(U8, position, (byte) value);
    position += 1;
    return this;
  }

  MessageWriter u16(int value) {
    buffer.set(U16, position, (short) value);
    position += 2;
    return this;
  }

  MessageWriter u32(int value) {
    buffer.set(U32, position, value);
    position += 4;
    return this;
  }

  MessageWriter attributeFlag(int type) {
    return attributeHeader(type, 0);
  }

  MessageWriter attributeU8(int type, int value) {
    return attributeHeader(type, 1).u8(value).pad();
  }

  MessageWriter attributeU16(int type, int value) {
    return attributeHeader(type, 2).u16(value).pad();
  }

  /// A 16-bit attribute in network order, such as a port.
  MessageWriter attributeBe16(int type, int value) {
    attributeHeader(type, 2);
    buffer.set(BE16, position, (short) value);
    position += 2;
    return pad();
  }

  MessageWriter attributeU32(int type, int value) {
    return attributeHeader(type, 4).u32(value);
  }

  MessageWriter attributeAddress(int type, IpAddress address) {
    return attributeAddress(type, address.family(), address.high(), address.low());
  }

  /// An address in network order: 4 or 16 bytes.
  MessageWriter attributeAddress(int type, Family family, long high, long low) {
    if (family == Family.IPV4) {
      attributeHeader(type, 4);
      buffer.set(BE32, position, (int) (high >>> 32));
      position += 4;
    } else {
      attributeHeader(type, 16);
      buffer.set(BE64, position, high);
      buffer.set(BE64, position + 8, low);
      position += 16;
    }
    return this;
  }

  /// The header of an attribute whose `payload` bytes the caller writes next.
  MessageWriter attributeHeader(int type, int payload) {
    return u16(4 + payload).u16(type);
  }

  /// Begins an attribute made of attributes; the result goes to [#endNested].
  long beginNested(int type) {
    long start = position;
    attributeHeader(type | NLA_F_NESTED, 0);
    return start;
  }

  void endNested(long start) {
    buffer.set(U16, start, (short) (position - start));
  }

  private MessageWriter pad() {
    while ((position & 3) != 0) {
      u8(0);
    }
    return this;
  }
}

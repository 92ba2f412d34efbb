package net.donut.netlink;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.charset.StandardCharsets;
import net.donut.model.Family;
import net.donut.model.IpAddress;

/// A cursor over netlink attributes in native memory; reused, allocates nothing by itself.
///
/// Values shorter than asked for read as 0: the kernel is trusted, the attribute's own length
/// bounds every access.
final class AttributeReader {
  private MemorySegment memory = MemorySegment.NULL;
  private long next;
  private long limit;
  private long value;
  private int length;
  private int type;

  AttributeReader over(MemorySegment segment, long from, long to) {
    memory = segment;
    next = from;
    limit = to;
    return this;
  }

  /// Goes over the attributes inside the one that `parent` stands on.
  AttributeReader overNested(AttributeReader parent) {
    return over(parent.memory, parent.value, parent.value + parent.length);
  }

  /// Moves to the next attribute; false at the end.
  boolean advance() {
    if (limit - next < 4) {
      return false;
    }
    int total = Short.toUnsignedInt(memory.get(MessageWriter.U16, next));
    if (total < 4 || total > limit - next) {
      return false;
    }
    type = memory.get(MessageWriter.U16, next + 2) & RtNetlink.NLA_TYPE_MASK;
    value = next + 4;
    length = total - 4;
    next += (total + 3) & ~3;
    return true;
  }

  int type() {
    return type;
  }

  int length() {
    return length;
  }

  int u8(int offset) {
    return offset < length ? Byte.toUnsignedInt(memory.get(MessageWriter.U8, value + offset)) : 0;
  }

  int u16(int offset) {
    return offset + 2 <= length
        ? Short.toUnsignedInt(memory.get(MessageWriter.U16, value + offset))
        : 0;
  }

  int u16() {
    return u16(0);
  }

  int u32(int offset) {
    return offset + 4 <= length ? memory.get(MessageWriter.U32, value + offset) : 0;
  }

  int u32() {
    return u32(0);
  }

  /// The upper 64 bits of the address at the start of the value, left-aligned.
  long high(Family family) {
    if (family == Family.IPV4) {
      return length >= 4 ? (long) memory.get(MessageWriter.BE32, value) << 32 : 0;
    }
    return length >= 16 ? memory.get(MessageWriter.BE64, value) : 0;
  }

  /// The lower 64 bits of an IPv6 address, 0 for IPv4.
  long low(Family family) {
    return family == Family.IPV6 && length >= 16 ? memory.get(MessageWriter.BE64, value + 8) : 0;
  }

  IpAddress address(Family family) {
    return new IpAddress(family, high(family), low(family));
  }

  /// The value of RTA_VIA: `struct rtvia {u16 family; u8 addr[]}`.
  IpAddress viaAddress() {
    byte[] bytes = memory.asSlice(value + 2, length - 2).toArray(ValueLayout.JAVA_BYTE);
    return IpAddress.ofBytes(bytes);
  }

  String text() {
    byte[] bytes = memory.asSlice(value, length).toArray(ValueLayout.JAVA_BYTE);
    int end = 0;
    while (end < bytes.length && bytes[end] != 0) {
      end++;
    }
    return new String(bytes, 0, end, StandardCharsets.UTF_8);
  }

  /// The bytes as `aa:bb:cc:dd:ee:ff`.
  String hardwareAddress() {
    StringBuilder out = new StringBuilder(3 * length);
    for (int i = 0; i < length; i++) {
      int octet = u8(i);
      out.append(i == 0 ? "" : ":")
          .append(Character.forDigit(octet >> 4, 16))
          .append(Character.forDigit(octet & 15, 16));
    }
    return out.toString();
  }
}

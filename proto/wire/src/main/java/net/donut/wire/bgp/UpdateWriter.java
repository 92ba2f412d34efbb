package net.donut.wire.bgp;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import net.donut.model.Family;
import net.donut.model.IpAddress;
import net.donut.model.PathAttributes;
import net.donut.model.Prefixes;
import org.jspecify.annotations.Nullable;

/// Packs routes into as few UPDATE messages as the size limit of the session allows.
///
/// IPv4 prefixes with an IPv4 next hop go into the classic fields, all others into MP_REACH_NLRI,
/// which comes first (RFC 7606 §5.1); the other attributes follow in ascending order.
public final class UpdateWriter {
  private static final int UNICAST = 1;

  /// The header and the two length fields.
  private static final int FRAME_BYTES = Header.BYTES + 4;

  /// The longest header an attribute can have.
  private static final int ATTRIBUTE_HEADER_BYTES = 4;

  /// AFI, SAFI, next hop length, the reserved byte.
  private static final int REACH_FIXED_BYTES = 5;

  private static final int UNREACH_FIXED_BYTES = 3;

  private UpdateWriter() {}

  /// Appends the UPDATEs that announce `prefixes`, none longer than
  /// [SessionOptions#maxMessageBytes]. Returns how many messages were written: 0 when there are no
  /// prefixes, or when the attributes alone leave no room for a prefix; then the routes cannot be
  /// sent to this neighbor and must be withdrawn (RFC 8654 §4).
  ///
  /// Throws IllegalArgumentException when IPv6 prefixes have an IPv4 next hop.
  public static int announce(
      Prefixes prefixes, PathAttributes attributes, SessionOptions options, ByteBuf out) {
    if (prefixes.family() == Family.IPV6 && attributes.nextHop().family() == Family.IPV4) {
      throw new IllegalArgumentException(
          "next hop of IPv6 prefixes: " + attributes.nextHop() + " (expected: an IPv6 address)");
    }
    boolean classic = attributes.nextHop().family() == Family.IPV4;
    ByteBuf common = out.alloc().heapBuffer(256);
    try {
      AttributeCodecs.writeAll(attributes, classic ? attributes.nextHop() : null, options, common);
      return classic
          ? announceClassic(prefixes, common, options, out)
          : announceReach(prefixes, attributes, common, options, out);
    } finally {
      common.release();
    }
  }

  /// The length of the shortest UPDATE that announces one of `prefixes`, in bytes, whatever the
  /// session allows.
  public static int shortest(
      Prefixes prefixes,
      PathAttributes attributes,
      SessionOptions options,
      ByteBufAllocator alloc) {
    boolean classic = attributes.nextHop().family() == Family.IPV4;
    ByteBuf common = alloc.heapBuffer(256);
    try {
      AttributeCodecs.writeAll(attributes, classic ? attributes.nextHop() : null, options, common);
      int nlri = Nlri.bytes(prefixes, 0, 1, Nlri.PathIds.of(options, prefixes.family()));
      if (classic) {
        return FRAME_BYTES + common.readableBytes() + nlri;
      }
      int reach = REACH_FIXED_BYTES + (attributes.linkLocalNextHop() == null ? 16 : 32) + nlri;
      return FRAME_BYTES + headerBytes(reach) + reach + common.readableBytes();
    } finally {
      common.release();
    }
  }

  private static int announceClassic(
      Prefixes prefixes, ByteBuf common, SessionOptions options, ByteBuf out) {
    var pathIds = Nlri.PathIds.of(options, Family.IPV4);
    int room = options.maxMessageBytes() - FRAME_BYTES - common.readableBytes();
    int beginning = out.writerIndex();
    int messages = 0;
    for (int from = 0; from < prefixes.size(); messages++) {
      int to = Nlri.fit(prefixes, from, room, pathIds);
      if (to == from) {
        out.writerIndex(beginning);
        return 0;
      }
      int start = Header.begin(Header.UPDATE, out);
      out.writeShort(0).writeShort(common.readableBytes());
      append(common, out);
      Nlri.write(prefixes, from, to, pathIds, out);
      Header.finish(start, out);
      from = to;
    }
    return messages;
  }

  private static int announceReach(
      Prefixes prefixes,
      PathAttributes attributes,
      ByteBuf common,
      SessionOptions options,
      ByteBuf out) {
    var pathIds = Nlri.PathIds.of(options, prefixes.family());
    IpAddress linkLocal = attributes.linkLocalNextHop();
    int nextHopBytes = linkLocal == null ? 16 : 32;
    int fixed = REACH_FIXED_BYTES + nextHopBytes;
    int room =
        options.maxMessageBytes()
            - FRAME_BYTES
            - ATTRIBUTE_HEADER_BYTES
            - fixed
            - common.readableBytes();
    int beginning = out.writerIndex();
    int messages = 0;
    for (int from = 0; from < prefixes.size(); messages++) {
      int to = Nlri.fit(prefixes, from, room, pathIds);
      if (to == from) {
        out.writerIndex(beginning);
        return 0;
      }
      int start = Header.begin(Header.UPDATE, out);
      int length = fixed + Nlri.bytes(prefixes, from, to, pathIds);
      out.writeShort(0).writeShort(headerBytes(length) + length + common.readableBytes());
      ValueWriter.header(out, AttributeCodecs.OPTIONAL, AttributeCodecs.MP_REACH_NLRI, length)
          .writeShort(prefixes.family().afi())
          .writeByte(UNICAST)
          .writeByte(nextHopBytes);
      writeIpv6(attributes.nextHop(), out);
      writeIpv6(linkLocal, out);
      out.writeByte(0);
      Nlri.write(prefixes, from, to, pathIds, out);
      append(common, out);
      Header.finish(start, out);
      from = to;
    }
    return messages;
  }

  private static int headerBytes(int attributeLength) {
    return attributeLength > 255 ? 4 : 3;
  }

  private static void writeIpv6(@Nullable IpAddress address, ByteBuf out) {
    if (address != null) {
      out.writeLong(address.high()).writeLong(address.low());
    }
  }

  private static void append(ByteBuf common, ByteBuf out) {
    out.writeBytes(common, common.readerIndex(), common.readableBytes());
  }

  /// Appends the UPDATEs that withdraw `prefixes`; returns how many messages were written.
  public static int withdraw(Prefixes prefixes, SessionOptions options, ByteBuf out) {
    var pathIds = Nlri.PathIds.of(options, prefixes.family());
    boolean classic = prefixes.family() == Family.IPV4;
    int overhead =
        classic ? FRAME_BYTES : FRAME_BYTES + ATTRIBUTE_HEADER_BYTES + UNREACH_FIXED_BYTES;
    int messages = 0;
    for (int from = 0; from < prefixes.size(); messages++) {
      int to = Nlri.fit(prefixes, from, options.maxMessageBytes() - overhead, pathIds);
      int bytes = Nlri.bytes(prefixes, from, to, pathIds);
      int start = Header.begin(Header.UPDATE, out);
      if (classic) {
        out.writeShort(bytes);
        Nlri.write(prefixes, from, to, pathIds, out);
        out.writeShort(0);
      } else {
        writeUnreachHeader(prefixes.family(), bytes, out);
        Nlri.write(prefixes, from, to, pathIds, out);
      }
      Header.finish(start, out);
      from = to;
    }
    return messages;
  }

  /// Appends everything of an UPDATE's body before the NLRI of MP_UNREACH_NLRI.
  private static void writeUnreachHeader(Family family, int nlriBytes, ByteBuf out) {
    int length = UNREACH_FIXED_BYTES + nlriBytes;
    out.writeShort(0).writeShort(headerBytes(length) + length);
    ValueWriter.header(out, AttributeCodecs.OPTIONAL, AttributeCodecs.MP_UNREACH_NLRI, length)
        .writeShort(family.afi())
        .writeByte(UNICAST);
  }

  /// Appends the End-of-RIB marker of a family (RFC 4724 §2).
  public static void endOfRib(Family family, ByteBuf out) {
    int start = Header.begin(Header.UPDATE, out);
    switch (family) {
      case IPV4 -> out.writeInt(0);
      case IPV6 -> writeUnreachHeader(family, 0, out);
    }
    Header.finish(start, out);
  }
}

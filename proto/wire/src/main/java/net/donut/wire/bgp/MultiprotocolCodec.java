package net.donut.wire.bgp;

import io.netty.buffer.ByteBuf;
import net.donut.model.Family;
import net.donut.model.IpAddress;
import org.jspecify.annotations.Nullable;

/// Reads MP_REACH_NLRI and MP_UNREACH_NLRI (RFC 4760). What is wrong with them cannot be contained:
/// their faults end the session (RFC 7606 §5.3, §7.11, §7.12).
final class MultiprotocolCodec {
  /// AFI, SAFI, next hop length, the reserved byte.
  private static final int FIXED_BYTES = 5;

  private static final int UNICAST = 1;

  /// Multicast, and once both at the same time.
  private static final int LAST_MULTICAST = 3;

  private MultiprotocolCodec() {}

  /// The family whose prefixes follow, null when they are none of ours. An archive's multicast
  /// routes are read as well.
  private static @Nullable Family family(int afi, int safi, AttributeSet into) {
    boolean multicast = safi > UNICAST && safi <= LAST_MULTICAST && !into.isSession();
    return Capabilities.family(afi, multicast ? UNICAST : safi);
  }

  private static Complaint malformed(String message) {
    return new Complaint(MessageFaults.OPTIONAL_ATTRIBUTE, message);
  }

  /// RFC 4760 §3, RFC 2545 §3, RFC 8950 §3. A family we do not know is ignored.
  static @Nullable Complaint readReach(ByteBuf in, int length, AttributeSet into) {
    int end = in.readerIndex() + length;
    boolean abbreviated =
        into.source == AttributeSet.Source.ARCHIVED_ENTRY
            && length > 0
            && in.getByte(in.readerIndex()) != 0;
    if (abbreviated) {
      return readAbbreviated(in, length, into);
    }
    if (length < FIXED_BYTES) {
      return malformed("length: " + length + " (expected: at least 5)");
    }
    int afi = in.readUnsignedShort();
    int safi = in.readUnsignedByte();
    Family family = family(afi, safi, into);
    int nextHopLength = in.readUnsignedByte();
    if (nextHopLength > length - FIXED_BYTES) {
      return malformed(
          "next hop bytes: " + (length - FIXED_BYTES) + " (expected: " + nextHopLength + ")");
    }
    if (family == null) {
      return null;
    }
    if (!isNextHopLength(family, nextHopLength)) {
      return badNextHopLength(family, nextHopLength);
    }
    return readReach(in, end, family, safi, nextHopLength, into);
  }

  private static @Nullable Complaint readReach(
      ByteBuf in, int end, Family family, int safi, int nextHopLength, AttributeSet into) {
    IpAddress first = readAddress(in, nextHopLength == 4 ? 4 : 16);
    IpAddress second = nextHopLength == 32 ? readAddress(in, 16) : null;
    in.skipBytes(1); // reserved; the number of SNPAs once
    Nlri.Block nlri = into.readNlri(in, end, family, MessageFaults.OPTIONAL_ATTRIBUTE);
    AttributeSet.Reach reach = reach(first, second, nlri, into.options);
    if (safi == UNICAST) {
      into.reach = reach;
    } else {
      into.multicastReach = reach;
    }
    if (into.isSession() && !isHost(reach.nextHop())) {
      into.fault(
          AttributeSet.Severity.WITHDRAW,
          AttributeCodecs.MP_REACH_NLRI,
          MessageFaults.INVALID_NEXT_HOP,
          "MP_REACH_NLRI next hop: " + reach.nextHop() + " (expected: a host's address)");
    }
    return null;
  }

  private static AttributeSet.Reach reach(
      IpAddress first, @Nullable IpAddress second, Nlri.Block nlri, SessionOptions options) {
    if (second == null) {
      return new AttributeSet.Reach(first, null, nlri);
    }
    NextHopPair pair = NextHopPair.of(first, second, options);
    return new AttributeSet.Reach(pair.nextHop(), pair.linkLocal(), nlri);
  }

  /// RFC 6396 §4.3.4: only the length of the next hop and the next hop.
  private static @Nullable Complaint readAbbreviated(ByteBuf in, int length, AttributeSet into) {
    int nextHopLength = in.readUnsignedByte();
    if (nextHopLength > length - 1
        || (nextHopLength != 4 && !isNextHopLength(Family.IPV6, nextHopLength))) {
      return badNextHopLength(Family.IPV6, nextHopLength);
    }
    IpAddress first = readAddress(in, nextHopLength == 4 ? 4 : 16);
    IpAddress second = nextHopLength == 32 ? readAddress(in, 16) : null;
    into.reach = reach(first, second, Nlri.Block.empty(Family.IPV6), into.options);
    return null;
  }

  private static boolean isNextHopLength(Family family, int length) {
    return length == 16 || length == 32 || (length == 4 && family == Family.IPV4);
  }

  private static Complaint badNextHopLength(Family family, int length) {
    return malformed(
        "next hop length: "
            + length
            + " (expected: "
            + (family == Family.IPV4 ? "4, " : "")
            + "16 or 32)");
  }

  private static IpAddress readAddress(ByteBuf in, int bytes) {
    return bytes == 4
        ? IpAddress.ofIpv4(in.readInt())
        : IpAddress.ofIpv6(in.readLong(), in.readLong());
  }

  static @Nullable Complaint readUnreach(ByteBuf in, int length, AttributeSet into) {
    if (length < 3) {
      return malformed("length: " + length + " (expected: at least 3)");
    }
    int end = in.readerIndex() + length;
    int afi = in.readUnsignedShort();
    int safi = in.readUnsignedByte();
    Family family = family(afi, safi, into);
    if (family == null) {
      return null;
    }
    Nlri.Block nlri = into.readNlri(in, end, family, MessageFaults.OPTIONAL_ATTRIBUTE);
    if (safi == UNICAST) {
      into.unreach = nlri;
    } else {
      into.multicastUnreach = nlri;
    }
    return null;
  }

  /// Whether a packet can be sent to the address: not unspecified, loopback, multicast, reserved.
  static boolean isHost(IpAddress address) {
    if (address.family() == Family.IPV4) {
      int first = address.ipv4() >>> 24;
      return first != 0 && first != 127 && first < 224;
    }
    boolean unspecifiedOrLoopback = address.high() == 0 && (address.low() >>> 1) == 0;
    return !unspecifiedOrLoopback && (address.high() >>> 56) != 0xff;
  }
}

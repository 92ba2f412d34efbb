package net.donut.wire.bgp;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.util.ArrayList;
import java.util.List;
import net.donut.model.Asn;
import net.donut.model.IpAddress;

/// Reads and writes OPEN (RFC 4271 §4.2, §6.2) with optional parameters in the short and in the
/// extended form (RFC 9072).
final class OpenCodec {
  private static final int VERSION = 4;
  private static final int CAPABILITIES = 2;
  private static final int EXTENDED = 255;
  private static final int MAX_SHORT_BYTES = 255;

  private OpenCodec() {}

  /// Reads the body of an OPEN that ends at index `end`.
  static BgpMessage.Open read(ByteBuf in, int end) {
    int version = in.readUnsignedByte();
    int shortAsn = in.readUnsignedShort();
    int holdTimeSeconds = in.readUnsignedShort();
    int routerId = in.readInt();
    if (version != VERSION) {
      throw MessageFaults.open(
          MessageFaults.UNSUPPORTED_VERSION,
          new byte[] {0, VERSION},
          "BGP version: neighbor says " + version + " (expected: " + VERSION + ")");
    }
    List<Capability> capabilities = readParameters(in, end);
    long asn = asn(shortAsn, capabilities);
    check(asn, holdTimeSeconds, routerId);
    return new BgpMessage.Open(
        version, asn, holdTimeSeconds, IpAddress.ofIpv4(routerId), capabilities);
  }

  private static void check(long asn, int holdTimeSeconds, int routerId) {
    if (asn == 0) {
      throw MessageFaults.open(
          MessageFaults.BAD_PEER_AS,
          MessageFaults.NO_DATA,
          "AS: neighbor says 0 (expected: 1..4294967295); check the AS number there"); // RFC 7607
    }
    if (holdTimeSeconds == 1 || holdTimeSeconds == 2) {
      throw MessageFaults.open(
          MessageFaults.UNACCEPTABLE_HOLD_TIME,
          MessageFaults.NO_DATA,
          "hold time: neighbor says "
              + holdTimeSeconds
              + " s (expected: 0 or 3..65535 s); change it there");
    }
    if (routerId == 0) { // RFC 6286 §2.2
      throw MessageFaults.open(
          MessageFaults.BAD_BGP_IDENTIFIER,
          MessageFaults.NO_DATA,
          "BGP identifier: neighbor says 0.0.0.0 (expected: another); set a router id there");
    }
  }

  private static long asn(int shortAsn, List<Capability> capabilities) {
    for (Capability capability : capabilities) {
      if (capability instanceof Capability.FourOctetAs(long asn)) {
        return asn;
      }
    }
    return shortAsn;
  }

  private static List<Capability> readParameters(ByteBuf in, int end) {
    int length = in.readUnsignedByte();
    boolean extended =
        length > 0
            && end - in.readerIndex() >= 3
            && in.getUnsignedByte(in.readerIndex()) == EXTENDED;
    if (extended) {
      length = in.skipBytes(1).readUnsignedShort();
    }
    if (length != end - in.readerIndex()) {
      throw malformed("optional parameters length", length, end - in.readerIndex());
    }
    List<Capability> capabilities = new ArrayList<>();
    int headerBytes = extended ? 3 : 2;
    while (in.readerIndex() < end) {
      readParameter(in, end, headerBytes, capabilities);
    }
    return capabilities;
  }

  private static void readParameter(
      ByteBuf in, int end, int headerBytes, List<Capability> capabilities) {
    int left = end - in.readerIndex();
    if (left < headerBytes) {
      throw malformed("optional parameter bytes", left, headerBytes);
    }
    int type = in.readUnsignedByte();
    int length = headerBytes == 3 ? in.readUnsignedShort() : in.readUnsignedByte();
    if (length > end - in.readerIndex()) {
      throw malformed("optional parameter length", length, end - in.readerIndex());
    }
    if (type != CAPABILITIES) {
      throw MessageFaults.open(
          MessageFaults.UNSUPPORTED_OPTIONAL_PARAMETER,
          MessageFaults.NO_DATA,
          "optional parameter: " + type + " (expected: " + CAPABILITIES + ")");
    }
    Capabilities.read(in, in.readerIndex() + length, capabilities);
  }

  private static BgpFault malformed(String what, int value, int expected) {
    return MessageFaults.open(
        MessageFaults.OPEN_UNSPECIFIC,
        MessageFaults.NO_DATA,
        what + ": " + value + " (expected: " + expected + ")");
  }

  /// Appends the body of an OPEN: every capability in one parameter.
  static void write(BgpMessage.Open open, ByteBuf out) {
    int shortAsn = open.asn() > 0xffff ? Asn.AS_TRANS : (int) open.asn();
    out.writeByte(open.version())
        .writeShort(shortAsn)
        .writeShort(open.holdTimeSeconds())
        .writeInt(open.routerId().ipv4());
    if (open.capabilities().isEmpty()) {
      out.writeByte(0);
      return;
    }
    ByteBuf capabilities = Unpooled.buffer();
    open.capabilities().forEach(capability -> Capabilities.write(capability, capabilities));
    int length = capabilities.readableBytes();
    if (length + 2 <= MAX_SHORT_BYTES) {
      out.writeByte(length + 2).writeByte(CAPABILITIES).writeByte(length);
    } else {
      out.writeByte(EXTENDED).writeByte(EXTENDED).writeShort(length + 3);
      out.writeByte(CAPABILITIES).writeShort(length);
    }
    out.writeBytes(capabilities);
  }
}

package net.donut.wire.mrt;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.io.Serial;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import net.donut.model.Bits;
import net.donut.model.Family;
import net.donut.model.IpAddress;
import net.donut.model.Prefix;
import net.donut.wire.bgp.BgpArchive;
import net.donut.wire.bgp.BgpFault;
import net.donut.wire.bgp.SessionOptions;
import net.donut.wire.bgp.UpdateFault;
import net.donut.wire.mrt.MrtRecord.Faulty;
import net.donut.wire.mrt.MrtRecord.Header;
import net.donut.wire.mrt.MrtRecord.Sender;

/// Reads the contents of a record.
final class RecordDecoder {
  static final int BGP = 5;
  static final int TABLE_DUMP = 12;
  static final int TABLE_DUMP_V2 = 13;
  static final int BGP4MP = 16;
  static final int BGP4MP_ET = 17;

  private static final int UNICAST = 1;
  private static final int NOT_PRESENT = 0xffff;
  private static final int PEER_IPV6 = 1;
  private static final int PEER_AS4 = 2;

  private static final SessionOptions TWO_OCTETS = BgpArchive.options(false, false);
  private static final SessionOptions FOUR_OCTETS = BgpArchive.options(true, false);

  private final Header header;
  private final ByteBuf in;

  private RecordDecoder(Header header, ByteBuf in) {
    this.header = header;
    this.in = in;
  }

  /// Wrong contents: found and expected. Carries no stack trace.
  private static final class Malformed extends RuntimeException {
    @Serial private static final long serialVersionUID = 1;

    Malformed(String message) {
      super(message, null, false, false);
    }
  }

  /// Reads the first `length` bytes of `body`.
  static MrtRecord decode(Header header, byte[] body, int length) {
    ByteBuf in = Unpooled.wrappedBuffer(body, 0, length);
    try {
      return new RecordDecoder(header, in).decode();
    } catch (Malformed | BgpFault fault) {
      return new Faulty(header, String.valueOf(fault.getMessage()));
    }
  }

  private MrtRecord decode() {
    return switch (header.type()) {
      case TABLE_DUMP -> tableDump();
      case TABLE_DUMP_V2 -> tableDumpV2();
      case BGP4MP -> bgp4mp();
      case BGP4MP_ET -> extended().bgp4mp();
      case BGP -> oldBgp();
      default -> new MrtRecord.Unknown(header);
    };
  }

  /// RFC 6396 §3: the microseconds come before the message.
  private RecordDecoder extended() {
    need("microseconds", 4);
    int microseconds = (int) Math.min(in.readUnsignedInt(), 999_999);
    return new RecordDecoder(
        new Header(
            header.number(),
            header.offset(),
            header.seconds(),
            microseconds,
            header.type(),
            header.subtype(),
            header.length()),
        in);
  }

  private void need(String what, int bytes) {
    if (in.readableBytes() < bytes) {
      throw new Malformed(
          what + " bytes: " + in.readableBytes() + " (expected: at least " + bytes + ")");
    }
  }

  private IpAddress address(Family family) {
    return switch (family) {
      case IPV4 -> IpAddress.ofIpv4(in.readInt());
      case IPV6 -> IpAddress.ofIpv6(in.readLong(), in.readLong());
    };
  }

  private long asn(int bytes) {
    return bytes == 4 ? in.readUnsignedInt() : in.readUnsignedShort();
  }

  // TABLE_DUMP, RFC 6396 §4.2. Subtypes 3 and 4 are the same with 4-octet numbers.

  private MrtRecord tableDump() {
    return switch (header.subtype()) {
      case 1 -> tableDump(Family.IPV4, TWO_OCTETS);
      case 2 -> tableDump(Family.IPV6, TWO_OCTETS);
      case 3 -> tableDump(Family.IPV4, FOUR_OCTETS);
      case 4 -> tableDump(Family.IPV6, FOUR_OCTETS);
      default -> new MrtRecord.Unknown(header);
    };
  }

  private MrtRecord tableDump(Family family, SessionOptions options) {
    int asnBytes = options.fourOctetAs() ? 4 : 2;
    need("TABLE_DUMP", 12 + 2 * family.bytes() + asnBytes);
    int view = in.readUnsignedShort();
    int sequence = in.readUnsignedShort();
    IpAddress address = address(family);
    int length = in.readUnsignedByte();
    checkPrefixLength(length, family);
    in.skipBytes(1); // status, always 1
    long originated = in.readUnsignedInt();
    IpAddress peer = address(family);
    long peerAs = asn(asnBytes);
    BgpArchive.StoredAttributes stored = BgpArchive.attributes(attributeBytes(), family, options);
    if (stored.attributes() == null) {
      return new Faulty(header, reason(stored.faults()));
    }
    return new MrtRecord.TableDumpEntry(
        header,
        view,
        sequence,
        Prefix.masked(address, length),
        originated,
        peer,
        peerAs,
        stored.attributes(),
        stored.faults());
  }

  private static String reason(List<UpdateFault> faults) {
    return String.join("; ", faults.stream().map(UpdateFault::message).toList());
  }

  private static void checkPrefixLength(int length, Family family) {
    if (length > family.bits()) {
      throw new Malformed("prefix length: " + length + " (expected: 0.." + family.bits() + ")");
    }
  }

  /// The attributes behind their two length bytes.
  private ByteBuf attributeBytes() {
    need("attribute length", 2);
    int length = in.readUnsignedShort();
    need("attribute", length);
    return in.readSlice(length);
  }

  // TABLE_DUMP_V2, RFC 6396 §4.3; subtypes 8, 10 and 12 are the additions of RFC 8050.

  private MrtRecord tableDumpV2() {
    return switch (header.subtype()) {
      case 1 -> peerIndex();
      case 2 -> rib(Family.IPV4, FOUR_OCTETS);
      case 4 -> rib(Family.IPV6, FOUR_OCTETS);
      case 6 -> ribGeneric(FOUR_OCTETS);
      case 8 -> rib(Family.IPV4, BgpArchive.options(true, true));
      case 10 -> rib(Family.IPV6, BgpArchive.options(true, true));
      case 12 -> ribGeneric(BgpArchive.options(true, true));
      default -> new MrtRecord.Unknown(header);
    };
  }

  private MrtRecord peerIndex() {
    need("PEER_INDEX_TABLE", 8);
    IpAddress collector = IpAddress.ofIpv4(in.readInt());
    int viewLength = in.readUnsignedShort();
    need("view name and peer count", viewLength + 2);
    String view = in.readCharSequence(viewLength, StandardCharsets.UTF_8).toString();
    int count = in.readUnsignedShort();
    List<MrtRecord.Peer> peers = new ArrayList<>(count);
    for (int i = 0; i < count; i++) {
      need("peer " + i, 1);
      int type = in.readUnsignedByte();
      Family family = (type & PEER_IPV6) != 0 ? Family.IPV6 : Family.IPV4;
      int asnBytes = (type & PEER_AS4) != 0 ? 4 : 2;
      need("peer " + i, 4 + family.bytes() + asnBytes);
      IpAddress routerId = IpAddress.ofIpv4(in.readInt());
      peers.add(new MrtRecord.Peer(routerId, address(family), asn(asnBytes)));
    }
    return new MrtRecord.PeerIndex(header, collector, view, peers);
  }

  private MrtRecord rib(Family family, SessionOptions options) {
    need("RIB", 5);
    long sequence = in.readUnsignedInt();
    return rib(sequence, prefix(family), family, options);
  }

  /// RFC 6396 §4.3.3: the family is in the record.
  private MrtRecord ribGeneric(SessionOptions options) {
    need("RIB_GENERIC", 8);
    long sequence = in.readUnsignedInt();
    int afi = in.readUnsignedShort();
    int safi = in.readUnsignedByte();
    if (safi != UNICAST || (afi != Family.IPV4.afi() && afi != Family.IPV6.afi())) {
      return new MrtRecord.Unknown(header);
    }
    Family family = Family.ofAfi(afi);
    return rib(sequence, prefix(family), family, options);
  }

  private Prefix prefix(Family family) {
    int bits = in.readUnsignedByte();
    checkPrefixLength(bits, family);
    int bytes = (bits + 7) / 8;
    need("prefix", bytes);
    byte[] value = new byte[16];
    in.readBytes(value, 0, bytes);
    return Prefix.masked(family, Bits.long64(value, 0, 8), Bits.long64(value, 8, 8), bits);
  }

  private MrtRecord rib(long sequence, Prefix prefix, Family family, SessionOptions options) {
    need("entry count", 2);
    int count = in.readUnsignedShort();
    List<MrtRecord.RibEntry> entries = new ArrayList<>(Math.min(count, 1024));
    List<UpdateFault> faults = new ArrayList<>(0);
    for (int i = 0; i < count; i++) {
      need("entry " + i, options.addPathIpv4() ? 12 : 8);
      int peer = in.readUnsignedShort();
      long originated = in.readUnsignedInt();
      long pathId = options.addPathIpv4() ? in.readUnsignedInt() : MrtRecord.NO_PATH_ID;
      BgpArchive.StoredAttributes stored = entryAttributes(attributeBytes(), family, options);
      faults.addAll(stored.faults());
      if (stored.attributes() != null) {
        entries.add(new MrtRecord.RibEntry(peer, originated, pathId, stored.attributes()));
      }
    }
    if (in.isReadable()) {
      faults.add(
          lost("bytes after entry %d: %d (expected: none)".formatted(count, in.readableBytes())));
    }
    return new MrtRecord.Rib(header, sequence, prefix, entries, faults);
  }

  /// An entry is framed, so its faults are its own.
  private static BgpArchive.StoredAttributes entryAttributes(
      ByteBuf attributes, Family family, SessionOptions options) {
    try {
      return BgpArchive.attributes(attributes, family, options);
    } catch (BgpFault fault) {
      return new BgpArchive.StoredAttributes(
          null, List.of(lost(String.valueOf(fault.getMessage()))));
    }
  }

  private static UpdateFault lost(String message) {
    return new UpdateFault(UpdateFault.Action.TREAT_AS_WITHDRAW, 0, message);
  }

  // BGP4MP, RFC 6396 §4.4; subtypes 8 to 11 are the additions of RFC 8050.

  private MrtRecord bgp4mp() {
    return switch (header.subtype()) {
      case 0 -> stateChange(2);
      case 5 -> stateChange(4);
      case 2 -> entry();
      case 1 -> message(TWO_OCTETS, Sender.PEER);
      case 4 -> message(FOUR_OCTETS, Sender.PEER);
      case 6 -> message(TWO_OCTETS, Sender.COLLECTOR);
      case 7 -> message(FOUR_OCTETS, Sender.COLLECTOR);
      case 8 -> message(BgpArchive.options(false, true), Sender.PEER);
      case 9 -> message(BgpArchive.options(true, true), Sender.PEER);
      case 10 -> message(BgpArchive.options(false, true), Sender.COLLECTOR);
      case 11 -> message(BgpArchive.options(true, true), Sender.COLLECTOR);
      default -> new MrtRecord.Unknown(header);
    };
  }

  /// The two ends of a session, as the records of BGP4MP begin.
  private record Ends(long peerAs, long localAs, IpAddress peer, IpAddress local) {}

  private static final IpAddress UNSPECIFIED = IpAddress.ofIpv4(0);

  /// Reads the ends. Zebra once wrote OPEN messages without interface, family and addresses: then
  /// the marker of the message stands there, and is left.
  private Ends ends(int asnBytes) {
    need("session", 2 * asnBytes + 4);
    long peerAs = asn(asnBytes);
    long localAs = asn(asnBytes);
    int interfaceIndex = in.readUnsignedShort();
    int afi = in.readUnsignedShort();
    if (interfaceIndex == NOT_PRESENT && afi == NOT_PRESENT) {
      in.readerIndex(in.readerIndex() - 4);
      return new Ends(peerAs, localAs, UNSPECIFIED, UNSPECIFIED);
    }
    if (afi != Family.IPV4.afi() && afi != Family.IPV6.afi()) {
      throw new Malformed("address family: " + afi + " (expected: 1 or 2)");
    }
    Family family = Family.ofAfi(afi);
    need("addresses", 2 * family.bytes());
    return new Ends(peerAs, localAs, address(family), address(family));
  }

  private MrtRecord message(SessionOptions options, Sender sender) {
    Ends ends = ends(options.fourOctetAs() ? 4 : 2);
    return message(ends, sender, BgpArchive.message(bounded(), options));
  }

  /// The message without what some writers leave behind it.
  private ByteBuf bounded() {
    int lengthAt = in.readerIndex() + 16;
    if (in.readableBytes() >= 19) {
      int length = in.getUnsignedShort(lengthAt);
      if (length >= 19 && length < in.readableBytes()) {
        return in.readSlice(length);
      }
    }
    return in;
  }

  private MrtRecord message(Ends ends, Sender sender, BgpArchive.StoredMessage stored) {
    return new MrtRecord.Message(
        header,
        sender,
        ends.peerAs(),
        ends.localAs(),
        ends.peer(),
        ends.local(),
        stored.message(),
        stored.pathIds(),
        stored.multicast());
  }

  /// Zebra once wrote state changes without interface, family and addresses: 8 bytes in all.
  private MrtRecord stateChange(int asnBytes) {
    Ends ends;
    if (in.readableBytes() == 8 && asnBytes == 2) {
      ends = new Ends(asn(2), asn(2), UNSPECIFIED, UNSPECIFIED);
    } else {
      ends = ends(asnBytes);
    }
    need("states", 4);
    return new MrtRecord.StateChange(
        header,
        ends.peerAs(),
        ends.localAs(),
        ends.peer(),
        ends.local(),
        in.readUnsignedShort(),
        in.readUnsignedShort());
  }

  /// BGP4MP_ENTRY, which RFC 6396 no longer has: one neighbor's route to a prefix. The next hop
  /// stands before the attributes.
  private MrtRecord entry() {
    Ends ends = ends(2);
    need("BGP4MP_ENTRY", 12);
    int view = in.readUnsignedShort();
    in.skipBytes(2); // status
    long originated = in.readUnsignedInt();
    int afi = in.readUnsignedShort();
    int safi = in.readUnsignedByte();
    if (safi != UNICAST || (afi != Family.IPV4.afi() && afi != Family.IPV6.afi())) {
      return new MrtRecord.Unknown(header);
    }
    Family family = Family.ofAfi(afi);
    int nextHopLength = in.readUnsignedByte();
    if (nextHopLength < family.bytes()) {
      throw new Malformed(
          "next hop length: " + nextHopLength + " (expected: at least " + family.bytes() + ")");
    }
    need("next hop and prefix", nextHopLength + 1);
    IpAddress nextHop = address(family);
    in.skipBytes(nextHopLength - family.bytes());
    Prefix prefix = prefix(family);
    BgpArchive.StoredAttributes stored =
        BgpArchive.attributes(attributeBytes(), family, TWO_OCTETS);
    if (stored.attributes() == null) {
      return new Faulty(header, reason(stored.faults()));
    }
    return new MrtRecord.TableDumpEntry(
        header,
        view,
        0,
        prefix,
        originated,
        ends.peer(),
        ends.peerAs(),
        stored.attributes().toBuilder().nextHop(nextHop).build(),
        stored.faults());
  }

  // BGP, the deprecated type 5 of MRTd (RFC 6396 appendix B.2): messages without their header.

  private MrtRecord oldBgp() {
    return switch (header.subtype()) {
      case 1 -> oldMessage(2);
      case 3 -> oldStateChange();
      case 5 -> oldMessage(1);
      case 6 -> oldMessage(3);
      case 7 -> oldMessage(4);
      default -> new MrtRecord.Unknown(header);
    };
  }

  private MrtRecord oldMessage(int type) {
    need("session", 12);
    long peerAs = asn(2);
    IpAddress peer = address(Family.IPV4);
    long localAs = asn(2);
    IpAddress local = address(Family.IPV4);
    return message(
        new Ends(peerAs, localAs, peer, local), Sender.PEER, BgpArchive.body(type, in, TWO_OCTETS));
  }

  private MrtRecord oldStateChange() {
    need("state change", 10);
    long peerAs = asn(2);
    IpAddress peer = address(Family.IPV4);
    return new MrtRecord.StateChange(
        header, peerAs, 0, peer, UNSPECIFIED, in.readUnsignedShort(), in.readUnsignedShort());
  }
}

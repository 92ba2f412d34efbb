package net.donut.wire.bgp;

import io.netty.buffer.ByteBuf;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import net.donut.model.Aggregator;
import net.donut.model.AsPath;
import net.donut.model.Asn;
import net.donut.model.Communities;
import net.donut.model.ExtendedCommunities;
import net.donut.model.IpAddress;
import net.donut.model.LargeCommunities;
import net.donut.model.Origin;
import net.donut.model.PathAttributes;
import net.donut.model.UnknownAttribute;
import net.donut.wire.bgp.AttributeSet.Severity;
import org.jspecify.annotations.Nullable;

/// Every path attribute this codec interprets, one row each: its flags, what a fault in it costs,
/// how it is read and written.
final class AttributeTable {
  static final int ORIGIN = 1;
  static final int AS_PATH = 2;
  static final int NEXT_HOP = 3;
  static final int MULTI_EXIT_DISC = 4;
  static final int LOCAL_PREF = 5;
  static final int ATOMIC_AGGREGATE = 6;
  static final int AGGREGATOR = 7;
  static final int COMMUNITIES = 8;
  static final int ORIGINATOR_ID = 9;
  static final int CLUSTER_LIST = 10;
  static final int MP_REACH_NLRI = 14;
  static final int MP_UNREACH_NLRI = 15;
  static final int EXTENDED_COMMUNITIES = 16;
  static final int AS4_PATH = 17;
  static final int AS4_AGGREGATOR = 18;
  static final int LARGE_COMMUNITY = 32;
  static final int ONLY_TO_CUSTOMER = 35;

  static final int OPTIONAL = 0x80;
  static final int TRANSITIVE = 0x40;
  static final int PARTIAL = 0x20;
  static final int EXTENDED_LENGTH = 0x10;

  /// Optional and transitive: the bits whose value an attribute prescribes (RFC 7606 §3 c).
  private static final int CATEGORY = OPTIONAL | TRANSITIVE;

  private static final int WELL_KNOWN = TRANSITIVE;
  private static final int OPTIONAL_TRANSITIVE = OPTIONAL | TRANSITIVE;
  private static final int OPTIONAL_NON_TRANSITIVE = OPTIONAL;

  /// Reads `length` bytes of value, all of them present, into the set; null when they are right.
  @FunctionalInterface
  private interface Decode {
    @Nullable Complaint decode(ByteBuf in, int length, AttributeSet into);
  }

  /// Appends the attribute with its header if the route has it.
  @FunctionalInterface
  private interface Encode {
    void encode(PathAttributes attributes, SessionOptions options, ByteBuf out);
  }

  /// What a fault in the attribute costs (RFC 7606 §7).
  private enum OnFault {
    DISCARD,
    WITHDRAW,
    RESET
  }

  /// From whom the attribute is accepted.
  private enum Accept {
    FROM_ALL,
    FROM_INTERNAL
  }

  private record Row(
      int type,
      String name,
      int flags,
      OnFault onFault,
      Accept accept,
      Decode decode,
      Encode encode) {}

  private static final List<Row> ROWS =
      List.of(
          row(
              ORIGIN,
              "ORIGIN",
              WELL_KNOWN,
              OnFault.WITHDRAW,
              AttributeTable::readOrigin,
              AttributeTable::writeOrigin),
          row(
              AS_PATH,
              "AS_PATH",
              WELL_KNOWN,
              OnFault.WITHDRAW,
              AttributeTable::readAsPath,
              AttributeTable::writeAsPath),
          row(
              NEXT_HOP,
              "NEXT_HOP",
              WELL_KNOWN,
              OnFault.WITHDRAW,
              AttributeTable::readNextHop,
              AttributeTable::writeNothing), // UpdateWriter decides where the next hop goes
          row(
              MULTI_EXIT_DISC,
              "MULTI_EXIT_DISC",
              OPTIONAL_NON_TRANSITIVE,
              OnFault.WITHDRAW,
              AttributeTable::readMed,
              AttributeTable::writeMed),
          new Row(
              LOCAL_PREF,
              "LOCAL_PREF",
              WELL_KNOWN,
              OnFault.WITHDRAW,
              Accept.FROM_INTERNAL,
              AttributeTable::readLocalPref,
              AttributeTable::writeLocalPref),
          row(
              ATOMIC_AGGREGATE,
              "ATOMIC_AGGREGATE",
              WELL_KNOWN,
              OnFault.DISCARD,
              AttributeTable::readAtomicAggregate,
              AttributeTable::writeAtomicAggregate),
          row(
              AGGREGATOR,
              "AGGREGATOR",
              OPTIONAL_TRANSITIVE,
              OnFault.DISCARD,
              AttributeTable::readAggregator,
              AttributeTable::writeAggregator),
          row(
              COMMUNITIES,
              "COMMUNITIES",
              OPTIONAL_TRANSITIVE,
              OnFault.WITHDRAW,
              AttributeTable::readCommunities,
              AttributeTable::writeCommunities),
          new Row(
              ORIGINATOR_ID,
              "ORIGINATOR_ID",
              OPTIONAL_NON_TRANSITIVE,
              OnFault.WITHDRAW,
              Accept.FROM_INTERNAL,
              AttributeTable::readOriginatorId,
              AttributeTable::writeNothing), // kept among the unknown
          new Row(
              CLUSTER_LIST,
              "CLUSTER_LIST",
              OPTIONAL_NON_TRANSITIVE,
              OnFault.WITHDRAW,
              Accept.FROM_INTERNAL,
              AttributeTable::readClusterList,
              AttributeTable::writeNothing), // kept among the unknown
          row(
              MP_REACH_NLRI,
              "MP_REACH_NLRI",
              OPTIONAL_NON_TRANSITIVE,
              OnFault.RESET,
              MultiprotocolCodec::readReach,
              AttributeTable::writeNothing), // written by UpdateWriter
          row(
              MP_UNREACH_NLRI,
              "MP_UNREACH_NLRI",
              OPTIONAL_NON_TRANSITIVE,
              OnFault.RESET,
              MultiprotocolCodec::readUnreach,
              AttributeTable::writeNothing), // written by UpdateWriter
          row(
              EXTENDED_COMMUNITIES,
              "EXTENDED_COMMUNITIES",
              OPTIONAL_TRANSITIVE,
              OnFault.WITHDRAW,
              AttributeTable::readExtendedCommunities,
              AttributeTable::writeExtendedCommunities),
          row(
              AS4_PATH,
              "AS4_PATH",
              OPTIONAL_TRANSITIVE,
              OnFault.DISCARD,
              AttributeTable::readAs4Path,
              AttributeTable::writeAs4Path),
          row(
              AS4_AGGREGATOR,
              "AS4_AGGREGATOR",
              OPTIONAL_TRANSITIVE,
              OnFault.DISCARD,
              AttributeTable::readAs4Aggregator,
              AttributeTable::writeAs4Aggregator),
          row(
              LARGE_COMMUNITY,
              "LARGE_COMMUNITY",
              OPTIONAL_TRANSITIVE,
              OnFault.WITHDRAW,
              AttributeTable::readLargeCommunities,
              AttributeTable::writeLargeCommunities),
          row(
              ONLY_TO_CUSTOMER,
              "ONLY_TO_CUSTOMER",
              OPTIONAL_TRANSITIVE,
              OnFault.WITHDRAW,
              AttributeTable::readOnlyToCustomer,
              AttributeTable::writeOnlyToCustomer));

  private static final @Nullable Row[] BY_TYPE = byType();

  private AttributeTable() {}

  private static Row row(
      int type, String name, int flags, OnFault onFault, Decode decode, Encode encode) {
    return new Row(type, name, flags, onFault, Accept.FROM_ALL, decode, encode);
  }

  private static @Nullable Row[] byType() {
    @Nullable Row[] rows = new @Nullable Row[256];
    for (Row row : ROWS) {
      rows[row.type()] = row;
    }
    return rows;
  }

  static String name(int type) {
    Row row = BY_TYPE[type];
    return row == null ? "attribute " + type : row.name();
  }

  // Reading.

  /// Reads attributes up to index `end` (RFC 4271 §4.3, RFC 7606 §4).
  static void readAll(ByteBuf in, int end, AttributeSet into) {
    while (in.readerIndex() < end) {
      int start = in.readerIndex();
      int flags = in.getUnsignedByte(start);
      int headerBytes = (flags & EXTENDED_LENGTH) != 0 ? 4 : 3;
      if (end - start < headerBytes) {
        overrun(end - start, headerBytes, into);
        break;
      }
      int type = in.getUnsignedByte(start + 1);
      int length =
          headerBytes == 4 ? in.getUnsignedShort(start + 2) : in.getUnsignedByte(start + 2);
      if (length > end - start - headerBytes) {
        overrun(end - start - headerBytes, length, into);
        break;
      }
      in.readerIndex(start + headerBytes);
      readOne(in, start, flags, type, length, into);
      in.readerIndex(start + headerBytes + length);
    }
    in.readerIndex(end);
  }

  private static void overrun(int left, int needed, AttributeSet into) {
    into.fault(
        Severity.WITHDRAW,
        0,
        Faults.MALFORMED_ATTRIBUTE_LIST,
        "attribute bytes: " + left + " (expected: " + needed + ")");
  }

  private static void readOne(
      ByteBuf in, int start, int flags, int type, int length, AttributeSet into) {
    if (!into.see(type)) {
      duplicate(type, into);
      return;
    }
    Row row = BY_TYPE[type];
    if (row == null) {
      readUnknown(in, start, flags, type, length, into);
      return;
    }
    if (row.accept() == Accept.FROM_INTERNAL && !into.options.internal()) {
      into.fault(
          Severity.DISCARD, type, 0, row.name() + ": present (expected: not from another AS)");
      return;
    }
    Complaint complaint =
        (flags & CATEGORY) == row.flags()
            ? row.decode().decode(in, length, into)
            : new Complaint(
                Faults.ATTRIBUTE_FLAGS,
                "flags: 0x%02x (expected: 0x%02x)".formatted(flags, row.flags()));
    if (complaint != null) {
      complain(row, complaint, bytes(in, start, length), into);
    }
  }

  /// RFC 7606 §3 g.
  private static void duplicate(int type, AttributeSet into) {
    String message = name(type) + ": twice (expected: once)";
    if (type == MP_REACH_NLRI || type == MP_UNREACH_NLRI) {
      throw Faults.update(Faults.MALFORMED_ATTRIBUTE_LIST, Faults.NO_DATA, message);
    }
    into.fault(Severity.DISCARD, type, Faults.MALFORMED_ATTRIBUTE_LIST, message);
  }

  private static void complain(Row row, Complaint complaint, byte[] attribute, AttributeSet into) {
    String message = row.name() + " " + complaint.message();
    switch (row.onFault()) {
      case DISCARD -> into.fault(Severity.DISCARD, row.type(), complaint.subcode(), message);
      case WITHDRAW -> into.fault(Severity.WITHDRAW, row.type(), complaint.subcode(), message);
      case RESET -> throw Faults.update(complaint.subcode(), attribute, message);
    }
  }

  /// The attribute with its header, for the data field of a NOTIFICATION.
  private static byte[] bytes(ByteBuf in, int start, int length) {
    int headerBytes = (in.getByte(start) & EXTENDED_LENGTH) != 0 ? 4 : 3;
    byte[] bytes = new byte[headerBytes + length];
    in.getBytes(start, bytes);
    return bytes;
  }

  /// RFC 4271 §5, §9: an unknown well-known attribute ends the session, a transitive one is kept to
  /// be passed on, any other is ignored.
  private static void readUnknown(
      ByteBuf in, int start, int flags, int type, int length, AttributeSet into) {
    if ((flags & OPTIONAL) == 0 && into.isSession()) {
      throw Faults.update(
          Faults.UNRECOGNIZED_WELL_KNOWN,
          bytes(in, start, length),
          "attribute " + type + " flags: 0x%02x (expected: optional)".formatted(flags));
    }
    if ((flags & TRANSITIVE) != 0 || !into.isSession()) {
      keep(in, flags, type, length, into);
    }
  }

  private static void keep(ByteBuf in, int flags, int type, int length, AttributeSet into) {
    byte[] value = new byte[length];
    in.readBytes(value);
    into.addUnknown(new UnknownAttribute(flags & ~EXTENDED_LENGTH, type, value));
  }

  private static @Nullable Complaint expectLength(int length, int expected) {
    return length == expected ? null : badLength(length, Integer.toString(expected));
  }

  /// Lists are never empty (RFC 7606 §4, §7.8 ff).
  private static @Nullable Complaint expectMultiple(int length, int unit) {
    return length > 0 && length % unit == 0
        ? null
        : badLength(length, "a multiple of " + unit + ", not 0");
  }

  private static Complaint badLength(int length, String expected) {
    return new Complaint(
        Faults.ATTRIBUTE_LENGTH, "length: " + length + " (expected: " + expected + ")");
  }

  private static @Nullable Complaint readOrigin(ByteBuf in, int length, AttributeSet into) {
    Complaint complaint = expectLength(length, 1);
    if (complaint != null) {
      return complaint;
    }
    into.origin =
        switch (in.readUnsignedByte()) {
          case 0 -> Origin.IGP;
          case 1 -> Origin.EGP;
          case 2 -> Origin.INCOMPLETE;
          default -> null;
        };
    return into.origin != null
        ? null
        : new Complaint(
            Faults.INVALID_ORIGIN,
            "value: " + in.getUnsignedByte(in.readerIndex() - 1) + " (expected: 0..2)");
  }

  private static @Nullable Complaint readAsPath(ByteBuf in, int length, AttributeSet into) {
    try {
      AsPath path = AsPathCodec.read(in, length, into.asnBytes());
      if (into.isSession() && path.anyMatch(asn -> asn == 0)) { // RFC 7607 §2
        return new Complaint(Faults.MALFORMED_AS_PATH, "number: 0 (expected: 1..4294967295)");
      }
      if (!into.options.internal() && AsPathCodec.hasConfederation(path)) { // RFC 5065 §5
        return new Complaint(
            Faults.MALFORMED_AS_PATH,
            "segment type: confederation (expected: AS_SET or AS_SEQUENCE from another AS)");
      }
      into.asPath = path;
      return null;
    } catch (AsPathCodec.Malformed malformed) {
      return new Complaint(Faults.MALFORMED_AS_PATH, String.valueOf(malformed.getMessage()));
    }
  }

  private static @Nullable Complaint readNextHop(ByteBuf in, int length, AttributeSet into) {
    Complaint complaint = expectLength(length, 4);
    if (complaint != null) {
      return complaint;
    }
    IpAddress address = IpAddress.ofIpv4(in.readInt());
    if (into.isSession() && !MultiprotocolCodec.isHost(address)) {
      return new Complaint(
          Faults.INVALID_NEXT_HOP, "value: " + address + " (expected: a host's address)");
    }
    into.nextHop = address;
    return null;
  }

  private static @Nullable Complaint readMed(ByteBuf in, int length, AttributeSet into) {
    Complaint complaint = expectLength(length, 4);
    if (complaint == null) {
      into.med = in.readUnsignedInt();
    }
    return complaint;
  }

  private static @Nullable Complaint readLocalPref(ByteBuf in, int length, AttributeSet into) {
    Complaint complaint = expectLength(length, 4);
    if (complaint == null) {
      into.localPref = in.readUnsignedInt();
    }
    return complaint;
  }

  private static @Nullable Complaint readAtomicAggregate(
      ByteBuf in, int length, AttributeSet into) {
    Complaint complaint = expectLength(length, 0);
    into.atomicAggregate = complaint == null;
    return complaint;
  }

  private static @Nullable Complaint readAggregator(ByteBuf in, int length, AttributeSet into) {
    Complaint complaint = expectLength(length, into.asnBytes() + 4);
    if (complaint != null) {
      return complaint;
    }
    long asn = into.options.fourOctetAs() ? in.readUnsignedInt() : in.readUnsignedShort();
    if (asn == 0 && into.isSession()) {
      return zeroAs();
    }
    into.aggregator = new Aggregator(asn, IpAddress.ofIpv4(in.readInt()));
    return null;
  }

  private static Complaint zeroAs() { // RFC 7607 §2
    return new Complaint(Faults.OPTIONAL_ATTRIBUTE, "AS: 0 (expected: 1..4294967295)");
  }

  private static @Nullable Complaint readCommunities(ByteBuf in, int length, AttributeSet into) {
    Complaint complaint = expectMultiple(length, 4);
    if (complaint == null) {
      into.communities = new Communities(ints(in, length / 4));
    }
    return complaint;
  }

  private static int[] ints(ByteBuf in, int count) {
    int[] values = new int[count];
    for (int i = 0; i < count; i++) {
      values[i] = in.readInt();
    }
    return values;
  }

  private static @Nullable Complaint readOriginatorId(ByteBuf in, int length, AttributeSet into) {
    Complaint complaint = expectLength(length, 4);
    if (complaint == null) {
      keep(in, OPTIONAL_NON_TRANSITIVE, ORIGINATOR_ID, length, into);
    }
    return complaint;
  }

  private static @Nullable Complaint readClusterList(ByteBuf in, int length, AttributeSet into) {
    Complaint complaint = expectMultiple(length, 4);
    if (complaint == null) {
      keep(in, OPTIONAL_NON_TRANSITIVE, CLUSTER_LIST, length, into);
    }
    return complaint;
  }

  private static @Nullable Complaint readExtendedCommunities(
      ByteBuf in, int length, AttributeSet into) {
    Complaint complaint = expectMultiple(length, 8);
    if (complaint == null) {
      long[] values = new long[length / 8];
      for (int i = 0; i < values.length; i++) {
        values[i] = in.readLong();
      }
      into.extendedCommunities = new ExtendedCommunities(values);
    }
    return complaint;
  }

  /// RFC 6793 §6.
  private static @Nullable Complaint readAs4Path(ByteBuf in, int length, AttributeSet into) {
    if (length < 6) {
      return badLength(length, "at least 6");
    }
    try {
      AsPath path = AsPathCodec.read(in, length, AsPathCodec.FOUR_OCTETS);
      if (into.isSession() && path.anyMatch(asn -> asn == 0)) {
        return zeroAs();
      }
      into.as4Path = AsPathCodec.withoutConfederation(path);
      return null;
    } catch (AsPathCodec.Malformed malformed) {
      return new Complaint(Faults.OPTIONAL_ATTRIBUTE, String.valueOf(malformed.getMessage()));
    }
  }

  private static @Nullable Complaint readAs4Aggregator(ByteBuf in, int length, AttributeSet into) {
    Complaint complaint = expectLength(length, 8);
    if (complaint != null) {
      return complaint;
    }
    long asn = in.readUnsignedInt();
    if (asn == 0 && into.isSession()) {
      return zeroAs();
    }
    into.as4Aggregator = new Aggregator(asn, IpAddress.ofIpv4(in.readInt()));
    return null;
  }

  private static @Nullable Complaint readLargeCommunities(
      ByteBuf in, int length, AttributeSet into) {
    Complaint complaint = expectMultiple(length, 12);
    if (complaint == null) {
      into.largeCommunities = new LargeCommunities(ints(in, length / 4));
    }
    return complaint;
  }

  /// RFC 9234 §5.
  private static @Nullable Complaint readOnlyToCustomer(ByteBuf in, int length, AttributeSet into) {
    Complaint complaint = expectLength(length, 4);
    if (complaint == null) {
      into.onlyToCustomer = in.readUnsignedInt();
    }
    return complaint;
  }

  // Writing.

  /// Appends every attribute but MP_REACH_NLRI in ascending order of type. NEXT_HOP is written when
  /// `classicNextHop` is there.
  static void writeAll(
      PathAttributes attributes,
      @Nullable IpAddress classicNextHop,
      SessionOptions options,
      ByteBuf out) {
    List<UnknownAttribute> unknown = passedOn(attributes.unknown(), options);
    int next = 0;
    for (Row row : ROWS) {
      while (next < unknown.size() && unknown.get(next).type() < row.type()) {
        writeUnknown(unknown.get(next++), out);
      }
      if (row.type() == NEXT_HOP && classicNextHop != null) {
        header(out, WELL_KNOWN, NEXT_HOP, 4).writeInt(classicNextHop.ipv4());
      }
      row.encode().encode(attributes, options, out);
    }
    while (next < unknown.size()) {
      writeUnknown(unknown.get(next++), out);
    }
  }

  private static List<UnknownAttribute> passedOn(
      List<UnknownAttribute> unknown, SessionOptions options) {
    if (unknown.isEmpty()) {
      return unknown;
    }
    List<UnknownAttribute> passed = new ArrayList<>(unknown);
    passed.removeIf(attribute -> !attribute.isTransitive() && !options.internal());
    passed.sort(Comparator.comparingInt(UnknownAttribute::type));
    return passed;
  }

  /// RFC 4271 §5: the partial bit says that someone on the way did not know the attribute.
  private static void writeUnknown(UnknownAttribute attribute, ByteBuf out) {
    int partial = attribute.isTransitive() ? PARTIAL : 0;
    header(out, attribute.flags() | partial, attribute.type(), attribute.value().length)
        .writeBytes(attribute.value());
  }

  /// Appends the header of an attribute whose value is `length` bytes.
  static ByteBuf header(ByteBuf out, int flags, int type, int length) {
    if (length > 255) {
      return out.writeByte(flags | EXTENDED_LENGTH).writeByte(type).writeShort(length);
    }
    return out.writeByte(flags & ~EXTENDED_LENGTH).writeByte(type).writeByte(length);
  }

  private static void writeNothing(PathAttributes from, SessionOptions options, ByteBuf out) {}

  private static void writeOrigin(PathAttributes from, SessionOptions options, ByteBuf out) {
    int code =
        switch (from.origin()) {
          case IGP -> 0;
          case EGP -> 1;
          case INCOMPLETE -> 2;
        };
    header(out, WELL_KNOWN, ORIGIN, 1).writeByte(code);
  }

  private static void writeAsPath(PathAttributes from, SessionOptions options, ByteBuf out) {
    int width = options.fourOctetAs() ? AsPathCodec.FOUR_OCTETS : AsPathCodec.TWO_OCTETS;
    header(out, WELL_KNOWN, AS_PATH, AsPathCodec.bytes(from.asPath(), width));
    AsPathCodec.write(from.asPath(), width, out);
  }

  private static void writeMed(PathAttributes from, SessionOptions options, ByteBuf out) {
    if (from.med() != PathAttributes.ABSENT) {
      header(out, OPTIONAL_NON_TRANSITIVE, MULTI_EXIT_DISC, 4).writeInt((int) from.med());
    }
  }

  private static void writeLocalPref(PathAttributes from, SessionOptions options, ByteBuf out) {
    if (options.internal() && from.localPref() != PathAttributes.ABSENT) {
      header(out, WELL_KNOWN, LOCAL_PREF, 4).writeInt((int) from.localPref());
    }
  }

  private static void writeAtomicAggregate(
      PathAttributes from, SessionOptions options, ByteBuf out) {
    if (from.atomicAggregate()) {
      header(out, WELL_KNOWN, ATOMIC_AGGREGATE, 0);
    }
  }

  private static void writeAggregator(PathAttributes from, SessionOptions options, ByteBuf out) {
    Aggregator aggregator = from.aggregator();
    if (aggregator == null) {
      return;
    }
    if (options.fourOctetAs()) {
      header(out, OPTIONAL_TRANSITIVE, AGGREGATOR, 8).writeInt((int) aggregator.asn());
    } else {
      int shortAsn = aggregator.asn() > 0xffff ? Asn.AS_TRANS : (int) aggregator.asn();
      header(out, OPTIONAL_TRANSITIVE, AGGREGATOR, 6).writeShort(shortAsn);
    }
    out.writeInt(aggregator.address().ipv4());
  }

  private static void writeCommunities(PathAttributes from, SessionOptions options, ByteBuf out) {
    writeInts(from.communities().values(), COMMUNITIES, out);
  }

  private static void writeInts(int[] values, int type, ByteBuf out) {
    if (values.length > 0) {
      header(out, OPTIONAL_TRANSITIVE, type, 4 * values.length);
      for (int value : values) {
        out.writeInt(value);
      }
    }
  }

  private static void writeExtendedCommunities(
      PathAttributes from, SessionOptions options, ByteBuf out) {
    long[] values = from.extendedCommunities().values();
    if (values.length > 0) {
      header(out, OPTIONAL_TRANSITIVE, EXTENDED_COMMUNITIES, 8 * values.length);
      for (long value : values) {
        out.writeLong(value);
      }
    }
  }

  /// RFC 6793 §4.2.2: only toward an old speaker, and only when the short path loses something.
  private static void writeAs4Path(PathAttributes from, SessionOptions options, ByteBuf out) {
    if (options.fourOctetAs() || !AsPathCodec.hasWideAsn(from.asPath())) {
      return;
    }
    AsPath path = AsPathCodec.withoutConfederation(from.asPath());
    int length = AsPathCodec.bytes(path, AsPathCodec.FOUR_OCTETS);
    if (length > 0) {
      header(out, OPTIONAL_TRANSITIVE, AS4_PATH, length);
      AsPathCodec.write(path, AsPathCodec.FOUR_OCTETS, out);
    }
  }

  private static void writeAs4Aggregator(PathAttributes from, SessionOptions options, ByteBuf out) {
    Aggregator aggregator = from.aggregator();
    if (!options.fourOctetAs() && aggregator != null && aggregator.asn() > 0xffff) {
      header(out, OPTIONAL_TRANSITIVE, AS4_AGGREGATOR, 8)
          .writeInt((int) aggregator.asn())
          .writeInt(aggregator.address().ipv4());
    }
  }

  private static void writeLargeCommunities(
      PathAttributes from, SessionOptions options, ByteBuf out) {
    writeInts(from.largeCommunities().values(), LARGE_COMMUNITY, out);
  }

  private static void writeOnlyToCustomer(
      PathAttributes from, SessionOptions options, ByteBuf out) {
    if (from.onlyToCustomer() != PathAttributes.ABSENT) {
      header(out, OPTIONAL_TRANSITIVE, ONLY_TO_CUSTOMER, 4).writeInt((int) from.onlyToCustomer());
    }
  }
}

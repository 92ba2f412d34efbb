package net.donut.wire.bgp;

import io.netty.buffer.ByteBuf;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import net.donut.model.IpAddress;
import net.donut.model.PathAttributes;
import net.donut.model.UnknownAttribute;
import net.donut.wire.bgp.AttributeSet.Severity;
import org.jspecify.annotations.Nullable;

/// Every path attribute this codec interprets, one row each: its flags, what a fault in its value
/// costs, how it is read and written.
final class AttributeCodecs {
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

  static final int WELL_KNOWN = TRANSITIVE;
  static final int OPTIONAL_TRANSITIVE = OPTIONAL | TRANSITIVE;
  static final int OPTIONAL_NON_TRANSITIVE = OPTIONAL;

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

  /// What a fault in the value of the attribute costs (RFC 7606 §7).
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
              ValueReader::readOrigin,
              ValueWriter::writeOrigin),
          row(
              AS_PATH,
              "AS_PATH",
              WELL_KNOWN,
              OnFault.WITHDRAW,
              ValueReader::readAsPath,
              ValueWriter::writeAsPath),
          row(
              NEXT_HOP,
              "NEXT_HOP",
              WELL_KNOWN,
              OnFault.WITHDRAW,
              ValueReader::readNextHop,
              ValueWriter::writeNothing), // UpdateWriter decides where the next hop goes
          row(
              MULTI_EXIT_DISC,
              "MULTI_EXIT_DISC",
              OPTIONAL_NON_TRANSITIVE,
              OnFault.WITHDRAW,
              ValueReader::readMed,
              ValueWriter::writeMed),
          new Row(
              LOCAL_PREF,
              "LOCAL_PREF",
              WELL_KNOWN,
              OnFault.WITHDRAW,
              Accept.FROM_INTERNAL,
              ValueReader::readLocalPref,
              ValueWriter::writeLocalPref),
          row(
              ATOMIC_AGGREGATE,
              "ATOMIC_AGGREGATE",
              WELL_KNOWN,
              OnFault.DISCARD,
              ValueReader::readAtomicAggregate,
              ValueWriter::writeAtomicAggregate),
          row(
              AGGREGATOR,
              "AGGREGATOR",
              OPTIONAL_TRANSITIVE,
              OnFault.DISCARD,
              ValueReader::readAggregator,
              ValueWriter::writeAggregator),
          row(
              COMMUNITIES,
              "COMMUNITIES",
              OPTIONAL_TRANSITIVE,
              OnFault.WITHDRAW,
              ValueReader::readCommunities,
              ValueWriter::writeCommunities),
          new Row(
              ORIGINATOR_ID,
              "ORIGINATOR_ID",
              OPTIONAL_NON_TRANSITIVE,
              OnFault.WITHDRAW,
              Accept.FROM_INTERNAL,
              ValueReader::readOriginatorId,
              ValueWriter::writeNothing), // kept among the unknown
          new Row(
              CLUSTER_LIST,
              "CLUSTER_LIST",
              OPTIONAL_NON_TRANSITIVE,
              OnFault.WITHDRAW,
              Accept.FROM_INTERNAL,
              ValueReader::readClusterList,
              ValueWriter::writeNothing), // kept among the unknown
          row(
              MP_REACH_NLRI,
              "MP_REACH_NLRI",
              OPTIONAL_NON_TRANSITIVE,
              OnFault.RESET,
              MultiprotocolCodec::readReach,
              ValueWriter::writeNothing), // written by UpdateWriter
          row(
              MP_UNREACH_NLRI,
              "MP_UNREACH_NLRI",
              OPTIONAL_NON_TRANSITIVE,
              OnFault.RESET,
              MultiprotocolCodec::readUnreach,
              ValueWriter::writeNothing), // written by UpdateWriter
          row(
              EXTENDED_COMMUNITIES,
              "EXTENDED_COMMUNITIES",
              OPTIONAL_TRANSITIVE,
              OnFault.WITHDRAW,
              ValueReader::readExtendedCommunities,
              ValueWriter::writeExtendedCommunities),
          row(
              AS4_PATH,
              "AS4_PATH",
              OPTIONAL_TRANSITIVE,
              OnFault.DISCARD,
              ValueReader::readAs4Path,
              ValueWriter::writeAs4Path),
          row(
              AS4_AGGREGATOR,
              "AS4_AGGREGATOR",
              OPTIONAL_TRANSITIVE,
              OnFault.DISCARD,
              ValueReader::readAs4Aggregator,
              ValueWriter::writeAs4Aggregator),
          row(
              LARGE_COMMUNITY,
              "LARGE_COMMUNITY",
              OPTIONAL_TRANSITIVE,
              OnFault.WITHDRAW,
              ValueReader::readLargeCommunities,
              ValueWriter::writeLargeCommunities),
          row(
              ONLY_TO_CUSTOMER,
              "ONLY_TO_CUSTOMER",
              OPTIONAL_TRANSITIVE,
              OnFault.WITHDRAW,
              ValueReader::readOnlyToCustomer,
              ValueWriter::writeOnlyToCustomer));

  private static final @Nullable Row[] BY_TYPE = byType();

  private AttributeCodecs() {}

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
        MessageFaults.MALFORMED_ATTRIBUTE_LIST,
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
    if ((flags & CATEGORY) != row.flags()) {
      readMisflagged(row, in, start, flags, length, into);
      return;
    }
    if (row.accept() == Accept.FROM_INTERNAL && !into.options.internal()) {
      into.fault(
          Severity.DISCARD, type, 0, row.name() + ": present (expected: not from another AS)");
      return;
    }
    Complaint complaint = row.decode().decode(in, length, into);
    if (complaint != null) {
      complain(row, complaint, bytes(in, start, length), into);
    }
  }

  /// RFC 7606 §3 c: wrong optional or transitive bits cost the routes of the message, whatever a
  /// fault in the value costs: no RFC wants anything else for any attribute. What MP_REACH_NLRI and
  /// MP_UNREACH_NLRI announce and withdraw is read all the same, as these are the routes; where it
  /// cannot be read, the session ends as it does with the right bits.
  ///
  /// An archive keeps the route without the attribute, as long as it is one that can be missed.
  private static void readMisflagged(
      Row row, ByteBuf in, int start, int flags, int length, AttributeSet into) {
    if (row.onFault() == OnFault.RESET) {
      Complaint complaint = row.decode().decode(in, length, into);
      if (complaint != null) {
        complain(row, complaint, bytes(in, start, length), into);
      }
    }
    boolean missed = row.onFault() == OnFault.DISCARD && !into.isSession();
    into.fault(
        missed ? Severity.DISCARD : Severity.WITHDRAW,
        row.type(),
        MessageFaults.ATTRIBUTE_FLAGS,
        row.name() + " flags: 0x%02x (expected: 0x%02x)".formatted(flags, row.flags()));
  }

  /// RFC 7606 §3 g.
  private static void duplicate(int type, AttributeSet into) {
    String message = name(type) + ": twice (expected: once)";
    if (type == MP_REACH_NLRI || type == MP_UNREACH_NLRI) {
      throw MessageFaults.update(
          MessageFaults.MALFORMED_ATTRIBUTE_LIST, MessageFaults.NO_DATA, message);
    }
    into.fault(Severity.DISCARD, type, MessageFaults.MALFORMED_ATTRIBUTE_LIST, message);
  }

  private static void complain(Row row, Complaint complaint, byte[] attribute, AttributeSet into) {
    String message = row.name() + " " + complaint.message();
    switch (row.onFault()) {
      case DISCARD -> into.fault(Severity.DISCARD, row.type(), complaint.subcode(), message);
      case WITHDRAW -> into.fault(Severity.WITHDRAW, row.type(), complaint.subcode(), message);
      case RESET -> throw MessageFaults.update(complaint.subcode(), attribute, message);
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
      throw MessageFaults.update(
          MessageFaults.UNRECOGNIZED_WELL_KNOWN,
          bytes(in, start, length),
          "attribute " + type + " flags: 0x%02x (expected: optional)".formatted(flags));
    }
    if ((flags & TRANSITIVE) != 0 || !into.isSession()) {
      ValueReader.keep(in, flags, type, length, into);
    }
  }

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
        ValueWriter.header(out, WELL_KNOWN, NEXT_HOP, 4).writeInt(classicNextHop.ipv4());
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
    ValueWriter.header(out, attribute.flags() | partial, attribute.type(), attribute.value().length)
        .writeBytes(attribute.value());
  }
}

package net.donut.wire.bgp;

import io.netty.buffer.ByteBuf;
import net.donut.model.Aggregator;
import net.donut.model.AsPath;
import net.donut.model.Communities;
import net.donut.model.ExtendedCommunities;
import net.donut.model.IpAddress;
import net.donut.model.LargeCommunities;
import net.donut.model.Origin;
import net.donut.model.UnknownAttribute;
import org.jspecify.annotations.Nullable;

/// Reads the values of attributes: each method `length` bytes, all of them present, into the set;
/// null when they are right, else what is wrong with them.
final class ValueReader {
  private ValueReader() {}

  static @Nullable Complaint readOrigin(ByteBuf in, int length, AttributeSet into) {
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
            MessageFaults.INVALID_ORIGIN,
            "value: " + in.getUnsignedByte(in.readerIndex() - 1) + " (expected: 0..2)");
  }

  static @Nullable Complaint readAsPath(ByteBuf in, int length, AttributeSet into) {
    try {
      AsPath path = AsPathCodec.read(in, length, into.asnBytes());
      if (into.isSession() && path.anyMatch(asn -> asn == 0)) { // RFC 7607 §2
        return new Complaint(
            MessageFaults.MALFORMED_AS_PATH, "number: 0 (expected: 1..4294967295)");
      }
      if (!into.options.internal() && AsPathCodec.hasConfederation(path)) { // RFC 5065 §5
        return new Complaint(
            MessageFaults.MALFORMED_AS_PATH,
            "segment type: confederation (expected: AS_SET or AS_SEQUENCE from another AS)");
      }
      into.asPath = path;
      return null;
    } catch (AsPathCodec.Malformed malformed) {
      return new Complaint(MessageFaults.MALFORMED_AS_PATH, String.valueOf(malformed.getMessage()));
    }
  }

  static @Nullable Complaint readNextHop(ByteBuf in, int length, AttributeSet into) {
    Complaint complaint = expectLength(length, 4);
    if (complaint != null) {
      return complaint;
    }
    into.nextHop = IpAddress.ofIpv4(in.readInt());
    return null;
  }

  static @Nullable Complaint readMed(ByteBuf in, int length, AttributeSet into) {
    Complaint complaint = expectLength(length, 4);
    if (complaint == null) {
      into.med = in.readUnsignedInt();
    }
    return complaint;
  }

  static @Nullable Complaint readLocalPref(ByteBuf in, int length, AttributeSet into) {
    Complaint complaint = expectLength(length, 4);
    if (complaint == null) {
      into.localPref = in.readUnsignedInt();
    }
    return complaint;
  }

  static @Nullable Complaint readAtomicAggregate(ByteBuf in, int length, AttributeSet into) {
    Complaint complaint = expectLength(length, 0);
    into.atomicAggregate = complaint == null;
    return complaint;
  }

  /// Some collectors store it with 4 octets whatever the path has.
  static @Nullable Complaint readAggregator(ByteBuf in, int length, AttributeSet into) {
    boolean wide = into.options.fourOctetAs() || (length == 8 && !into.isSession());
    Complaint complaint = expectLength(length, wide ? 8 : 6);
    if (complaint != null) {
      return complaint;
    }
    long asn = wide ? in.readUnsignedInt() : in.readUnsignedShort();
    if (asn == 0 && into.isSession()) {
      return zeroAs();
    }
    into.aggregator = new Aggregator(asn, IpAddress.ofIpv4(in.readInt()));
    return null;
  }

  private static Complaint zeroAs() { // RFC 7607 §2
    return new Complaint(MessageFaults.OPTIONAL_ATTRIBUTE, "AS: 0 (expected: 1..4294967295)");
  }

  /// A set (RFC 1997), as are extended (RFC 4360) and large communities (RFC 8092 §3, §6):
  /// redundant values of a neighbor are removed. An archive says what was stored.
  static @Nullable Complaint readCommunities(ByteBuf in, int length, AttributeSet into) {
    Complaint complaint = expectMultiple(length, 4);
    if (complaint == null) {
      Communities received = new Communities(ints(in, length / 4));
      into.communities = into.isSession() ? received.normalized() : received;
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

  static @Nullable Complaint readOriginatorId(ByteBuf in, int length, AttributeSet into) {
    Complaint complaint = expectLength(length, 4);
    if (complaint == null) {
      keep(in, AttributeCodecs.OPTIONAL, AttributeCodecs.ORIGINATOR_ID, length, into);
    }
    return complaint;
  }

  static @Nullable Complaint readClusterList(ByteBuf in, int length, AttributeSet into) {
    Complaint complaint = expectMultiple(length, 4);
    if (complaint == null) {
      keep(in, AttributeCodecs.OPTIONAL, AttributeCodecs.CLUSTER_LIST, length, into);
    }
    return complaint;
  }

  static @Nullable Complaint readExtendedCommunities(ByteBuf in, int length, AttributeSet into) {
    Complaint complaint = expectMultiple(length, 8);
    if (complaint == null) {
      long[] values = new long[length / 8];
      for (int i = 0; i < values.length; i++) {
        values[i] = in.readLong();
      }
      ExtendedCommunities received = new ExtendedCommunities(values);
      into.extendedCommunities = into.isSession() ? received.normalized() : received;
    }
    return complaint;
  }

  /// RFC 6793 §6.
  static @Nullable Complaint readAs4Path(ByteBuf in, int length, AttributeSet into) {
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
      return new Complaint(
          MessageFaults.OPTIONAL_ATTRIBUTE, String.valueOf(malformed.getMessage()));
    }
  }

  static @Nullable Complaint readAs4Aggregator(ByteBuf in, int length, AttributeSet into) {
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

  static @Nullable Complaint readLargeCommunities(ByteBuf in, int length, AttributeSet into) {
    Complaint complaint = expectMultiple(length, 12);
    if (complaint == null) {
      LargeCommunities received = new LargeCommunities(ints(in, length / 4));
      into.largeCommunities = into.isSession() ? received.normalized() : received;
    }
    return complaint;
  }

  /// RFC 9234 §5.
  static @Nullable Complaint readOnlyToCustomer(ByteBuf in, int length, AttributeSet into) {
    Complaint complaint = expectLength(length, 4);
    if (complaint == null) {
      into.onlyToCustomer = in.readUnsignedInt();
    }
    return complaint;
  }

  static void keep(ByteBuf in, int flags, int type, int length, AttributeSet into) {
    byte[] value = new byte[length];
    in.readBytes(value);
    into.addUnknown(new UnknownAttribute(flags & ~AttributeCodecs.EXTENDED_LENGTH, type, value));
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
        MessageFaults.ATTRIBUTE_LENGTH, "length: " + length + " (expected: " + expected + ")");
  }
}

package net.donut.wire.bgp;

import io.netty.buffer.ByteBuf;
import net.donut.model.Aggregator;
import net.donut.model.AsPath;
import net.donut.model.Asn;
import net.donut.model.PathAttributes;

/// Writes attributes with their headers: each method the one it is named after, if the route has
/// it.
final class ValueWriter {
  private ValueWriter() {}

  /// Appends the header of an attribute whose value is `length` bytes.
  static ByteBuf header(ByteBuf out, int flags, int type, int length) {
    if (length > 255) {
      return out.writeByte(flags | AttributeCodecs.EXTENDED_LENGTH)
          .writeByte(type)
          .writeShort(length);
    }
    return out.writeByte(flags & ~AttributeCodecs.EXTENDED_LENGTH)
        .writeByte(type)
        .writeByte(length);
  }

  static void writeNothing(PathAttributes from, SessionOptions options, ByteBuf out) {}

  static void writeOrigin(PathAttributes from, SessionOptions options, ByteBuf out) {
    int code =
        switch (from.origin()) {
          case IGP -> 0;
          case EGP -> 1;
          case INCOMPLETE -> 2;
        };
    header(out, AttributeCodecs.WELL_KNOWN, AttributeCodecs.ORIGIN, 1).writeByte(code);
  }

  static void writeAsPath(PathAttributes from, SessionOptions options, ByteBuf out) {
    int width = options.fourOctetAs() ? AsPathCodec.FOUR_OCTETS : AsPathCodec.TWO_OCTETS;
    header(
        out,
        AttributeCodecs.WELL_KNOWN,
        AttributeCodecs.AS_PATH,
        AsPathCodec.bytes(from.asPath(), width));
    AsPathCodec.write(from.asPath(), width, out);
  }

  static void writeMed(PathAttributes from, SessionOptions options, ByteBuf out) {
    if (from.med() != PathAttributes.ABSENT) {
      header(out, AttributeCodecs.OPTIONAL_NON_TRANSITIVE, AttributeCodecs.MULTI_EXIT_DISC, 4)
          .writeInt((int) from.med());
    }
  }

  static void writeLocalPref(PathAttributes from, SessionOptions options, ByteBuf out) {
    if (options.internal() && from.localPref() != PathAttributes.ABSENT) {
      header(out, AttributeCodecs.WELL_KNOWN, AttributeCodecs.LOCAL_PREF, 4)
          .writeInt((int) from.localPref());
    }
  }

  static void writeAtomicAggregate(PathAttributes from, SessionOptions options, ByteBuf out) {
    if (from.atomicAggregate()) {
      header(out, AttributeCodecs.WELL_KNOWN, AttributeCodecs.ATOMIC_AGGREGATE, 0);
    }
  }

  static void writeAggregator(PathAttributes from, SessionOptions options, ByteBuf out) {
    Aggregator aggregator = from.aggregator();
    if (aggregator == null) {
      return;
    }
    if (options.fourOctetAs()) {
      header(out, AttributeCodecs.OPTIONAL_TRANSITIVE, AttributeCodecs.AGGREGATOR, 8)
          .writeInt((int) aggregator.asn());
    } else {
      int shortAsn = aggregator.asn() > 0xffff ? Asn.AS_TRANS : (int) aggregator.asn();
      header(out, AttributeCodecs.OPTIONAL_TRANSITIVE, AttributeCodecs.AGGREGATOR, 6)
          .writeShort(shortAsn);
    }
    out.writeInt(aggregator.address().ipv4());
  }

  static void writeCommunities(PathAttributes from, SessionOptions options, ByteBuf out) {
    writeInts(from.communities().normalized().values(), AttributeCodecs.COMMUNITIES, out);
  }

  static void writeInts(int[] values, int type, ByteBuf out) {
    if (values.length > 0) {
      header(out, AttributeCodecs.OPTIONAL_TRANSITIVE, type, 4 * values.length);
      for (int value : values) {
        out.writeInt(value);
      }
    }
  }

  static void writeExtendedCommunities(PathAttributes from, SessionOptions options, ByteBuf out) {
    long[] values = from.extendedCommunities().normalized().values();
    if (values.length > 0) {
      header(
          out,
          AttributeCodecs.OPTIONAL_TRANSITIVE,
          AttributeCodecs.EXTENDED_COMMUNITIES,
          8 * values.length);
      for (long value : values) {
        out.writeLong(value);
      }
    }
  }

  /// RFC 6793 §4.2.2: only toward an old speaker, and only when the short path loses something.
  static void writeAs4Path(PathAttributes from, SessionOptions options, ByteBuf out) {
    if (options.fourOctetAs() || !AsPathCodec.hasWideAsn(from.asPath())) {
      return;
    }
    AsPath path = AsPathCodec.withoutConfederation(from.asPath());
    int length = AsPathCodec.bytes(path, AsPathCodec.FOUR_OCTETS);
    if (length > 0) {
      header(out, AttributeCodecs.OPTIONAL_TRANSITIVE, AttributeCodecs.AS4_PATH, length);
      AsPathCodec.write(path, AsPathCodec.FOUR_OCTETS, out);
    }
  }

  static void writeAs4Aggregator(PathAttributes from, SessionOptions options, ByteBuf out) {
    Aggregator aggregator = from.aggregator();
    if (!options.fourOctetAs() && aggregator != null && aggregator.asn() > 0xffff) {
      header(out, AttributeCodecs.OPTIONAL_TRANSITIVE, AttributeCodecs.AS4_AGGREGATOR, 8)
          .writeInt((int) aggregator.asn())
          .writeInt(aggregator.address().ipv4());
    }
  }

  static void writeLargeCommunities(PathAttributes from, SessionOptions options, ByteBuf out) {
    writeInts(from.largeCommunities().normalized().values(), AttributeCodecs.LARGE_COMMUNITY, out);
  }

  static void writeOnlyToCustomer(PathAttributes from, SessionOptions options, ByteBuf out) {
    if (from.onlyToCustomer() != PathAttributes.ABSENT) {
      header(out, AttributeCodecs.OPTIONAL_TRANSITIVE, AttributeCodecs.ONLY_TO_CUSTOMER, 4)
          .writeInt((int) from.onlyToCustomer());
    }
  }
}

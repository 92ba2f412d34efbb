package net.donut.wire.bgp;

import io.netty.buffer.ByteBuf;
import java.io.Serial;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import net.donut.model.AsPath;
import net.donut.model.AsPath.Segment;
import net.donut.model.AsPath.SegmentType;
import net.donut.model.Asn;

/// AS_PATH and AS4_PATH on the wire, and how the two become one path (RFC 6793).
final class AsPathCodec {
  static final int TWO_OCTETS = 2;
  static final int FOUR_OCTETS = 4;

  private static final SegmentType[] TYPES = SegmentType.values();

  private AsPathCodec() {}

  /// The path cannot be read: the complaint about it. Carries no stack trace.
  static final class Malformed extends Exception {
    @Serial private static final long serialVersionUID = 1;

    private Malformed(String message) {
      super(message, null, false, false);
    }
  }

  /// Reads the segments of `length` bytes, each number `width` bytes (RFC 7606 §7.2).
  static AsPath read(ByteBuf in, int length, int width) throws Malformed {
    if (length == 0) {
      return AsPath.EMPTY;
    }
    int end = in.readerIndex() + length;
    Segment first = readSegment(in, end, width);
    if (in.readerIndex() == end) {
      return new AsPath(List.of(first));
    }
    List<Segment> segments = new ArrayList<>(4);
    segments.add(first);
    while (in.readerIndex() < end) {
      segments.add(readSegment(in, end, width));
    }
    return new AsPath(segments);
  }

  private static Segment readSegment(ByteBuf in, int end, int width) throws Malformed {
    int left = end - in.readerIndex();
    if (left < 2) {
      throw new Malformed("segment bytes: " + left + " (expected: at least 2)");
    }
    int code = in.readUnsignedByte();
    int count = in.readUnsignedByte();
    if (code < 1 || code > TYPES.length) {
      throw new Malformed("segment type: " + code + " (expected: 1..4)");
    }
    if (count == 0) {
      throw new Malformed("segment length: 0 (expected: at least 1)");
    }
    if (count * width > left - 2) {
      throw new Malformed("segment bytes: " + (left - 2) + " (expected: " + count * width + ")");
    }
    int[] asns = new int[count];
    for (int i = 0; i < count; i++) {
      asns[i] = width == FOUR_OCTETS ? in.readInt() : in.readUnsignedShort();
    }
    return new Segment(TYPES[code - 1], asns);
  }

  static int bytes(AsPath path, int width) {
    int bytes = 0;
    for (Segment segment : path.segments()) {
      bytes += segment.asns().length == 0 ? 0 : 2 + width * segment.asns().length;
    }
    return bytes;
  }

  /// Appends the segments; with two octets a number that does not fit is AS_TRANS.
  static void write(AsPath path, int width, ByteBuf out) {
    for (Segment segment : path.segments()) {
      if (segment.asns().length == 0) {
        continue;
      }
      out.writeByte(segment.type().code()).writeByte(segment.asns().length);
      for (int asn : segment.asns()) {
        if (width == FOUR_OCTETS) {
          out.writeInt(asn);
        } else {
          out.writeShort(asn >>> 16 == 0 ? asn : Asn.AS_TRANS);
        }
      }
    }
  }

  static boolean hasWideAsn(AsPath path) {
    return path.anyMatch(asn -> asn >>> 16 != 0);
  }

  static boolean hasConfederation(AsPath path) {
    for (Segment segment : path.segments()) {
      if (isConfederation(segment)) {
        return true;
      }
    }
    return false;
  }

  /// The path without confederation segments, which AS4_PATH never carries (RFC 6793 §3, §6).
  static AsPath withoutConfederation(AsPath path) {
    return hasConfederation(path)
        ? new AsPath(path.segments().stream().filter(s -> !isConfederation(s)).toList())
        : path;
  }

  private static boolean isConfederation(Segment segment) {
    return segment.type() == SegmentType.AS_CONFED_SEQUENCE
        || segment.type() == SegmentType.AS_CONFED_SET;
  }

  /// The path that an old speaker's AS_PATH and the AS4_PATH behind it mean together (RFC 6793
  /// §4.2.3): as much of the front of `path` as `wide` does not cover, then `wide`. When `wide` is
  /// the longer one it says nothing.
  static AsPath merge(AsPath path, AsPath wide) {
    int keep = path.length() - wide.length();
    if (keep < 0) {
      return path;
    }
    List<Segment> merged = new ArrayList<>();
    for (Segment segment : path.segments()) {
      if (keep == 0 && !isConfederation(segment)) {
        break;
      }
      int covers = covers(segment);
      if (segment.type() == SegmentType.AS_SEQUENCE && covers > keep) {
        merged.add(new Segment(segment.type(), Arrays.copyOf(segment.asns(), keep)));
        break;
      }
      merged.add(segment);
      keep -= covers;
    }
    return new AsPath(join(merged, wide.segments()));
  }

  private static int covers(Segment segment) {
    return switch (segment.type()) {
      case AS_SEQUENCE -> segment.asns().length;
      case AS_SET -> 1;
      case AS_CONFED_SEQUENCE, AS_CONFED_SET -> 0;
    };
  }

  /// Both lists in a row; where a sequence meets a sequence they become one if that is not too
  /// long.
  private static List<Segment> join(List<Segment> front, List<Segment> back) {
    List<Segment> joined = new ArrayList<>(front);
    if (!front.isEmpty() && !back.isEmpty()) {
      int[] head = front.getLast().asns();
      int[] tail = back.getFirst().asns();
      if (front.getLast().type() == SegmentType.AS_SEQUENCE
          && back.getFirst().type() == SegmentType.AS_SEQUENCE
          && head.length + tail.length <= 255) {
        int[] both = Arrays.copyOf(head, head.length + tail.length);
        System.arraycopy(tail, 0, both, head.length, tail.length);
        joined.set(joined.size() - 1, new Segment(SegmentType.AS_SEQUENCE, both));
        joined.addAll(back.subList(1, back.size()));
        return joined;
      }
    }
    joined.addAll(back);
    return joined;
  }
}

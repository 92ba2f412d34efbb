package net.donut.model;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.IntPredicate;

/// An AS_PATH (RFC 4271 §4.3, §5.1.2; 4-octet numbers as in RFC 6793), nearest AS first.
public record AsPath(List<Segment> segments) {
  public static final AsPath EMPTY = new AsPath(List.of());

  /// The kinds of segment, with their codes (RFC 4271 §4.3, RFC 5065 §3).
  public enum SegmentType {
    AS_SET(1),
    AS_SEQUENCE(2),
    AS_CONFED_SEQUENCE(3),
    AS_CONFED_SET(4);

    private final int code;

    SegmentType(int code) {
      this.code = code;
    }

    public int code() {
      return code;
    }
  }

  /// One segment: 0..255 numbers as unsigned ints. The array is never written after construction.
  public record Segment(SegmentType type, int[] asns) {
    @Override
    public boolean equals(Object other) {
      return other instanceof Segment that && type == that.type && Arrays.equals(asns, that.asns);
    }

    @Override
    public int hashCode() {
      return 31 * type.code() + Arrays.hashCode(asns);
    }
  }

  public AsPath {
    segments = List.copyOf(segments);
  }

  /// A path of one AS_SEQUENCE; numbers 0..4294967295.
  public static AsPath of(long... asns) {
    if (asns.length == 0) {
      return EMPTY;
    }
    List<Segment> segments = new ArrayList<>();
    for (int start = 0; start < asns.length; start += 255) {
      int[] part = new int[Math.min(255, asns.length - start)];
      for (int i = 0; i < part.length; i++) {
        part[i] = (int) asns[start + i];
      }
      segments.add(new Segment(SegmentType.AS_SEQUENCE, part));
    }
    return new AsPath(segments);
  }

  /// Parses what [#toString] writes: `64500 64501 {64502,64503}`, confederations as `(1 2)` and
  /// `[1,2]`.
  public static AsPath parse(String text) {
    return AsPathText.parse(text);
  }

  /// The length the decision process compares: an AS_SET counts 1 (RFC 4271 §9.1.2.2 a),
  /// confederation segments 0 (RFC 5065 §5.3).
  public int length() {
    int length = 0;
    for (Segment segment : segments) {
      length +=
          switch (segment.type()) {
            case AS_SEQUENCE -> segment.asns().length;
            case AS_SET -> 1;
            case AS_CONFED_SEQUENCE, AS_CONFED_SET -> 0;
          };
    }
    return length;
  }

  /// The neighbor AS: the first number when the path begins with an AS_SEQUENCE (confederation
  /// segments skipped), else 0, as RFC 4271 §9.1.2.2 c wants for MED.
  public int neighborAs() {
    for (Segment segment : segments) {
      switch (segment.type()) {
        case AS_SEQUENCE -> {
          return segment.asns().length == 0 ? 0 : segment.asns()[0];
        }
        case AS_SET -> {
          return 0;
        }
        case AS_CONFED_SEQUENCE, AS_CONFED_SET -> {}
      }
    }
    return 0;
  }

  /// The origin AS: the last number of a path ending in an AS_SEQUENCE, else 0 (an AS_SET has no
  /// single origin).
  public int originAs() {
    if (segments.isEmpty()) {
      return 0;
    }
    Segment last = segments.getLast();
    return last.type() == SegmentType.AS_SEQUENCE && last.asns().length > 0
        ? last.asns()[last.asns().length - 1]
        : 0;
  }

  public boolean contains(long asn) {
    return anyMatch(candidate -> candidate == (int) asn);
  }

  /// Whether any number of the path, in any segment, satisfies the test.
  public boolean anyMatch(IntPredicate test) {
    for (Segment segment : segments) {
      for (int asn : segment.asns()) {
        if (test.test(asn)) {
          return true;
        }
      }
    }
    return false;
  }

  /// This path with `asn` put before it `count` times (RFC 4271 §5.1.2 b).
  public AsPath prepend(long asn, int count) {
    int room = 255;
    boolean join = !segments.isEmpty() && segments.getFirst().type() == SegmentType.AS_SEQUENCE;
    int[] tail = join ? segments.getFirst().asns() : new int[0];
    if (tail.length + count > room) {
      tail = new int[0];
      join = false;
    }
    int[] joined = new int[count + tail.length];
    Arrays.fill(joined, 0, count, (int) asn);
    System.arraycopy(tail, 0, joined, count, tail.length);
    List<Segment> result = new ArrayList<>();
    result.add(new Segment(SegmentType.AS_SEQUENCE, joined));
    result.addAll(join ? segments.subList(1, segments.size()) : segments);
    return new AsPath(result);
  }

  @Override
  public String toString() {
    return AsPathText.format(this);
  }
}

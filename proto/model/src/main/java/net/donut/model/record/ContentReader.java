package net.donut.model.record;

import java.nio.BufferUnderflowException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.DateTimeException;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import net.donut.model.Aggregator;
import net.donut.model.AsPath;
import net.donut.model.Communities;
import net.donut.model.ExtendedCommunities;
import net.donut.model.Family;
import net.donut.model.IpAddress;
import net.donut.model.LargeCommunities;
import net.donut.model.Origin;
import net.donut.model.PathAttributes;
import net.donut.model.Prefixes;
import net.donut.model.UnknownAttribute;
import org.jspecify.annotations.Nullable;

/// Reads what a [ContentWriter] wrote. Throws [RecordingException] where that is not there. Owned
/// by one thread.
public final class ContentReader {
  private final ByteBuffer content;

  public ContentReader(ByteBuffer content) {
    this.content = content.slice();
  }

  /// Reads one value and requires that nothing follows it.
  public static <T> T whole(ByteBuffer content, Function<ContentReader, T> read) {
    ContentReader reader = new ContentReader(content);
    try {
      T value = read.apply(reader);
      if (reader.content.hasRemaining()) {
        throw new RecordingException("input: " + reader.content.remaining() + " bytes too long");
      }
      return value;
    } catch (BufferUnderflowException e) {
      throw new RecordingException("input: too short", e);
    } catch (IllegalArgumentException | ArithmeticException | DateTimeException e) {
      throw new RecordingException("input: " + e.getMessage(), e);
    }
  }

  public long number() {
    long value = 0;
    for (int shift = 0; shift <= 63; shift += 7) {
      byte next = content.get();
      value |= (long) (next & 0x7f) << shift;
      if (next >= 0) {
        return value;
      }
    }
    throw new RecordingException("number: longer than 64 bits");
  }

  /// A number of things that take a byte at least.
  private int count() {
    long count = number();
    if (count < 0 || count > content.remaining()) {
      throw new RecordingException(
          "count: " + count + " (expected: 0.." + content.remaining() + ")");
    }
    return (int) count;
  }

  /// A number within the range of an `int`.
  public int integer() {
    return Math.toIntExact(number());
  }

  public boolean flag() {
    return number() != 0;
  }

  public String text() {
    return new String(bytes(), StandardCharsets.UTF_8);
  }

  public byte[] bytes() {
    byte[] bytes = new byte[count()];
    content.get(bytes);
    return bytes;
  }

  public <T> List<T> all(Function<ContentReader, T> each) {
    int count = count();
    List<T> values = new ArrayList<>(count);
    for (int i = 0; i < count; i++) {
      values.add(each.apply(this));
    }
    return values;
  }

  public Family family() {
    return Family.ofAfi(integer());
  }

  /// An address, or null where none was written.
  public @Nullable IpAddress addressOrNull() {
    byte[] bytes = bytes();
    return bytes.length == 0 ? null : IpAddress.ofBytes(bytes);
  }

  public IpAddress address() {
    return IpAddress.ofBytes(bytes());
  }

  public Prefixes prefixes() {
    Family family = family();
    int count = count();
    Prefixes.Builder prefixes = new Prefixes.Builder(family, Math.max(1, count));
    for (int i = 0; i < count; i++) {
      int length = integer();
      if (length < 0 || length > family.bits()) {
        throw new RecordingException("length: " + length + " (expected: 0.." + family.bits() + ")");
      }
      long high = 0;
      long low = 0;
      for (int at = 0; at < (length + 7) >>> 3; at++) {
        long octet = (content.get() & 0xffL) << (56 - 8 * (at & 7));
        if (at < 8) {
          high |= octet;
        } else {
          low |= octet;
        }
      }
      prefixes.add(high, low, length);
    }
    return prefixes.build();
  }

  public PathAttributes attributes() {
    Origin origin = origin();
    AsPath asPath = new AsPath(all(ContentReader::segment));
    PathAttributes.Builder set = PathAttributes.builder(origin, asPath, address());
    set.linkLocalNextHop(addressOrNull())
        .med(number() - 1)
        .localPref(number() - 1)
        .onlyToCustomer(number() - 1)
        .atomicAggregate(flag());
    if (flag()) {
      set.aggregator(new Aggregator(number(), address()));
    }
    set.communities(Communities.of(integers()));
    long[] extended = new long[count()];
    for (int i = 0; i < extended.length; i++) {
      extended[i] = number();
    }
    return set.extendedCommunities(ExtendedCommunities.of(extended))
        .largeCommunities(LargeCommunities.of(integers()))
        .unknown(all(ContentReader::unknown))
        .build();
  }

  private Origin origin() {
    int code = integer();
    return switch (code) {
      case 0 -> Origin.IGP;
      case 1 -> Origin.EGP;
      case 2 -> Origin.INCOMPLETE;
      default -> throw new RecordingException("origin: " + code + " (expected: 0..2)");
    };
  }

  private AsPath.Segment segment() {
    int code = integer();
    for (AsPath.SegmentType type : AsPath.SegmentType.values()) {
      if (type.code() == code) {
        return new AsPath.Segment(type, integers());
      }
    }
    throw new RecordingException("AS_PATH segment type: " + code + " (expected: 1..4)");
  }

  private UnknownAttribute unknown() {
    return new UnknownAttribute(integer(), integer(), bytes());
  }

  private int[] integers() {
    int[] values = new int[count()];
    for (int i = 0; i < values.length; i++) {
      values[i] = (int) number();
    }
    return values;
  }
}

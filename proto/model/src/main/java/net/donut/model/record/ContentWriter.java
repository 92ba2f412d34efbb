package net.donut.model.record;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Collection;
import java.util.function.BiConsumer;
import net.donut.model.Aggregator;
import net.donut.model.AsPath;
import net.donut.model.Family;
import net.donut.model.IpAddress;
import net.donut.model.Origin;
import net.donut.model.PathAttributes;
import net.donut.model.Prefixes;
import net.donut.model.UnknownAttribute;
import org.jspecify.annotations.Nullable;

/// Writes the content of an input: numbers, texts and routes, which [ContentReader] reads in the
/// same order. Owned by one thread.
public final class ContentWriter {
  private static final int LONGEST_NUMBER = 10;

  private byte[] bytes = new byte[128];
  private int size;

  /// As a recording writes it; a negative number takes ten bytes.
  public ContentWriter number(long value) {
    reserve(LONGEST_NUMBER);
    long left = value;
    while ((left & ~0x7fL) != 0) {
      bytes[size++] = (byte) ((left & 0x7f) | 0x80);
      left >>>= 7;
    }
    bytes[size++] = (byte) left;
    return this;
  }

  public ContentWriter flag(boolean value) {
    return number(value ? 1 : 0);
  }

  public ContentWriter text(String text) {
    return bytes(text.getBytes(StandardCharsets.UTF_8));
  }

  /// Their number, then they.
  public ContentWriter bytes(byte[] value) {
    number(value.length);
    return raw(value);
  }

  private ContentWriter raw(byte[] value) {
    reserve(value.length);
    System.arraycopy(value, 0, bytes, size, value.length);
    size += value.length;
    return this;
  }

  /// How many there are, then each.
  public <T> ContentWriter all(Collection<T> values, BiConsumer<ContentWriter, T> each) {
    number(values.size());
    values.forEach(value -> each.accept(this, value));
    return this;
  }

  public ContentWriter family(Family family) {
    return number(family.afi());
  }

  /// Empty for none.
  public ContentWriter address(@Nullable IpAddress address) {
    return address == null ? number(0) : bytes(address.bytes());
  }

  public ContentWriter prefixes(Prefixes prefixes) {
    family(prefixes.family()).number(prefixes.size());
    for (int i = 0; i < prefixes.size(); i++) {
      int length = prefixes.length(i);
      number(length);
      reserve(16);
      for (int at = 0; at < (length + 7) >>> 3; at++) {
        long half = at < 8 ? prefixes.high(i) : prefixes.low(i);
        bytes[size++] = (byte) (half >>> (56 - 8 * (at & 7)));
      }
    }
    return this;
  }

  public ContentWriter attributes(PathAttributes set) {
    number(originCode(set.origin()));
    all(set.asPath().segments(), ContentWriter::segment);
    address(set.nextHop()).address(set.linkLocalNextHop());
    number(set.med() + 1).number(set.localPref() + 1).number(set.onlyToCustomer() + 1);
    flag(set.atomicAggregate());
    Aggregator aggregator = set.aggregator();
    flag(aggregator != null);
    if (aggregator != null) {
      number(aggregator.asn()).address(aggregator.address());
    }
    integers(set.communities().values());
    number(set.extendedCommunities().values().length);
    for (long community : set.extendedCommunities().values()) {
      number(community);
    }
    integers(set.largeCommunities().values());
    return all(set.unknown(), ContentWriter::unknown);
  }

  private static int originCode(Origin origin) {
    return switch (origin) {
      case IGP -> 0;
      case EGP -> 1;
      case INCOMPLETE -> 2;
    };
  }

  private void segment(AsPath.Segment segment) {
    number(segment.type().code());
    integers(segment.asns());
  }

  private void unknown(UnknownAttribute attribute) {
    number(attribute.flags()).number(attribute.type()).bytes(attribute.value());
  }

  private void integers(int[] values) {
    number(values.length);
    for (int value : values) {
      number(Integer.toUnsignedLong(value));
    }
  }

  private void reserve(int more) {
    if (bytes.length - size < more) {
      bytes = Arrays.copyOf(bytes, Math.max(size + more, 2 * bytes.length));
    }
  }

  public byte[] toBytes() {
    return Arrays.copyOf(bytes, size);
  }
}

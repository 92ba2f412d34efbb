package net.donut.api;

import com.google.protobuf.ByteString;
import com.google.protobuf.UnsafeByteOperations;
import java.util.Arrays;
import net.donut.model.Family;
import net.donut.model.Prefixes;

/// Prefixes as the packed bytes of `RouteGroup.nlri`: a length octet, then as many octets as the
/// length needs (RFC 4271 §4.3), the same on the wire of BGP.
public final class NlriMapping {
  private NlriMapping() {}

  public static ByteString pack(Prefixes prefixes) {
    return new Packer(prefixes.size()).add(prefixes).build();
  }

  /// Reads packed prefixes; host bits are cleared. Throws IllegalArgumentException naming the
  /// offset of what does not fit.
  public static Prefixes unpack(Family family, ByteString packed) {
    Prefixes.Builder prefixes = new Prefixes.Builder(family, Math.max(1, packed.size() / 4));
    int size = packed.size();
    int at = 0;
    while (at < size) {
      int length = packed.byteAt(at) & 0xff;
      int bytes = (length + 7) >>> 3;
      if (length > family.bits()) {
        throw new IllegalArgumentException(
            "prefix length at offset "
                + at
                + ": "
                + length
                + " (expected: 0.."
                + family.bits()
                + ")");
      }
      if (at + 1 + bytes > size) {
        throw new IllegalArgumentException(
            "prefix at offset "
                + at
                + ": "
                + (size - at - 1)
                + " bytes left (expected: "
                + bytes
                + ")");
      }
      long high = 0;
      long low = 0;
      for (int i = 0; i < bytes; i++) {
        long octet = packed.byteAt(at + 1 + i) & 0xffL;
        if (i < 8) {
          high |= octet << (56 - 8 * i);
        } else {
          low |= octet << (120 - 8 * i);
        }
      }
      prefixes.add(high, low, length);
      at += 1 + bytes;
    }
    return prefixes.build();
  }

  /// Packs prefixes one by one without an object for each. Not reusable after [#build].
  public static final class Packer {
    private byte[] bytes;
    private int used;
    private int count;

    public Packer(int expected) {
      bytes = new byte[Math.max(16, expected * 5)];
    }

    /// Adds a prefix by its left-aligned bits; those beyond `length` must be zero.
    public Packer add(long high, long low, int length) {
      int octets = (length + 7) >>> 3;
      if (used + 1 + octets > bytes.length) {
        bytes = Arrays.copyOf(bytes, bytes.length * 2 + 1 + octets);
      }
      bytes[used++] = (byte) length;
      for (int i = 0; i < octets; i++) {
        bytes[used++] = (byte) ((i < 8 ? high : low) >>> (56 - 8 * (i & 7)));
      }
      count++;
      return this;
    }

    public Packer add(Prefixes prefixes) {
      for (int i = 0; i < prefixes.size(); i++) {
        add(prefixes.high(i), prefixes.low(i), prefixes.length(i));
      }
      return this;
    }

    /// How many prefixes were added.
    public int count() {
      return count;
    }

    /// The packed bytes so far, without a copy.
    public ByteString build() {
      return UnsafeByteOperations.unsafeWrap(bytes, 0, used);
    }
  }
}

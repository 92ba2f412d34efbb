package net.donut.wire.bgp;

import io.netty.buffer.ByteBuf;
import java.util.Arrays;
import java.util.List;
import net.donut.model.Family;
import net.donut.model.Prefixes;

/// Prefixes as they stand in messages: a length in bits, then as many bytes as that takes (RFC 4271
/// §4.3), after a path identifier where that was agreed (RFC 7911 §3).
final class Nlri {
  private static final int PATH_ID_BYTES = 4;

  /// What [#write] puts where a path identifier is due: we announce one path a prefix.
  private static final int ONLY_PATH = 1;

  private static final int[] NONE = {};

  private Nlri() {}

  /// Whether path identifiers stand before the prefixes.
  enum PathIds {
    ABSENT,
    PRESENT;

    static PathIds of(SessionOptions options, Family family) {
      boolean present =
          switch (family) {
            case IPV4 -> options.addPathIpv4();
            case IPV6 -> options.addPathIpv6();
          };
      return present ? PRESENT : ABSENT;
    }
  }

  /// What is to be done when the last prefix is not whole.
  enum Ending {
    /// It is an error.
    WHOLE,
    /// Reading stops before it.
    CUT
  }

  /// Prefixes, and as many path identifiers, or none of them.
  record Block(Prefixes prefixes, int[] pathIds) {
    static Block empty(Family family) {
      return new Block(Prefixes.none(family), NONE);
    }

    /// This block and then the other, of the same family.
    Block plus(Block other) {
      var both = new Prefixes.Builder(prefixes.family(), prefixes.size() + other.prefixes.size());
      addTo(both);
      other.addTo(both);
      return new Block(both.build(), Nlri.pathIds(List.of(this, other), List.of()));
    }

    private void addTo(Prefixes.Builder builder) {
      for (int i = 0; i < prefixes.size(); i++) {
        builder.add(prefixes.high(i), prefixes.low(i), prefixes.length(i));
      }
    }
  }

  /// The path identifiers of all blocks in a row: empty when no block has any.
  static int[] pathIds(List<Block> first, List<Block> then) {
    int[] ids = NONE;
    for (List<Block> blocks : List.of(first, then)) {
      for (Block block : blocks) {
        int size = ids.length;
        if (block.pathIds.length > 0) {
          ids = Arrays.copyOf(ids, size + block.pathIds.length);
          System.arraycopy(block.pathIds, 0, ids, size, block.pathIds.length);
        }
      }
    }
    return ids;
  }

  /// Reads prefixes up to index `end`. Throws [BgpFault] with `subcode` when they do not end there
  /// (unless [Ending#CUT]) or a length is beyond the family's (RFC 7606 §5.3). Bits beyond the
  /// length are irrelevant and cleared.
  static Block read(
      ByteBuf in, int end, Family family, PathIds pathIds, Ending ending, int subcode) {
    int left = end - in.readerIndex();
    if (left == 0) {
      return Block.empty(family);
    }
    var prefixes = new Prefixes.Builder(family, left / (family == Family.IPV4 ? 4 : 6) + 1);
    int idBytes = pathIds == PathIds.PRESENT ? PATH_ID_BYTES : 0;
    int[] ids = NONE;
    while (in.readerIndex() < end) {
      int start = in.readerIndex();
      left = end - start - idBytes - 1;
      int bits = left < 0 ? 0 : in.getUnsignedByte(start + idBytes);
      if (bits > family.bits()) {
        throw MessageFaults.update(
            subcode,
            MessageFaults.NO_DATA,
            "prefix length: " + bits + " (expected: 0.." + family.bits() + ")");
      }
      int bytes = (bits + 7) >>> 3;
      if (bytes > left) {
        if (ending == Ending.CUT) {
          break;
        }
        throw MessageFaults.update(
            subcode,
            MessageFaults.NO_DATA,
            "prefix bytes: " + (end - start) + " (expected: " + (idBytes + 1 + bytes) + ")");
      }
      if (idBytes > 0) {
        ids = append(ids, prefixes.size(), in.getInt(start));
      }
      in.readerIndex(start + idBytes + 1);
      long high = left64(in, Math.min(bytes, 8));
      prefixes.add(high, bytes > 8 ? left64(in, bytes - 8) : 0, bits);
    }
    return new Block(prefixes.build(), Arrays.copyOf(ids, ids.length == 0 ? 0 : prefixes.size()));
  }

  private static int[] append(int[] ids, int size, int id) {
    int[] grown = size < ids.length ? ids : Arrays.copyOf(ids, Math.max(8, 2 * size));
    grown[size] = id;
    return grown;
  }

  /// Reads 0..8 bytes, left-aligned.
  private static long left64(ByteBuf in, int bytes) {
    return switch (bytes) {
      case 0 -> 0;
      case 1 -> (long) in.readByte() << 56;
      case 2 -> (long) in.readShort() << 48;
      case 3 -> (long) in.readMedium() << 40;
      case 4 -> (long) in.readInt() << 32;
      case 8 -> in.readLong();
      default -> {
        long value = 0;
        for (int i = 0; i < bytes; i++) {
          value |= (in.readByte() & 0xffL) << (56 - 8 * i);
        }
        yield value;
      }
    };
  }

  /// The first index after `from` whose prefix no longer fits into `room` bytes.
  static int fit(Prefixes prefixes, int from, int room, PathIds pathIds) {
    int fixed = pathIds == PathIds.PRESENT ? 1 + PATH_ID_BYTES : 1;
    int left = room;
    int at = from;
    while (at < prefixes.size()) {
      left -= fixed + ((prefixes.length(at) + 7) >>> 3);
      if (left < 0) {
        break;
      }
      at++;
    }
    return at;
  }

  /// The bytes of the prefixes `from` (included) to `to` (excluded).
  static int bytes(Prefixes prefixes, int from, int to, PathIds pathIds) {
    int bytes = (to - from) * (pathIds == PathIds.PRESENT ? 1 + PATH_ID_BYTES : 1);
    for (int i = from; i < to; i++) {
      bytes += (prefixes.length(i) + 7) >>> 3;
    }
    return bytes;
  }

  static void write(Prefixes prefixes, int from, int to, PathIds pathIds, ByteBuf out) {
    for (int i = from; i < to; i++) {
      if (pathIds == PathIds.PRESENT) {
        out.writeInt(ONLY_PATH);
      }
      int bits = prefixes.length(i);
      out.writeByte(bits);
      int bytes = (bits + 7) >>> 3;
      writeLeft(prefixes.high(i), Math.min(bytes, 8), out);
      if (bytes > 8) {
        writeLeft(prefixes.low(i), bytes - 8, out);
      }
    }
  }

  private static void writeLeft(long value, int bytes, ByteBuf out) {
    switch (bytes) {
      case 0 -> {}
      case 3 -> out.writeMedium((int) (value >>> 40));
      case 4 -> out.writeInt((int) (value >>> 32));
      case 8 -> out.writeLong(value);
      default -> {
        for (int i = 0; i < bytes; i++) {
          out.writeByte((int) (value >>> (56 - 8 * i)));
        }
      }
    }
  }
}

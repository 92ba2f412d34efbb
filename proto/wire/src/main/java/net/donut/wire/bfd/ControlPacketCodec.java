package net.donut.wire.bfd;

import java.nio.ByteBuffer;
import java.util.EnumSet;
import java.util.Set;
import net.donut.wire.bfd.BfdReception.Discarded;
import net.donut.wire.bfd.ControlPacket.Flag;
import org.jspecify.annotations.Nullable;

/// BFD Control packets as bytes (RFC 5880 §4.1) in network order.
public final class ControlPacketCodec {
  /// The length of a packet without authentication section.
  public static final int BYTES = 24;

  private static final int VERSION = 1;
  private static final int AUTHENTICATION_PRESENT = 0x04;
  private static final int MULTIPOINT = 0x01;
  private static final int AUTHENTICATED_BYTES = 26;
  private static final long UNSIGNED = 0xffff_ffffL;

  private ControlPacketCodec() {}

  /// Writes a packet at the position of `out`, which is moved behind it.
  public static void encode(ControlPacket packet, ByteBuffer out) {
    int flags = 0;
    for (Flag flag : packet.flags()) {
      flags |= flag.bit();
    }
    out.put((byte) (VERSION << 5 | packet.diagnostic().code()))
        .put((byte) (packet.state().code() << 6 | flags))
        .put((byte) packet.multiplier())
        .put((byte) BYTES)
        .putInt(packet.myDiscriminator())
        .putInt(packet.yourDiscriminator())
        .putInt((int) packet.desiredMinTxMicros())
        .putInt((int) packet.requiredMinRxMicros())
        .putInt((int) packet.requiredMinEchoRxMicros());
  }

  /// Reads the datagram between position and limit of `in`, with those checks of RFC 5880 §6.8.6
  /// that need no session. Never throws.
  ///
  /// RFC: bytes behind the length given in the packet are not spoken of. Here: they are ignored.
  public static BfdReception decode(ByteBuffer in) {
    int start = in.position();
    int available = in.remaining();
    if (available < BYTES) {
      return new Discarded("datagram bytes: " + available + " (expected: at least " + BYTES + ")");
    }
    int first = Byte.toUnsignedInt(in.get(start));
    int second = Byte.toUnsignedInt(in.get(start + 1));
    int multiplier = Byte.toUnsignedInt(in.get(start + 2));
    int length = Byte.toUnsignedInt(in.get(start + 3));
    int mine = in.getInt(start + 4);
    int yours = in.getInt(start + 8);
    BfdState state = BfdState.of(second >> 6);
    String fault = fault(first, second, multiplier, length, available);
    if (fault != null) {
      return new Discarded(fault);
    }
    if (mine == 0) {
      return new Discarded("my discriminator: 0 (expected: not 0)");
    }
    if (yours == 0 && state.compareTo(BfdState.DOWN) > 0) {
      return new Discarded("your discriminator: 0 in state " + state + " (expected: not 0)");
    }
    return new ControlPacket(
        new Diagnostic(first & 0x1f),
        state,
        flags(second),
        multiplier,
        mine,
        yours,
        in.getInt(start + 12) & UNSIGNED,
        in.getInt(start + 16) & UNSIGNED,
        in.getInt(start + 20) & UNSIGNED);
  }

  private static @Nullable String fault(
      int first, int second, int multiplier, int length, int available) {
    int least = (second & AUTHENTICATION_PRESENT) == 0 ? BYTES : AUTHENTICATED_BYTES;
    if (first >> 5 != VERSION) {
      return "version: " + (first >> 5) + " (expected: 1)";
    }
    if (length < least || length > available) {
      return "length: " + length + " (expected: " + least + ".." + available + ")";
    }
    if (multiplier == 0) {
      return "multiplier: 0 (expected: 1..255)";
    }
    if ((second & MULTIPOINT) != 0) {
      return "multipoint: 1 (expected: 0)";
    }
    return (second & AUTHENTICATION_PRESENT) == 0
        ? null
        : "authentication: present (expected: none)";
  }

  private static Set<Flag> flags(int octet) {
    Set<Flag> flags = EnumSet.noneOf(Flag.class);
    for (Flag flag : Flag.values()) {
      if ((octet & flag.bit()) != 0) {
        flags.add(flag);
      }
    }
    return flags;
  }
}

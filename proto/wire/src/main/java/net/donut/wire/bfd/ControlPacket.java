package net.donut.wire.bfd;

import java.util.Set;

/// A BFD Control packet of version 1 without authentication section (RFC 5880 §4.1). Intervals are
/// in microseconds, 0..4294967295.
///
/// @param multiplier 1..255
/// @param myDiscriminator not 0; an unsigned number of 32 bits
/// @param yourDiscriminator 0 while the sender does not know it
/// @param requiredMinRxMicros 0: the sender does not want periodic packets
/// @param requiredMinEchoRxMicros 0: the sender does not answer Echo packets
public record ControlPacket(
    Diagnostic diagnostic,
    BfdState state,
    Set<Flag> flags,
    int multiplier,
    int myDiscriminator,
    int yourDiscriminator,
    long desiredMinTxMicros,
    long requiredMinRxMicros,
    long requiredMinEchoRxMicros)
    implements BfdReception {
  private static final long MOST = 0xffff_ffffL;

  /// The flags a packet may carry; the order is not that of the bits.
  public enum Flag {
    /// The sender wants a packet with [#FINAL] at once.
    POLL(0x20),
    /// The answer to [#POLL].
    FINAL(0x10),
    /// The sender's BFD does not share the fate of its control plane.
    CONTROL_PLANE_INDEPENDENT(0x08),
    /// The sender wants the receiver to be silent once both are up.
    DEMAND(0x02);

    private final int bit;

    Flag(int bit) {
      this.bit = bit;
    }

    int bit() {
      return bit;
    }
  }

  public ControlPacket {
    flags = Set.copyOf(flags);
    require(multiplier >= 1 && multiplier <= 255, "multiplier", multiplier, "1..255");
    require(myDiscriminator != 0, "my discriminator", 0, "not 0");
    interval("desired min TX", desiredMinTxMicros);
    interval("required min RX", requiredMinRxMicros);
    interval("required min echo RX", requiredMinEchoRxMicros);
  }

  private static void interval(String what, long micros) {
    require(micros >= 0 && micros <= MOST, what, micros, "0..4294967295 us");
  }

  private static void require(boolean met, String what, long found, String expected) {
    if (!met) {
      throw new IllegalArgumentException(what + ": " + found + " (expected: " + expected + ")");
    }
  }

  public boolean has(Flag flag) {
    return flags.contains(flag);
  }
}

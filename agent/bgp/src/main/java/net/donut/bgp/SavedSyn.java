package net.donut.bgp;

import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/// What the SYN of an accepted connection says, as the kernel saved it: IP header and TCP header
/// (`TCP_SAVED_SYN`). Pure.
///
/// @param ttl 0..255; the hop limit of IPv6
record SavedSyn(int ttl, Signature signature) {

  /// Whether there is a TCP MD5 signature (RFC 2385).
  enum Signature {
    PRESENT,
    ABSENT,
    /// Extension headers stand before the TCP header.
    UNKNOWN
  }

  /// The longest IPv6 header that Linux saves fits with the longest TCP header.
  static final int MAX_BYTES = 512;

  private static final int IPV6_HEADER = 40;
  private static final int TCP = 6;
  private static final int TCP_HEADER = 20;
  private static final int OPTION_END = 0;
  private static final int OPTION_NOP = 1;
  private static final int OPTION_MD5 = 19;

  /// Reads the headers at the beginning of the buffer; null when there are none: the kernel saves
  /// nothing while it answers with SYN cookies.
  static @Nullable SavedSyn parse(ByteBuffer bytes) {
    int version = bytes.remaining() < IPV6_HEADER ? 0 : bytes.get(0) >>> 4 & 15;
    return switch (version) {
      case 4 -> new SavedSyn(bytes.get(8) & 0xff, signature(bytes, (bytes.get(0) & 15) * 4));
      case 6 ->
          new SavedSyn(
              bytes.get(7) & 0xff,
              bytes.get(6) == TCP ? signature(bytes, IPV6_HEADER) : Signature.UNKNOWN);
      default -> null;
    };
  }

  private static Signature signature(ByteBuffer bytes, int tcp) {
    if (bytes.limit() < tcp + TCP_HEADER) {
      return Signature.UNKNOWN;
    }
    int end = Math.min(bytes.limit(), tcp + (bytes.get(tcp + 12) >>> 4 & 15) * 4);
    int at = tcp + TCP_HEADER;
    while (at < end && bytes.get(at) != OPTION_END) {
      if (bytes.get(at) == OPTION_MD5) {
        return Signature.PRESENT;
      }
      int length = bytes.get(at) == OPTION_NOP || at + 1 == end ? 1 : bytes.get(at + 1) & 0xff;
      at += Math.max(1, length);
    }
    return Signature.ABSENT;
  }
}

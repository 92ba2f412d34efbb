package net.donut.model;

import java.net.InetAddress;
import java.net.UnknownHostException;

/// An IPv4 or IPv6 address, left-aligned in 128 bits: an IPv4 address fills the upper 32 bits of
/// `high`, the rest is 0.
public record IpAddress(Family family, long high, long low) implements Comparable<IpAddress> {

  public IpAddress {
    if (family == Family.IPV4 && ((high & 0xffff_ffffL) != 0 || low != 0)) {
      throw new IllegalArgumentException("IPv4 address beyond 32 bits: " + Long.toHexString(high));
    }
  }

  /// An IPv4 address from its 32 bits in network order.
  public static IpAddress ofIpv4(int bits) {
    return new IpAddress(Family.IPV4, (long) bits << 32, 0);
  }

  public static IpAddress ofIpv6(long high, long low) {
    return new IpAddress(Family.IPV6, high, low);
  }

  /// An address from its 4 or 16 bytes in network order.
  public static IpAddress ofBytes(byte[] bytes) {
    return switch (bytes.length) {
      case 4 -> new IpAddress(Family.IPV4, Bits.long64(bytes, 0, 4), 0);
      case 16 -> new IpAddress(Family.IPV6, Bits.long64(bytes, 0, 8), Bits.long64(bytes, 8, 8));
      default ->
          throw new IllegalArgumentException(
              "address bytes: " + bytes.length + " (expected: 4 or 16)");
    };
  }

  public static IpAddress of(InetAddress address) {
    return ofBytes(address.getAddress());
  }

  /// Parses a literal address; never asks a name server. Throws IllegalArgumentException naming the
  /// text.
  public static IpAddress parse(String text) {
    return AddressText.parse(text);
  }

  /// The 32 bits of an IPv4 address.
  public int ipv4() {
    return (int) (high >>> 32);
  }

  /// The address in network order: 4 or 16 bytes.
  public byte[] bytes() {
    byte[] bytes = new byte[family.bytes()];
    for (int i = 0; i < bytes.length; i++) {
      bytes[i] = (byte) ((i < 8 ? high : low) >>> (56 - 8 * (i & 7)));
    }
    return bytes;
  }

  public InetAddress toInetAddress() {
    try {
      return InetAddress.getByAddress(bytes());
    } catch (UnknownHostException e) {
      throw new IllegalStateException(e);
    }
  }

  /// Whether this is fe80::/10 (RFC 4291 §2.5.6).
  public boolean isLinkLocal() {
    return family == Family.IPV6 && (high >>> 54) == 0x3fa;
  }

  /// IPv4 before IPv6, then by unsigned value.
  @Override
  public int compareTo(IpAddress other) {
    int byFamily = family.compareTo(other.family);
    if (byFamily != 0) {
      return byFamily;
    }
    int byHigh = Long.compareUnsigned(high, other.high);
    return byHigh != 0 ? byHigh : Long.compareUnsigned(low, other.low);
  }

  /// Dotted decimal, or RFC 5952 text.
  @Override
  public String toString() {
    return AddressText.format(this);
  }
}

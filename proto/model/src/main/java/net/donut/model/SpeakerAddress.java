package net.donut.model;

import org.jspecify.annotations.Nullable;

/// Which addresses an end of a BGP session, a link or a router id may have: those one host has and
/// another can reach.
public final class SpeakerAddress {
  private SpeakerAddress() {}

  /// What is wrong with an address and what is meant instead, such as `an IPv6 address;
  /// ::ffff:10.1.1.2 is IPv4: 10.1.1.2 under ipv4`; null for one that may be used.
  public static @Nullable String objection(IpAddress address) {
    return address.family() == Family.IPV4 ? ipv4(address.ipv4()) : ipv6(address);
  }

  /// The same for a speaker that may run against itself, on the loopback network.
  public static @Nullable String objectionButLoopback(IpAddress address) {
    return isLoopback(address) ? null : objection(address);
  }

  private static boolean isLoopback(IpAddress address) {
    return address.family() == Family.IPV4
        ? address.ipv4() >>> 24 == 127
        : address.high() == 0 && address.low() == 1;
  }

  private static @Nullable String ipv4(int bits) {
    int first = bits >>> 24;
    if (bits == 0) {
      return "a unicast address; 0.0.0.0 is no host's";
    }
    if (first == 0) {
      return "a unicast address; 0.0.0.0/8 is no host's (RFC 791)";
    }
    if (first == 127) {
      return "a unicast address; 127.0.0.0/8 never leaves the host: one of an interface is meant";
    }
    if (bits == -1) {
      return "a unicast address; 255.255.255.255 is everybody's (broadcast)";
    }
    if (first >= 240) {
      return "a unicast address; 240.0.0.0/4 is reserved (RFC 1112)";
    }
    return first >= 224 ? "a unicast address; 224.0.0.0/4 is multicast" : null;
  }

  private static @Nullable String ipv6(IpAddress address) {
    if (address.high() == 0) {
      return ipv6Zeros(address.low());
    }
    return address.high() >>> 56 == 0xff ? "a unicast address; ff00::/8 is multicast" : null;
  }

  /// The first 64 bits are zero.
  private static @Nullable String ipv6Zeros(long low) {
    if (low == 0) {
      return "a unicast address; :: is no host's";
    }
    if (low == 1) {
      return "a unicast address; ::1 never leaves the host: one of an interface is meant";
    }
    IpAddress inner = IpAddress.ofIpv4((int) low);
    if (low >>> 32 == 0xffff) {
      return "an IPv6 address; this is IPv4 on the wire (IPv4-mapped, RFC 4291 section 2.5.5.2): "
          + inner
          + " is meant, under ipv4";
    }
    return low >>> 32 == 0
        ? "an IPv6 address; this form is deprecated (IPv4-compatible, RFC 4291 section 2.5.5.1): "
            + inner
            + " is meant, under ipv4"
        : null;
  }
}

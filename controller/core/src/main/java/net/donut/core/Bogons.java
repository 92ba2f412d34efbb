package net.donut.core;

import java.util.List;
import net.donut.model.Bits;
import net.donut.model.Family;
import net.donut.model.Prefix;

/// Address space and AS numbers that have no place in the public routing table.
final class Bogons {
  private static final List<Prefix> IPV4 =
      prefixes(
          "0.0.0.0/8",
          "10.0.0.0/8",
          "100.64.0.0/10",
          "127.0.0.0/8",
          "169.254.0.0/16",
          "172.16.0.0/12",
          "192.0.0.0/24",
          "192.0.2.0/24",
          "192.168.0.0/16",
          "198.18.0.0/15",
          "198.51.100.0/24",
          "203.0.113.0/24",
          "224.0.0.0/4",
          "240.0.0.0/4");

  /// Within 2000::/3; everything outside of it is a bogon too.
  private static final List<Prefix> IPV6 =
      prefixes("2001:2::/48", "2001:10::/28", "2001:db8::/32", "3fff::/20");

  private static final Prefix GLOBAL_UNICAST = Prefix.parse("2000::/3");

  private Bogons() {}

  private static List<Prefix> prefixes(String... texts) {
    return List.of(texts).stream().map(Prefix::parse).toList();
  }

  /// Special-purpose space (RFC 6890 and its registries) or a part of it; a default route is not.
  static boolean contains(Prefix prefix) {
    if (prefix.length() == 0) {
      return false;
    }
    boolean global = prefix.length() >= 3 && contains(GLOBAL_UNICAST, prefix);
    if (prefix.family() == Family.IPV6 && !global) {
      return true;
    }
    List<Prefix> bogons = prefix.family() == Family.IPV4 ? IPV4 : IPV6;
    for (Prefix bogon : bogons) {
      if (bogon.length() <= prefix.length() && contains(bogon, prefix)) {
        return true;
      }
    }
    return false;
  }

  /// Of prefixes of one family, the first not longer.
  private static boolean contains(Prefix bogon, Prefix prefix) {
    return ((bogon.high() ^ prefix.high()) & Bits.maskHigh(bogon.length())) == 0
        && ((bogon.low() ^ prefix.low()) & Bits.maskLow(bogon.length())) == 0;
  }

  /// Reserved numbers: 0 (RFC 7607), AS_TRANS (RFC 6793), documentation (RFC 5398), private use
  /// (RFC 6996), last ones (RFC 7300).
  static boolean containsAsn(int asn) {
    long number = Integer.toUnsignedLong(asn);
    return number == 0
        || number == 23456
        || (number >= 64496 && number <= 131071)
        || number >= 4_200_000_000L;
  }
}

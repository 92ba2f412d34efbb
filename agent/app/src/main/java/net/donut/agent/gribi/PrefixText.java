package net.donut.agent.gribi;

import net.donut.model.Bits;
import net.donut.model.Family;
import net.donut.model.IpAddress;

/// Reads prefixes from text without allocating; the result is in the object until the next call.
/// Owned by one thread.
final class PrefixText {
  private long high;
  private long low;
  private int length;
  private int at;

  /// The address left-aligned in 128 bits.
  long high() {
    return high;
  }

  long low() {
    return low;
  }

  int length() {
    return length;
  }

  /// Reads `address/length` with zero host bits. Returns whether the text is such a prefix.
  boolean parse(Family family, String text) {
    int slash = text.indexOf('/');
    if (slash < 0 || !parseLength(text, slash + 1, family.bits())) {
      return false;
    }
    boolean address = family == Family.IPV4 ? parseIpv4(text, slash) : parseIpv6(text, slash);
    return address && (high & ~Bits.maskHigh(length)) == 0 && (low & ~Bits.maskLow(length)) == 0;
  }

  /// What is wrong with a text that is not such a prefix.
  static String fault(Family family, String text) {
    String kind = family == Family.IPV4 ? "ipv4" : "ipv6";
    String example = family == Family.IPV4 ? "10.0.0.0/8" : "2001:db8::/32";
    return "%s prefix: '%s' (expected: address/length with zero host bits, such as %s)"
        .formatted(kind, text, example);
  }

  private boolean parseLength(String text, int from, int most) {
    int digits = text.length() - from;
    if (digits < 1 || digits > 3 || (digits > 1 && text.charAt(from) == '0')) {
      return false;
    }
    int value = 0;
    for (int i = from; i < text.length(); i++) {
      int digit = text.charAt(i) - '0';
      if (digit < 0 || digit > 9) {
        return false;
      }
      value = value * 10 + digit;
    }
    length = value;
    return value <= most;
  }

  private boolean parseIpv4(String text, int end) {
    long bits = 0;
    int octets = 0;
    at = 0;
    while (true) {
      int octet = decimalOctet(text, end);
      if (octet < 0) {
        return false;
      }
      bits = bits << 8 | octet;
      octets++;
      if (octets == 4) {
        high = bits << 32;
        low = 0;
        return at == end;
      }
      if (at >= end || text.charAt(at++) != '.') {
        return false;
      }
    }
  }

  /// The octet at `at`, without leading zeros, or -1.
  private int decimalOctet(String text, int end) {
    int start = at;
    int value = 0;
    while (at < end && at - start < 3) {
      int digit = text.charAt(at) - '0';
      if (digit < 0 || digit > 9) {
        break;
      }
      value = value * 10 + digit;
      at++;
    }
    boolean leadingZero = at - start > 1 && text.charAt(start) == '0';
    return at == start || leadingZero || value > 255 ? -1 : value;
  }

  private boolean parseIpv6(String text, int end) {
    if (text.lastIndexOf('.', end) >= 0) {
      return parseIpv6WithDots(text, end);
    }
    long upper = 0; // Groups before the gap, left-aligned over 128 bits as they come.
    long lower = 0;
    int groups = 0;
    int gapAt = -1;
    at = 0;
    if (end >= 2 && text.charAt(0) == ':') {
      if (text.charAt(1) != ':') {
        return false;
      }
      gapAt = 0;
      at = 2;
    }
    while (at < end) {
      int group = hexGroup(text, end);
      if (group < 0 || groups == 8) {
        return false;
      }
      upper = upper << 16 | lower >>> 48;
      lower = lower << 16 | group;
      groups++;
      if (at == end) {
        break;
      }
      if (text.charAt(at++) != ':' || at == end) {
        return false;
      }
      if (text.charAt(at) == ':') {
        if (gapAt >= 0) {
          return false;
        }
        gapAt = groups;
        at++;
      }
    }
    return place(upper, lower, groups, gapAt);
  }

  /// Puts `groups` right-aligned groups around the gap.
  private boolean place(long upper, long lower, int groups, int gapAt) {
    if (gapAt < 0 ? groups != 8 : groups > 7) {
      return false;
    }
    if (gapAt < 0) {
      high = upper;
      low = lower;
      return true;
    }
    high = 0;
    low = 0;
    for (int i = 0; i < groups; i++) {
      int fromRight = groups - 1 - i;
      long group =
          (fromRight < 4 ? lower >>> (16 * fromRight) : upper >>> (16 * (fromRight - 4))) & 0xffff;
      int position = i < gapAt ? i : 8 - groups + i;
      if (position < 4) {
        high |= group << (48 - 16 * position);
      } else {
        low |= group << (48 - 16 * (position - 4));
      }
    }
    return true;
  }

  private int hexGroup(String text, int end) {
    int start = at;
    int value = 0;
    while (at < end && at - start < 4) {
      int digit = hexDigit(text.charAt(at));
      if (digit < 0) {
        break;
      }
      value = value << 4 | digit;
      at++;
    }
    return at == start ? -1 : value;
  }

  private static int hexDigit(char c) {
    if (c >= '0' && c <= '9') {
      return c - '0';
    }
    int lower = c | 0x20;
    return lower >= 'a' && lower <= 'f' ? lower - 'a' + 10 : -1;
  }

  /// The rare form that ends in dotted decimal.
  private boolean parseIpv6WithDots(String text, int end) {
    try {
      IpAddress address = IpAddress.parse(text.substring(0, end));
      high = address.high();
      low = address.low();
      return address.family() == Family.IPV6;
    } catch (IllegalArgumentException e) {
      return false;
    }
  }
}

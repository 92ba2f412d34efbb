package net.donut.model;

/// Text form of addresses: dotted decimal without leading zeros, and RFC 4291 §2.2 read, RFC 5952
/// written.
final class AddressText {
  private AddressText() {}

  static IpAddress parse(String text) {
    return text.indexOf(':') >= 0 ? parseIpv6(text) : IpAddress.ofIpv4(parseIpv4(text, text));
  }

  private static int parseIpv4(String text, String whole) {
    String[] parts = text.split("\\.", -1);
    if (parts.length != 4) {
      throw bad(whole);
    }
    int bits = 0;
    for (String part : parts) {
      if (part.isEmpty() || part.length() > 3 || (part.length() > 1 && part.charAt(0) == '0')) {
        throw bad(whole);
      }
      int octet = number(part, 10, whole);
      if (octet > 255) {
        throw bad(whole);
      }
      bits = bits << 8 | octet;
    }
    return bits;
  }

  private static IpAddress parseIpv6(String text) {
    int gap = text.indexOf("::");
    if (gap >= 0 && text.indexOf("::", gap + 1) >= 0) {
      throw bad(text);
    }
    int[] head = groups(gap < 0 ? text : text.substring(0, gap), text);
    int[] tail = gap < 0 ? new int[0] : groups(text.substring(gap + 2), text);
    int count = head.length + tail.length;
    if (gap < 0 ? count != 8 : count > 7) {
      throw bad(text);
    }
    long[] halves = new long[2];
    for (int i = 0; i < head.length; i++) {
      put(halves, i, head[i]);
    }
    for (int i = 0; i < tail.length; i++) {
      put(halves, 8 - tail.length + i, tail[i]);
    }
    return IpAddress.ofIpv6(halves[0], halves[1]);
  }

  private static void put(long[] halves, int group, int value) {
    halves[group / 4] |= (long) value << (48 - 16 * (group % 4));
  }

  private static int[] groups(String text, String whole) {
    if (text.isEmpty()) {
      return new int[0];
    }
    String[] parts = text.split(":", -1);
    boolean dotted = parts[parts.length - 1].indexOf('.') >= 0;
    int[] groups = new int[dotted ? parts.length + 1 : parts.length];
    for (int i = 0; i < parts.length; i++) {
      if (dotted && i == parts.length - 1) {
        int bits = parseIpv4(parts[i], whole);
        groups[i] = bits >>> 16;
        groups[i + 1] = bits & 0xffff;
      } else if (parts[i].isEmpty() || parts[i].length() > 4) {
        throw bad(whole);
      } else {
        groups[i] = number(parts[i], 16, whole);
      }
    }
    return groups;
  }

  private static int number(String text, int radix, String whole) {
    int value = 0;
    for (int i = 0; i < text.length(); i++) {
      int digit = text.charAt(i) < 128 ? Character.digit(text.charAt(i), radix) : -1;
      if (digit < 0) {
        throw bad(whole);
      }
      value = value * radix + digit;
    }
    return value;
  }

  private static IllegalArgumentException bad(String text) {
    return new IllegalArgumentException(
        "address: '"
            + text
            + "' (expected: an IPv4 or IPv6 address such as 192.0.2.1 or 2001:db8::1)");
  }

  static String format(IpAddress address) {
    return address.family() == Family.IPV4 ? formatIpv4(address.ipv4()) : formatIpv6(address);
  }

  private static String formatIpv4(int bits) {
    return (bits >>> 24)
        + "."
        + (bits >>> 16 & 255)
        + "."
        + (bits >>> 8 & 255)
        + "."
        + (bits & 255);
  }

  private static String formatIpv6(IpAddress address) {
    int[] groups = new int[8];
    for (int i = 0; i < 8; i++) {
      groups[i] = (int) ((i < 4 ? address.high() : address.low()) >>> (48 - 16 * (i & 3))) & 0xffff;
    }
    if (address.high() == 0 && groups[4] == 0 && groups[5] == 0xffff) {
      return "::ffff:" + formatIpv4((int) address.low());
    }
    int start = -1;
    int length = 1;
    for (int i = 0; i < 8; i++) {
      int end = i;
      while (end < 8 && groups[end] == 0) {
        end++;
      }
      if (end - i > length) {
        start = i;
        length = end - i;
      }
      i = Math.max(i, end - 1);
    }
    StringBuilder text = new StringBuilder(39);
    for (int i = 0; i < 8; i++) {
      if (i == start) {
        text.append("::");
        i += length - 1;
        continue;
      }
      if (!text.isEmpty() && text.charAt(text.length() - 1) != ':') {
        text.append(':');
      }
      text.append(Integer.toHexString(groups[i]));
    }
    return text.toString();
  }
}

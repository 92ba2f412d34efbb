package net.donut.model;

/// An address prefix with its host bits zero, left-aligned in 128 bits as [IpAddress] is.
public record Prefix(Family family, long high, long low, int length) implements Comparable<Prefix> {

  public Prefix {
    if (length < 0 || length > family.bits()) {
      throw new IllegalArgumentException(
          "length: " + length + " (expected: 0.." + family.bits() + ")");
    }
    if ((high & ~Bits.maskHigh(length)) != 0 || (low & ~Bits.maskLow(length)) != 0) {
      throw new IllegalArgumentException(
          new IpAddress(family, high, low)
              + "/"
              + length
              + ": host bits set (expected: "
              + masked(family, high, low, length)
              + ")");
    }
  }

  /// An IPv4 prefix; `bits` in network order.
  public static Prefix ofIpv4(int bits, int length) {
    return new Prefix(Family.IPV4, (long) bits << 32, 0, length);
  }

  /// The prefix of `length` that contains an address: host bits are cleared.
  public static Prefix masked(IpAddress address, int length) {
    return masked(address.family(), address.high(), address.low(), length);
  }

  public static Prefix masked(Family family, long high, long low, int length) {
    return new Prefix(family, high & Bits.maskHigh(length), low & Bits.maskLow(length), length);
  }

  /// Parses `address/length`; host bits must be zero. Throws IllegalArgumentException saying what
  /// was expected.
  public static Prefix parse(String text) {
    int slash = text.indexOf('/');
    if (slash < 0) {
      throw new IllegalArgumentException(
          "prefix: '"
              + text
              + "' (expected: address/length such as 192.0.2.0/24 or 2001:db8::/32)");
    }
    IpAddress address = IpAddress.parse(text.substring(0, slash));
    String digits = text.substring(slash + 1);
    if (!digits.matches("0|[1-9][0-9]{0,2}")) {
      throw new IllegalArgumentException(
          "prefix: '"
              + text
              + "': length '"
              + digits
              + "' (expected: 0.."
              + address.family().bits()
              + ")");
    }
    return new Prefix(address.family(), address.high(), address.low(), Integer.parseInt(digits));
  }

  /// The default route of a family: length 0.
  public static Prefix defaultRoute(Family family) {
    return new Prefix(family, 0, 0, 0);
  }

  public IpAddress address() {
    return new IpAddress(family, high, low);
  }

  /// The last address of the prefix: all host bits one.
  public IpAddress lastAddress() {
    return family == Family.IPV4
        ? IpAddress.ofIpv4((int) ((high | ~Bits.maskHigh(length)) >>> 32))
        : IpAddress.ofIpv6(high | ~Bits.maskHigh(length), low | ~Bits.maskLow(length));
  }

  public boolean contains(IpAddress address) {
    return family == address.family()
        && ((address.high() ^ high) & Bits.maskHigh(length)) == 0
        && ((address.low() ^ low) & Bits.maskLow(length)) == 0;
  }

  /// Whether `other` is this prefix or a more specific part of it.
  public boolean contains(Prefix other) {
    return length <= other.length && contains(other.address());
  }

  /// IPv4 before IPv6, then by unsigned address, then shorter first: a covering prefix comes before
  /// what it covers.
  @Override
  public int compareTo(Prefix other) {
    int byFamily = family.compareTo(other.family);
    if (byFamily != 0) {
      return byFamily;
    }
    int byHigh = Long.compareUnsigned(high, other.high);
    int byAddress = byHigh != 0 ? byHigh : Long.compareUnsigned(low, other.low);
    return byAddress != 0 ? byAddress : Integer.compare(length, other.length);
  }

  @Override
  public String toString() {
    return address() + "/" + length;
  }
}

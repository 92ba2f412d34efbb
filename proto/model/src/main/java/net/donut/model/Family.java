package net.donut.model;

/// An address family, with unicast as its only subsequent family (RFC 4760 §5).
public enum Family {
  IPV4(1, 32),
  IPV6(2, 128);

  private final int afi;
  private final int bits;

  Family(int afi, int bits) {
    this.afi = afi;
    this.bits = bits;
  }

  /// The IANA address family number: 1 or 2.
  public int afi() {
    return afi;
  }

  /// The length of an address in bits: 32 or 128.
  public int bits() {
    return bits;
  }

  /// The length of an address in bytes: 4 or 16.
  public int bytes() {
    return bits / 8;
  }

  /// The family of an address family number. Throws IllegalArgumentException unless it is 1 or 2.
  public static Family ofAfi(int afi) {
    return switch (afi) {
      case 1 -> IPV4;
      case 2 -> IPV6;
      default -> throw new IllegalArgumentException("afi: " + afi + " (expected: 1 or 2)");
    };
  }
}

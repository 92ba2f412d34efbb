package net.donut.model;

/// Autonomous system numbers: 32 bits (RFC 6793), carried as an unsigned `int` where many are
/// packed and as a `long` 0..4294967295 elsewhere.
public final class Asn {
  /// The 2-octet stand-in for a 4-octet number (RFC 6793 §9).
  public static final int AS_TRANS = 23456;

  private Asn() {}

  public static String text(int asn) {
    return Integer.toUnsignedString(asn);
  }

  /// Parses `64500`, `AS64500` or asdot `1.10` (RFC 5396). Throws IllegalArgumentException.
  public static long parse(String text) {
    String digits = text.regionMatches(true, 0, "AS", 0, 2) ? text.substring(2) : text;
    int dot = digits.indexOf('.');
    if (dot > 0 && digits.matches("[0-9]{1,5}\\.[0-9]{1,5}")) {
      long upper = Long.parseLong(digits.substring(0, dot));
      long lower = Long.parseLong(digits.substring(dot + 1));
      if (upper <= 0xffff && lower <= 0xffff) {
        return upper << 16 | lower;
      }
    } else if (digits.matches("[0-9]{1,10}")) {
      long value = Long.parseLong(digits);
      if (value <= 0xffff_ffffL) {
        return value;
      }
    }
    throw new IllegalArgumentException("ASN: '" + text + "' (expected: 0..4294967295)");
  }
}

package net.donut.core;

import java.util.List;
import net.donut.model.Bits;
import net.donut.model.Family;
import net.donut.model.Prefix;
import org.jspecify.annotations.Nullable;

/// Address space and AS numbers that have no place in the public routing table, by [BogonTable].
public final class Bogons {
  private static final BogonTable TABLE = BogonTable.read();
  private static final List<BogonTable.Space> IPV4 = of(Family.IPV4);
  private static final List<BogonTable.Space> IPV6 = of(Family.IPV6);
  private static final BogonTable.Numbers[] NUMBERS =
      TABLE.numbers().toArray(BogonTable.Numbers[]::new);

  private Bogons() {}

  private static List<BogonTable.Space> of(Family family) {
    return TABLE.spaces().stream().filter(space -> space.prefix().family() == family).toList();
  }

  static boolean contains(Prefix prefix) {
    return space(prefix) != null;
  }

  /// The special-purpose space (RFC 6890 and its registries) that a prefix is or is part of, else
  /// null; a default route is no part of any. What is shorter than global unicast (2000::/3) is
  /// taken for space outside of it.
  static BogonTable.@Nullable Space space(Prefix prefix) {
    if (prefix.length() == 0) {
      return null;
    }
    List<BogonTable.Space> spaces = prefix.family() == Family.IPV4 ? IPV4 : IPV6;
    if (prefix.family() == Family.IPV6 && prefix.length() < 3) {
      return spaces.getFirst();
    }
    for (BogonTable.Space space : spaces) {
      if (space.prefix().length() <= prefix.length() && contains(space.prefix(), prefix)) {
        return space;
      }
    }
    return null;
  }

  /// Of prefixes of one family, the first not longer.
  private static boolean contains(Prefix bogon, Prefix prefix) {
    return ((bogon.high() ^ prefix.high()) & Bits.maskHigh(bogon.length())) == 0
        && ((bogon.low() ^ prefix.low()) & Bits.maskLow(bogon.length())) == 0;
  }

  static boolean containsAsn(int asn) {
    return numbers(asn) != null;
  }

  /// What a reserved AS number is for, and which document says so, such as `documentation, RFC
  /// 5398`; empty for a public one.
  public static String reservation(long asn) {
    BogonTable.Numbers found = numbers((int) asn);
    return found == null ? "" : found.purpose() + ", " + found.document();
  }

  /// The reserved numbers that an AS number is among, else null.
  static BogonTable.@Nullable Numbers numbers(int asn) {
    long number = Integer.toUnsignedLong(asn);
    for (BogonTable.Numbers numbers : NUMBERS) {
      if (number >= numbers.first() && number <= numbers.last()) {
        return numbers;
      }
    }
    return null;
  }
}

package net.donut.lab.table;

/// How many prefixes a generated table has.
public record TableSize(int ipv4, int ipv6) {
  public static final TableSize DEFAULT = new TableSize(20_000, 5_000);

  public TableSize {
    if (ipv4 < 10 || ipv4 > 400_000 || ipv6 < 10 || ipv6 > 400_000) {
      throw new IllegalArgumentException(
          "table size: " + ipv4 + " + " + ipv6 + " (expected: 10..400000 of each family)");
    }
  }

  /// A table of so many prefixes in all, a fifth of them IPv6.
  public static TableSize ofTotal(int prefixes) {
    return new TableSize(prefixes - prefixes / 5, prefixes / 5);
  }
}

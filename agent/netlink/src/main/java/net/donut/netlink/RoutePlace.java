package net.donut.netlink;

/// Where and as whom routes are written: the table, the protocol number that marks them as ours,
/// the metric.
///
/// @param table 1..4294967295 unsigned; 254 is `main`
/// @param protocol 1..255
/// @param metric 0 lets the kernel choose: 0 for IPv4, 1024 for IPv6
public record RoutePlace(int table, int protocol, int metric) {
  public RoutePlace {
    if (table == 0) {
      throw new IllegalArgumentException("table: 0 (expected: 1..4294967295)");
    }
    if (protocol < 1 || protocol > 255) {
      throw new IllegalArgumentException("protocol: " + protocol + " (expected: 1..255)");
    }
  }

  /// The table `main` at the kernel's own metric.
  public static RoutePlace main(int protocol) {
    return new RoutePlace(KernelRoute.MAIN_TABLE, protocol, 0);
  }
}

package net.donut.lab.bench;

import net.donut.model.Family;
import net.donut.model.IpAddress;

/// Feed `number` (from 1): a neighbor of the router under test, and the two links it has.
///
/// @param asn of the neighbor
public record FeedLink(int number, Family family, long asn) {
  /// The AS number of the router under test.
  public static final long ROUTER_AS = 64500;

  /// The interface of the router under test.
  public String routerDevice() {
    return "feed" + number;
  }

  public String name() {
    return "feed" + number;
  }

  /// The neighbor's address on the link to the router under test.
  public IpAddress neighbor() {
    return address(251, 1, family);
  }

  /// The router's own address on that link.
  public IpAddress router() {
    return address(251, 2, family);
  }

  /// Where the neighbor hears its table from.
  IpAddress source(Family of) {
    return address(250, 1, of);
  }

  /// The neighbor's address on the link to its source.
  IpAddress fed(Family of) {
    return address(250, 2, of);
  }

  static int length(Family of) {
    return of == Family.IPV4 ? 30 : 64;
  }

  private IpAddress address(int net, int host, Family of) {
    return IpAddress.parse(
        of == Family.IPV4
            ? "10." + net + "." + number + "." + host
            : "fd00:" + net + ":" + number + "::" + host);
  }
}

package net.donut.lab.bench;

import net.donut.lab.topology.FeedAddresses;
import net.donut.model.Family;
import net.donut.model.IpAddress;

/// Feed `number` (from 1): a neighbor of the router under test, and the two links it has.
///
/// @param asn of the neighbor
/// @param preference the router under test prefers the feed with the highest, 0 for none
/// @param bfd whether neighbor and router under test run BFD with each other
public record FeedLink(int number, Family family, long asn, int preference, boolean bfd) {
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
    return neighbor(family);
  }

  IpAddress neighbor(Family of) {
    return address(251, 1, of);
  }

  /// A feed like the others: not preferred, without BFD.
  public static FeedLink plain(int number, Family family, long asn) {
    return new FeedLink(number, family, asn, 0, false);
  }

  /// The router's own address on that link.
  public IpAddress router() {
    return router(family);
  }

  IpAddress router(Family of) {
    return address(251, 2, of);
  }

  /// Where the neighbor hears its table from.
  IpAddress source(Family of) {
    return FeedAddresses.address(number, of, 1);
  }

  /// The neighbor's address on the link to its source.
  IpAddress fed(Family of) {
    return FeedAddresses.address(number, of, 2);
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

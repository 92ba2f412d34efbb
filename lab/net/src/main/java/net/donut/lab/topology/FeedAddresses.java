package net.donut.lab.topology;

import net.donut.model.Family;
import net.donut.model.IpAddress;

/// The addresses of feed links: where a network hears the rest of the Internet from the lab.
public final class FeedAddresses {
  /// The interface of the network's end.
  public static final String DEVICE = "feed0";

  private FeedAddresses() {}

  /// The feeder's address on the feed link of a network.
  public static IpAddress feeder(LabNode.Network network, Family family) {
    return address(network.feed(), family, 1);
  }

  /// The network's own address on its feed link.
  public static IpAddress fed(LabNode.Network network, Family family) {
    return address(network.feed(), family, 2);
  }

  public static int length(Family family) {
    return family == Family.IPV4 ? 30 : 64;
  }

  /// The address of an end of feed link `number`: host 1 is the feeder, 2 the network.
  public static IpAddress address(int number, Family family, int host) {
    return IpAddress.parse(
        family == Family.IPV4 ? "10.254." + number + "." + host : "fdfe:" + number + "::" + host);
  }
}

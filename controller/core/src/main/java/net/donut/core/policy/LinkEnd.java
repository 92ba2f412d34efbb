package net.donut.core.policy;

import net.donut.model.Family;
import net.donut.model.IpAddress;
import org.jspecify.annotations.Nullable;

/// One end of an internal link: the router, its interface, and its addresses on the link. A family
/// without an address on both ends does not use the link (IPv4 may use the IPv6 addresses).
public record LinkEnd(
    String router, String interfaceName, @Nullable IpAddress ipv4, @Nullable IpAddress ipv6) {
  public LinkEnd {
    PolicyChecks.name("link end: router", router);
    PolicyChecks.name("link end at " + router + ": interface", interfaceName);
    if (ipv4 != null && ipv4.family() != Family.IPV4) {
      throw new IllegalArgumentException("ipv4: " + ipv4 + " (expected: an IPv4 address)");
    }
    if (ipv6 != null && ipv6.family() != Family.IPV6) {
      throw new IllegalArgumentException("ipv6: " + ipv6 + " (expected: an IPv6 address)");
    }
  }

  /// The address that the other end uses as gateway for prefixes of a family, or null.
  public @Nullable IpAddress gateway(Family family) {
    return family == Family.IPV4 && ipv4 != null ? ipv4 : ipv6;
  }
}

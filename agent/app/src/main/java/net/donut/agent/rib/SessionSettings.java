package net.donut.agent.rib;

import net.donut.model.Family;
import net.donut.model.IpAddress;
import org.jspecify.annotations.Nullable;

/// What the RIB has to know of a session.
///
/// @param maxPrefixesIpv4 the largest number of routes accepted, 0 for no limit
/// @param nextHopIpv4 what announcements carry, null for the session's own address
public record SessionSettings(
    String name,
    int maxPrefixesIpv4,
    int maxPrefixesIpv6,
    @Nullable IpAddress nextHopIpv4,
    @Nullable IpAddress nextHopIpv6) {

  /// No limits, own addresses.
  public static SessionSettings of(String name) {
    return new SessionSettings(name, 0, 0, null, null);
  }

  int maxPrefixes(Family family) {
    return family == Family.IPV4 ? maxPrefixesIpv4 : maxPrefixesIpv6;
  }

  @Nullable IpAddress nextHop(Family family) {
    return family == Family.IPV4 ? nextHopIpv4 : nextHopIpv6;
  }
}

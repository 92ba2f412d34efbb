package net.donut.bgp;

import java.util.List;
import java.util.Set;
import net.donut.model.Family;
import net.donut.model.IpAddress;
import net.donut.wire.bgp.Capability;
import net.donut.wire.bgp.SessionOptions;

/// What two speakers agreed on when a session became established.
///
/// @param session counts the sessions of a neighbor from 1: tells this one from an earlier one
/// @param localAddress the address of our end of the TCP connection
/// @param holdTimeSeconds the smaller of both; 0 for none
/// @param families routes of these may be exchanged
/// @param features what both sides announced
/// @param remoteCapabilities all the neighbor announced, in its order
public record SessionInfo(
    long session,
    IpAddress localAddress,
    IpAddress remoteAddress,
    long localAs,
    long remoteAs,
    IpAddress remoteRouterId,
    int holdTimeSeconds,
    Set<Family> families,
    Set<Feature> features,
    SessionOptions options,
    List<Capability> remoteCapabilities) {

  /// Extensions in use on a session.
  public enum Feature {
    FOUR_OCTET_AS("four-octet-as"),
    ROUTE_REFRESH("route-refresh"),
    ENHANCED_ROUTE_REFRESH("enhanced-route-refresh"),
    EXTENDED_MESSAGE("extended-message"),
    /// IPv4 routes may have an IPv6 next hop (RFC 8950).
    EXTENDED_NEXT_HOP("extended-next-hop"),
    /// Either side helps the other restart (RFC 4724): the neighbor keeps our routes; we keep those
    /// of the families that its capability names, which may be none.
    GRACEFUL_RESTART("graceful-restart"),
    ROLE("role");

    private final String text;

    Feature(String text) {
      this.text = text;
    }

    @Override
    public String toString() {
      return text;
    }
  }

  public SessionInfo {
    families = Set.copyOf(families);
    features = Set.copyOf(features);
    remoteCapabilities = List.copyOf(remoteCapabilities);
  }

  public boolean isInternal() {
    return options.internal();
  }
}

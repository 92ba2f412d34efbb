package net.donut.core.change;

import net.donut.model.IpAddress;

/// Where one router sends a packet next.
public sealed interface Hop {

  /// Out of our network, to a neighbor of this router. An IPv4 prefix may have an IPv6 gateway (RFC
  /// 8950).
  record Local(String neighbor, IpAddress gateway, String interfaceName) implements Hop {}

  /// To another router of ours over an internal link.
  record Via(String router, String link, IpAddress gateway, String interfaceName) implements Hop {}

  /// Nowhere: our own network where nothing more specific exists.
  record Discard() implements Hop {}
}

package net.donut.lab.clab.model;

/// The network that every node's `eth0` is in, as the file has it.
public record Management(
    String network, String bridge, Subnet ipv4, Subnet ipv6, int mtu, Place place) {
  /// Addresses of one family; empty texts are not given.
  ///
  /// @param range where addresses are handed out from
  public record Subnet(String prefix, String gateway, String range) {}
}

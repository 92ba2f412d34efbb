package net.donut.lab.clab.model;

/// The network that every node's `eth0` is in, as the file has it.
public record Management(
    String network, String bridge, Subnet ipv4, Subnet ipv6, int mtu, FilePlace place) {
  /// Addresses of one family; empty texts are not given.
  ///
  /// @param range where addresses are handed out from
  public record Subnet(String prefix, String gateway, String range) {}

  /// Whether it has no IPv6, as with containerlab: a file that gives one subnet has that family
  /// alone (IPv4 is always there), one that gives none has both.
  public boolean isIpv4Only() {
    return !ipv4.prefix().isEmpty() && ipv6.prefix().isEmpty();
  }
}

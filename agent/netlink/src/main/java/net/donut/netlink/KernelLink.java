package net.donut.netlink;

/// A network interface.
///
/// @param flags IFF_* of `linux/if.h`
/// @param mtu in bytes
/// @param hardwareAddress `aa:bb:cc:dd:ee:ff`; empty where the interface has none
/// @param peerIndex the interface at the other end (veth) or below; 0 when there is none
/// @param masterIndex the interface it is a port of; 0 when there is none
/// @param portKind what it is a port of: `bridge`, `bond`, `vrf` and others; empty when nothing
public record KernelLink(
    int index,
    String name,
    int flags,
    OperState operState,
    int mtu,
    String hardwareAddress,
    int peerIndex,
    int masterIndex,
    String portKind) {

  /// Whether the administrator has it up (IFF_UP).
  public boolean isUp() {
    return (flags & RtNetlink.IFF_UP) != 0;
  }

  /// Whether it is up and the line has carrier (IFF_LOWER_UP).
  public boolean hasCarrier() {
    return isUp() && (flags & RtNetlink.IFF_LOWER_UP) != 0;
  }

  /// Whether another interface takes the packets that come in, so that its own addresses are of no
  /// use: a port of a bridge or a bond. A VRF leaves them where they are.
  public boolean isEnslaved() {
    return masterIndex != 0 && !portKind.equals("vrf");
  }

  /// Whether gateways on it have hardware addresses that are asked for by ARP or ND.
  public boolean resolvesNeighbors() {
    return (flags & (RtNetlink.IFF_LOOPBACK | RtNetlink.IFF_POINTOPOINT | RtNetlink.IFF_NOARP))
        == 0;
  }

  public boolean isLoopback() {
    return (flags & RtNetlink.IFF_LOOPBACK) != 0;
  }
}

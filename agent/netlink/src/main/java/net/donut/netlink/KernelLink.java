package net.donut.netlink;

/// A network interface.
///
/// @param flags IFF_* of `linux/if.h`
/// @param mtu in bytes
/// @param hardwareAddress `aa:bb:cc:dd:ee:ff`; empty where the interface has none
/// @param peerIndex the interface at the other end (veth) or below; 0 when there is none
public record KernelLink(
    int index,
    String name,
    int flags,
    OperState operState,
    int mtu,
    String hardwareAddress,
    int peerIndex) {

  /// Whether the administrator has it up (IFF_UP).
  public boolean isUp() {
    return (flags & RtNetlink.IFF_UP) != 0;
  }

  /// Whether it is up and the line has carrier (IFF_LOWER_UP).
  public boolean hasCarrier() {
    return isUp() && (flags & RtNetlink.IFF_LOWER_UP) != 0;
  }

  public boolean isLoopback() {
    return (flags & RtNetlink.IFF_LOOPBACK) != 0;
  }
}

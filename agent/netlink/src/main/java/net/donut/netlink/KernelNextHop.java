package net.donut.netlink;

import net.donut.model.Family;
import net.donut.model.IpAddress;

/// A single next hop (`linux/nexthop.h` struct nhmsg).
///
/// A route of IPv4 may use a next hop of either family (RFC 8950), a route of IPv6 only one of
/// IPv6.
public sealed interface KernelNextHop extends NextHopObject {

  Family family();

  /// Whether the kernel checks that a gateway lies in a subnet of the interface.
  enum Reach {
    /// The gateway must be in a connected subnet.
    SUBNET,
    /// The gateway is taken as a neighbor on the interface whatever its address (RTNH_F_ONLINK).
    ON_LINK
  }

  /// Towards a gateway over an interface.
  record Gateway(int id, int interfaceIndex, IpAddress gateway, Reach reach, int protocol)
      implements KernelNextHop {
    public Gateway {
      checkId(id);
      checkInterface(interfaceIndex);
    }

    @Override
    public Family family() {
      return gateway.family();
    }
  }

  /// Straight onto an interface, where every destination is a neighbor.
  record Connected(int id, Family family, int interfaceIndex, int protocol)
      implements KernelNextHop {
    public Connected {
      checkId(id);
      checkInterface(interfaceIndex);
    }
  }

  /// Silent discard. It survives every link.
  record Blackhole(int id, Family family, int protocol) implements KernelNextHop {
    public Blackhole {
      checkId(id);
    }
  }

  private static void checkInterface(int interfaceIndex) {
    if (interfaceIndex <= 0) {
      throw new IllegalArgumentException("interface index: " + interfaceIndex + " (expected: > 0)");
    }
  }

  private static void checkId(int id) {
    if (id == 0) {
      throw new IllegalArgumentException("next hop id: 0 (expected: 1..4294967295)");
    }
  }
}

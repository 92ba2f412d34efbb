package net.donut.netlink;

import java.util.List;

/// A network interface with its addresses.
public record KernelInterface(KernelLink link, List<KernelAddress> addresses) {
  public KernelInterface {
    addresses = List.copyOf(addresses);
  }
}

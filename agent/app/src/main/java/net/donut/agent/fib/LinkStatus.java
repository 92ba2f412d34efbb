package net.donut.agent.fib;

import java.util.List;
import java.util.Set;
import net.donut.model.Family;

/// A network interface as the kernel reports it.
///
/// @param addresses CIDR texts such as `192.0.2.1/24`
/// @param master the bridge or bond it is a port of; empty for none
/// @param families those it has an address of and can use
public record LinkStatus(
    String name,
    int index,
    boolean exists,
    boolean adminUp,
    boolean carrier,
    List<String> addresses,
    int mtu,
    String master,
    Set<Family> families) {

  public LinkStatus {
    addresses = List.copyOf(addresses);
    families = Set.copyOf(families);
  }

  /// Whether next hops on this link can carry traffic.
  public boolean isUsable() {
    return exists && adminUp && carrier;
  }

  /// Whether it has an address and can use it.
  public boolean has(String address) {
    return exists
        && master.isEmpty()
        && addresses.stream().anyMatch(text -> text.startsWith(address + "/"));
  }
}

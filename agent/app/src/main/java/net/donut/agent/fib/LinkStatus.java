package net.donut.agent.fib;

import java.util.List;

/// A network interface as the kernel reports it.
///
/// @param addresses CIDR texts such as `192.0.2.1/24`
public record LinkStatus(
    String name,
    int index,
    boolean exists,
    boolean adminUp,
    boolean carrier,
    List<String> addresses) {

  public LinkStatus {
    addresses = List.copyOf(addresses);
  }

  /// Whether next hops on this link can carry traffic.
  public boolean isUsable() {
    return exists && adminUp && carrier;
  }
}

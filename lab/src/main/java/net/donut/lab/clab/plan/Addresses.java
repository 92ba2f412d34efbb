package net.donut.lab.clab.plan;

import java.math.BigInteger;
import java.util.HashSet;
import java.util.Optional;
import java.util.Set;
import net.donut.model.IpAddress;
import net.donut.model.Prefix;

/// The addresses of one management subnet, handed out in order. Owned by the thread that plans.
final class Addresses {
  private final Prefix subnet;
  private final Set<IpAddress> taken = new HashSet<>();
  private final IpAddress gateway;
  private int next = 1;

  /// @param gateway the first address of the subnet when it is empty
  Addresses(Prefix subnet, Optional<IpAddress> gateway) {
    this.subnet = subnet;
    this.gateway = gateway.orElseGet(() -> at(1));
    taken.add(this.gateway);
  }

  Prefix subnet() {
    return subnet;
  }

  IpAddress gateway() {
    return gateway;
  }

  /// Takes an address. False when somebody has it, or it is not of the subnet.
  boolean claim(IpAddress address) {
    return subnet.contains(address) && taken.add(address);
  }

  /// The next that is free; empty when none is.
  Optional<IpAddress> take() {
    while (true) {
      IpAddress address = at(++next);
      boolean last = address.equals(subnet.lastAddress());
      if (!subnet.contains(address) || (last && subnet.family() == net.donut.model.Family.IPV4)) {
        return Optional.empty();
      }
      if (taken.add(address)) {
        return Optional.of(address);
      }
    }
  }

  private IpAddress at(int offset) {
    byte[] first = subnet.address().bytes();
    byte[] sum = new BigInteger(1, first).add(BigInteger.valueOf(offset)).toByteArray();
    byte[] address = new byte[first.length];
    int length = Math.min(sum.length, address.length);
    System.arraycopy(sum, sum.length - length, address, address.length - length, length);
    return IpAddress.ofBytes(address);
  }
}

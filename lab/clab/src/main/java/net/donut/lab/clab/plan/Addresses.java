package net.donut.lab.clab.plan;

import java.math.BigInteger;
import java.util.HashSet;
import java.util.Optional;
import java.util.Set;
import net.donut.lab.clab.model.Management.Subnet;
import net.donut.model.Family;
import net.donut.model.IpAddress;
import net.donut.model.Prefix;

/// The addresses of one management subnet, handed out in order. Owned by the thread that plans.
final class Addresses {
  private final Prefix subnet;
  private final Prefix range;
  private final Set<IpAddress> taken = new HashSet<>();
  private final IpAddress gateway;
  private int next;

  private Addresses(Prefix subnet, Prefix range, int first, IpAddress gateway) {
    this.subnet = subnet;
    this.range = range;
    this.next = first;
    this.gateway = gateway;
    taken.add(subnet.address());
    taken.add(gateway);
  }

  /// Those that a file gives. The gateway is the first address of the subnet where none is given,
  /// and without a range all of the subnet is one. Throws IllegalArgumentException for what cannot
  /// be one.
  ///
  /// @param usual the subnet where none is given
  static Addresses of(Subnet given, Prefix usual) {
    boolean isGiven = !given.prefix().isEmpty() && !given.prefix().equals("auto");
    Prefix subnet = isGiven ? Prefix.parse(given.prefix()) : usual;
    int longest = usual.family().bits() - 2;
    if (subnet.family() != usual.family() || subnet.length() > longest) {
      throw new IllegalArgumentException(
          "subnet %s (expected: one such as %s)".formatted(subnet, usual));
    }
    IpAddress gateway =
        given.gateway().isEmpty() ? at(subnet, 1) : IpAddress.parse(given.gateway());
    if (!subnet.contains(gateway)) {
      throw new IllegalArgumentException(
          "gateway %s (expected: an address of %s)".formatted(gateway, subnet));
    }
    if (given.range().isEmpty()) {
      return new Addresses(subnet, subnet, 2, gateway);
    }
    Prefix range = Prefix.parse(given.range());
    if (!subnet.contains(range)) {
      throw new IllegalArgumentException(
          "range %s (expected: a part of %s)".formatted(range, subnet));
    }
    return new Addresses(subnet, range, 0, gateway);
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
      IpAddress address = at(range, next++);
      boolean last = address.equals(subnet.lastAddress());
      if (!range.contains(address) || (last && subnet.family() == Family.IPV4)) {
        return Optional.empty();
      }
      if (taken.add(address)) {
        return Optional.of(address);
      }
    }
  }

  private static IpAddress at(Prefix prefix, int offset) {
    byte[] first = prefix.address().bytes();
    byte[] sum = new BigInteger(1, first).add(BigInteger.valueOf(offset)).toByteArray();
    byte[] address = new byte[first.length];
    int length = Math.min(sum.length, address.length);
    System.arraycopy(sum, sum.length - length, address, address.length - length, length);
    return IpAddress.ofBytes(address);
  }
}

package net.donut.core;

import net.donut.model.IpAddress;
import net.donut.model.Prefix;

/// An address of one of our routers on one of its interfaces, with the length of its network.
public record InterfaceAddress(IpAddress address, int length) {
  public InterfaceAddress {
    if (length < 0 || length > address.family().bits()) {
      throw new IllegalArgumentException(
          address + "/" + length + " (expected: a length 0.." + address.family().bits() + ")");
    }
  }

  /// Parses `address/length`, host bits as they are. Throws IllegalArgumentException.
  public static InterfaceAddress parse(String text) {
    int slash = text.indexOf('/');
    if (slash < 0) {
      throw new IllegalArgumentException(
          "interface address: '" + text + "' (expected: such as 192.0.2.1/24)");
    }
    return new InterfaceAddress(
        IpAddress.parse(text.substring(0, slash)), Integer.parseInt(text.substring(slash + 1)));
  }

  public Prefix network() {
    return Prefix.masked(address, length);
  }

  @Override
  public String toString() {
    return address + "/" + length;
  }
}

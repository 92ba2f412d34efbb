package net.donut.core.policy;

import net.donut.model.Family;
import net.donut.model.IpAddress;
import net.donut.model.Prefix;
import org.jspecify.annotations.Nullable;

/// A BGP session: the neighbor's address, ours (null for the kernel's choice), the largest number
/// of prefixes accepted (0 for no limit), and the LAN of the exchange that it is on (null: the
/// network of the interface, as its addresses say).
public record SessionConfig(
    IpAddress address, @Nullable IpAddress local, int maxPrefixes, @Nullable Prefix lan) {
  public SessionConfig {
    if (local != null && local.family() != address.family()) {
      throw new IllegalArgumentException(
          "local: " + local + " (expected: an " + address.family() + " address)");
    }
    if (lan != null && !lan.contains(address)) {
      throw new IllegalArgumentException(
          "lan: " + lan + " (expected: a prefix that contains " + address + ")");
    }
    PolicyChecks.range("max-prefix", maxPrefixes, 0, Integer.MAX_VALUE);
  }

  /// A session on a network that is not named.
  public SessionConfig(IpAddress address, @Nullable IpAddress local, int maxPrefixes) {
    this(address, local, maxPrefixes, null);
  }

  public Family family() {
    return address.family();
  }
}

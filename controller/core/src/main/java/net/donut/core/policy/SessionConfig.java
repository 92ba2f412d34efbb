package net.donut.core.policy;

import net.donut.model.Family;
import net.donut.model.IpAddress;
import org.jspecify.annotations.Nullable;

/// A BGP session: the neighbor's address, ours (null for the kernel's choice), and the largest
/// number of prefixes accepted (0 for no limit).
public record SessionConfig(IpAddress address, @Nullable IpAddress local, int maxPrefixes) {
  public SessionConfig {
    if (local != null && local.family() != address.family()) {
      throw new IllegalArgumentException(
          "local: " + local + " (expected: an " + address.family() + " address)");
    }
    Checks.range("max-prefix", maxPrefixes, 0, Integer.MAX_VALUE);
  }

  public Family family() {
    return address.family();
  }
}

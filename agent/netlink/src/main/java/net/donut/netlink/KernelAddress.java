package net.donut.netlink;

import net.donut.model.IpAddress;

/// An address of an interface.
///
/// @param flags IFA_F_* of `linux/if_addr.h`; 0x40 is tentative (duplicate detection still runs)
public record KernelAddress(int interfaceIndex, IpAddress address, int prefixLength, int flags) {

  /// Whether duplicate address detection has not finished; packets cannot use it yet.
  public boolean isTentative() {
    return (flags & 0x40) != 0;
  }

  /// Whether somebody else on the link has it (RFC 4862 §5.4.5): packets never can use it.
  public boolean isDuplicate() {
    return (flags & 0x08) != 0;
  }
}

package net.donut.netlink;

import net.donut.model.IpAddress;

/// A neighbor table entry (ARP, ND).
///
/// @param state NUD_* bits of `linux/neighbour.h`
/// @param hardwareAddress empty while it is not resolved
public record KernelNeighbor(
    int interfaceIndex, IpAddress address, int state, String hardwareAddress, Upkeep upkeep) {
  private static final int NUD_VALID = 0xde;
  private static final int NUD_FAILED = 0x20;

  /// Who keeps the entry resolved.
  public enum Upkeep {
    /// The kernel resolves it before it is needed and again before it ages (NTF_EXT_MANAGED).
    MANAGED,
    /// Traffic: it is resolved when a packet needs it.
    ON_DEMAND
  }

  /// Whether the gateway was asked for its hardware address and did not answer.
  public boolean hasFailed() {
    return (state & NUD_FAILED) != 0;
  }

  /// Whether packets can leave: the hardware address is known.
  public boolean isResolved() {
    return (state & NUD_VALID) != 0;
  }
}

package net.donut.agent.fib;

import net.donut.model.Prefix;
import org.jspecify.annotations.Nullable;

/// Intent against a fresh kernel dump: `intended` = `installed` + `missing`.
///
/// @param unexpected routes under our protocol number that are not intended
/// @param unclaimed routes that an earlier run left and a client may still ask for
/// @param lookup what the kernel does with a packet to the address asked about; empty if not asked
/// @param found the route that does it; null if not asked, or if there is none
/// @param foreign routes of others in the tables of our network instances
/// @param dumpMicros how long the kernel dump took
public record InspectSummary(
    long intended,
    long installed,
    long missing,
    long unexpected,
    long foreign,
    long groups,
    long nextHops,
    long dumpMicros,
    long intendedIpv4,
    long intendedIpv6,
    long unclaimed,
    String lookup,
    @Nullable FoundRoute found) {

  /// A route that a lookup found.
  ///
  /// @param owner its routing protocol, `donut` for ours
  /// @param gateway empty for none
  /// @param device empty for none
  /// @param metric unsigned
  public record FoundRoute(
      Prefix prefix, String owner, String gateway, String device, int metric) {}
}

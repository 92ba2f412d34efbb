package net.donut.bgp;

import net.donut.model.Family;
import net.donut.model.PathAttributes;
import net.donut.model.Prefixes;

/// One piece of what a speaker sends to a neighbor.
public sealed interface Outbound {
  /// Routes with one set of attributes, next hop and AS path as the neighbor shall see them.
  record Announce(Prefixes prefixes, PathAttributes attributes) implements Outbound {}

  record Withdraw(Prefixes prefixes) implements Outbound {}

  /// The initial routes of a family are complete (RFC 4724 §2).
  record EndOfRib(Family family) implements Outbound {}

  /// All routes of a family follow (RFC 7313); sent only where negotiated.
  record BeginRefresh(Family family) implements Outbound {}

  /// All routes of a family were sent again (RFC 7313); sent only where negotiated.
  record EndRefresh(Family family) implements Outbound {}

  /// Asks the neighbor for all its routes of a family (RFC 2918); sent only where negotiated.
  record RequestRefresh(Family family) implements Outbound {}
}

package net.donut.core.answer;

import java.util.Locale;

/// Why policy does not use a path. The order is the order of the checks: the first that applies is
/// counted.
public enum RejectReason {
  /// An AS_PATH without an AS, from another AS (RFC 4271 §6.3).
  AS_PATH_EMPTY,
  /// The AS_PATH contains our own AS (RFC 4271 §9.1.2).
  AS_LOOP,
  /// The AS_PATH does not begin with the neighbor's AS (RFC 4271 §6.3).
  FIRST_AS,
  /// An AS_SET or a segment of a confederation, where `filters.as-sets` is reject (RFC 9774).
  AS_SET,
  /// A reserved AS number, where `filters.bogon-asns` is on.
  BOGON_ASN,
  /// The AS_PATH is longer than `filters.max-as-path`.
  AS_PATH_TOO_LONG,
  /// OTC shows a leak (RFC 9234 §5).
  ROUTE_LEAK,
  /// A next hop that cannot be one: ours, unspecified, loopback, multicast, or of the other family.
  NEXT_HOP,
  /// A next hop that is not the neighbor's, nor in the network of the exchange if it is a public
  /// peer or a route server.
  THIRD_PARTY_NEXT_HOP,
  /// A default route from another than a transit.
  DEFAULT_ROUTE,
  /// Longer or shorter than `filters.prefix-length`.
  PREFIX_LENGTH,
  /// Special-purpose space (RFC 6890), where `filters.bogon-prefixes` is on.
  BOGON_PREFIX,
  /// One of our own networks, or inside one, and not in the neighbor's list.
  OWN_PREFIX,
  /// The LAN of an exchange that we are on, or inside it.
  EXCHANGE_LAN,
  /// The RPKI says that the origin may not announce it, where `filters.invalid-origins` is reject
  /// (RFC 6811).
  INVALID_ORIGIN;

  /// A number for arrays, 0 and up.
  @SuppressWarnings("EnumOrdinal")
  public int index() {
    return ordinal();
  }

  /// The word used in output: `as-loop`, ...
  public String word() {
    return name().toLowerCase(Locale.ROOT).replace('_', '-');
  }
}

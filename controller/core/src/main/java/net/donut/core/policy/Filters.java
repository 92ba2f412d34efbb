package net.donut.core.policy;

import net.donut.model.Family;

/// What is rejected of the routes heard, whoever sends them.
///
/// `maxAsPath` counts as the decision does. `bogonPrefixes` is special-purpose space (RFC 6890),
/// `bogonAsns` reserved AS numbers (RFC 7607, 6793, 5398, 6996, 7300), `asSets` paths with an
/// AS_SET or a confederation's segment (RFC 9774), `thirdPartyNextHops` next hops that are not the
/// neighbor's own address, and of public peers and route servers those outside of the exchange's
/// network, `invalidOrigins` routes whose origin the RPKI forbids (RFC 6811), which needs payloads
/// to judge by.
public record Filters(
    LengthRange ipv4Lengths,
    LengthRange ipv6Lengths,
    int maxAsPath,
    Treatment bogonPrefixes,
    Treatment bogonAsns,
    Treatment asSets,
    Treatment thirdPartyNextHops,
    Treatment invalidOrigins) {

  /// What applies when the policy file says nothing.
  public static final Filters DEFAULT =
      new Filters(
          new LengthRange(8, 24),
          new LengthRange(16, 48),
          64,
          Treatment.REJECT,
          Treatment.REJECT,
          Treatment.REJECT,
          Treatment.REJECT,
          Treatment.REJECT);

  /// Nothing is rejected for its prefix or path alone.
  public static final Filters NONE =
      new Filters(
          new LengthRange(0, 32),
          new LengthRange(0, 128),
          Integer.MAX_VALUE,
          Treatment.ACCEPT,
          Treatment.ACCEPT,
          Treatment.ACCEPT,
          Treatment.ACCEPT,
          Treatment.ACCEPT);

  /// Filters that reject invalid origins.
  public Filters(
      LengthRange ipv4Lengths,
      LengthRange ipv6Lengths,
      int maxAsPath,
      Treatment bogonPrefixes,
      Treatment bogonAsns,
      Treatment asSets,
      Treatment thirdPartyNextHops) {
    this(
        ipv4Lengths,
        ipv6Lengths,
        maxAsPath,
        bogonPrefixes,
        bogonAsns,
        asSets,
        thirdPartyNextHops,
        Treatment.REJECT);
  }

  public Filters {
    PolicyChecks.range("max-as-path", maxAsPath, 1, Integer.MAX_VALUE);
  }

  /// The same, but next hops may be anywhere.
  public Filters withAnyNextHop() {
    return new Filters(
        ipv4Lengths,
        ipv6Lengths,
        maxAsPath,
        bogonPrefixes,
        bogonAsns,
        asSets,
        Treatment.ACCEPT,
        invalidOrigins);
  }

  public LengthRange lengths(Family family) {
    return family == Family.IPV4 ? ipv4Lengths : ipv6Lengths;
  }
}

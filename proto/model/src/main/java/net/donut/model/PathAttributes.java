package net.donut.model;

import java.util.List;
import org.jspecify.annotations.Nullable;

/// The path attributes of a route (RFC 4271 §5), whichever attribute carried its next hop.
///
/// `med`, `localPref` and `onlyToCustomer` (RFC 9234 §5) are 0..4294967295, or [#ABSENT].
/// `linkLocalNextHop` is the second address of RFC 2545 §3. An IPv4 route may have an IPv6
/// `nextHop` (RFC 8950).
public record PathAttributes(
    Origin origin,
    AsPath asPath,
    IpAddress nextHop,
    @Nullable IpAddress linkLocalNextHop,
    long med,
    long localPref,
    boolean atomicAggregate,
    @Nullable Aggregator aggregator,
    Communities communities,
    ExtendedCommunities extendedCommunities,
    LargeCommunities largeCommunities,
    long onlyToCustomer,
    List<UnknownAttribute> unknown) {

  /// The value of an optional number that the route does not have.
  public static final long ABSENT = -1;

  public PathAttributes {
    unknown = List.copyOf(unknown);
    range("med", med);
    range("localPref", localPref);
    range("onlyToCustomer", onlyToCustomer);
  }

  private static void range(String name, long value) {
    if (value < ABSENT || value > 0xffff_ffffL) {
      throw new IllegalArgumentException(
          name + ": " + value + " (expected: 0..4294967295, or -1 for absent)");
    }
  }

  /// Attributes with only the mandatory three.
  public static PathAttributes of(Origin origin, AsPath asPath, IpAddress nextHop) {
    return builder(origin, asPath, nextHop).build();
  }

  public static Builder builder(Origin origin, AsPath asPath, IpAddress nextHop) {
    return new Builder(origin, asPath, nextHop);
  }

  public Builder toBuilder() {
    Builder builder = new Builder(origin, asPath, nextHop);
    builder.linkLocalNextHop = linkLocalNextHop;
    builder.med = med;
    builder.localPref = localPref;
    builder.atomicAggregate = atomicAggregate;
    builder.aggregator = aggregator;
    builder.communities = communities;
    builder.extendedCommunities = extendedCommunities;
    builder.largeCommunities = largeCommunities;
    builder.onlyToCustomer = onlyToCustomer;
    builder.unknown = unknown;
    return builder;
  }

  /// Collects attributes; what is not set is absent.
  public static final class Builder {
    private Origin origin;
    private AsPath asPath;
    private IpAddress nextHop;
    private @Nullable IpAddress linkLocalNextHop;
    private long med = ABSENT;
    private long localPref = ABSENT;
    private boolean atomicAggregate;
    private @Nullable Aggregator aggregator;
    private Communities communities = Communities.NONE;
    private ExtendedCommunities extendedCommunities = ExtendedCommunities.NONE;
    private LargeCommunities largeCommunities = LargeCommunities.NONE;
    private long onlyToCustomer = ABSENT;
    private List<UnknownAttribute> unknown = List.of();

    private Builder(Origin origin, AsPath asPath, IpAddress nextHop) {
      this.origin = origin;
      this.asPath = asPath;
      this.nextHop = nextHop;
    }

    public Builder origin(Origin value) {
      origin = value;
      return this;
    }

    public Builder asPath(AsPath value) {
      asPath = value;
      return this;
    }

    public Builder nextHop(IpAddress value) {
      nextHop = value;
      return this;
    }

    public Builder linkLocalNextHop(@Nullable IpAddress value) {
      linkLocalNextHop = value;
      return this;
    }

    public Builder med(long value) {
      med = value;
      return this;
    }

    public Builder localPref(long value) {
      localPref = value;
      return this;
    }

    public Builder atomicAggregate(boolean value) {
      atomicAggregate = value;
      return this;
    }

    public Builder aggregator(@Nullable Aggregator value) {
      aggregator = value;
      return this;
    }

    public Builder communities(Communities value) {
      communities = value;
      return this;
    }

    public Builder extendedCommunities(ExtendedCommunities value) {
      extendedCommunities = value;
      return this;
    }

    public Builder largeCommunities(LargeCommunities value) {
      largeCommunities = value;
      return this;
    }

    public Builder onlyToCustomer(long value) {
      onlyToCustomer = value;
      return this;
    }

    public Builder unknown(List<UnknownAttribute> value) {
      unknown = value;
      return this;
    }

    public PathAttributes build() {
      return new PathAttributes(
          origin,
          asPath,
          nextHop,
          linkLocalNextHop,
          med,
          localPref,
          atomicAggregate,
          aggregator,
          communities,
          extendedCommunities,
          largeCommunities,
          onlyToCustomer,
          unknown);
    }
  }
}

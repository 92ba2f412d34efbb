package net.donut.core.policy;

import java.util.List;
import net.donut.model.Family;
import net.donut.model.Prefix;
import net.donut.model.Relation;
import org.jspecify.annotations.Nullable;

/// A neighbor of another AS, on one interface of one router, with a session per family.
///
/// `price` is per Mbit/s and month, 0 for not given; `capacityBps` is bits a second, 0 for not
/// given; `preference` orders inside the band, higher wins; `md5` is null for none;
/// `holdTimeSeconds` is 3..65535. `prefixes` is what it may announce although the prefix is too
/// long or inside our own networks.
public record NeighborConfig(
    String name,
    String router,
    long as,
    Relation relation,
    String interfaceName,
    double price,
    long capacityBps,
    int preference,
    ExportRule export,
    @Nullable SessionConfig ipv4,
    @Nullable SessionConfig ipv6,
    @Nullable String md5,
    int holdTimeSeconds,
    Opening opening,
    List<ListedPrefix> prefixes) {

  public static final int HOLD_TIME_SECONDS = 90;

  /// Who opens the TCP connection.
  public enum Opening {
    /// We do, and accept the neighbor's.
    ACTIVE,
    /// Only the neighbor does.
    PASSIVE
  }

  public NeighborConfig {
    prefixes = List.copyOf(prefixes);
    PolicyChecks.name("neighbor", name);
    PolicyChecks.asn("neighbor " + name + ": as", as);
    PolicyChecks.name("neighbor " + name + ": interface", interfaceName);
    if (relation == Relation.OWN) {
      throw new IllegalArgumentException(
          "neighbor "
              + name
              + ": relation own (expected: customer, private-peer, public-peer,"
              + " route-server or transit)");
    }
    if (!(price >= 0) || Double.isInfinite(price)) {
      throw new IllegalArgumentException(
          "neighbor " + name + ": price " + price + " (expected: 0 or more)");
    }
    PolicyChecks.range("neighbor " + name + ": capacity", capacityBps, 0, Long.MAX_VALUE);
    PolicyChecks.range("neighbor " + name + ": preference", preference, -1_000_000, 1_000_000);
    if (holdTimeSeconds == 0) {
      throw new IllegalArgumentException(
          "neighbor "
              + name
              + ": hold-time 0 (expected: 3..65535; with 0 a dead neighbor would never be noticed)");
    }
    PolicyChecks.range("neighbor " + name + ": hold-time", holdTimeSeconds, 3, 65535);
    checkFamily(name, ipv4, Family.IPV4);
    checkFamily(name, ipv6, Family.IPV6);
  }

  private static void checkFamily(String name, @Nullable SessionConfig session, Family family) {
    if (session != null && session.family() != family) {
      throw new IllegalArgumentException(
          "neighbor " + name + ": " + session.address() + " (expected: an " + family + " address)");
    }
  }

  /// A neighbor with only what every neighbor has; the rest has its default.
  public static Builder builder(
      String name, String router, long as, Relation relation, String interfaceName) {
    return new Builder(name, router, as, relation, interfaceName);
  }

  /// Whether its list of prefixes names this one.
  public boolean lists(Prefix announced) {
    for (ListedPrefix listed : prefixes) {
      if (listed.allows(announced)) {
        return true;
      }
    }
    return false;
  }

  public @Nullable SessionConfig session(Family family) {
    return family == Family.IPV4 ? ipv4 : ipv6;
  }

  /// Collects the settings of a neighbor.
  public static final class Builder {
    private final String name;
    private final String router;
    private final long as;
    private final Relation relation;
    private final String interfaceName;
    private double price;
    private long capacityBps;
    private int preference;
    private ExportRule export = ExportRule.DEFAULT_RULES;
    private @Nullable SessionConfig ipv4;
    private @Nullable SessionConfig ipv6;
    private @Nullable String md5;
    private int holdTimeSeconds = HOLD_TIME_SECONDS;
    private Opening opening = Opening.ACTIVE;
    private List<ListedPrefix> prefixes = List.of();

    private Builder(String name, String router, long as, Relation relation, String interfaceName) {
      this.name = name;
      this.router = router;
      this.as = as;
      this.relation = relation;
      this.interfaceName = interfaceName;
    }

    public Builder price(double value) {
      price = value;
      return this;
    }

    public Builder capacityBps(long value) {
      capacityBps = value;
      return this;
    }

    public Builder preference(int value) {
      preference = value;
      return this;
    }

    public Builder export(ExportRule value) {
      export = value;
      return this;
    }

    /// Adds the session of its family.
    public Builder session(SessionConfig value) {
      if (value.family() == Family.IPV4) {
        ipv4 = value;
      } else {
        ipv6 = value;
      }
      return this;
    }

    public Builder md5(@Nullable String value) {
      md5 = value;
      return this;
    }

    public Builder holdTimeSeconds(int value) {
      holdTimeSeconds = value;
      return this;
    }

    public Builder opening(Opening value) {
      opening = value;
      return this;
    }

    public Builder prefixes(List<ListedPrefix> value) {
      prefixes = value;
      return this;
    }

    public NeighborConfig build() {
      return new NeighborConfig(
          name,
          router,
          as,
          relation,
          interfaceName,
          price,
          capacityBps,
          preference,
          export,
          ipv4,
          ipv6,
          md5,
          holdTimeSeconds,
          opening,
          prefixes);
    }
  }
}

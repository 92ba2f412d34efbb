package net.donut.core;

import java.util.ArrayList;
import java.util.List;
import java.util.function.UnaryOperator;
import net.donut.core.policy.Filters;
import net.donut.core.policy.LinkConfig;
import net.donut.core.policy.LinkEnd;
import net.donut.core.policy.NeighborConfig;
import net.donut.core.policy.Policy;
import net.donut.core.policy.RouterConfig;
import net.donut.core.policy.SessionConfig;
import net.donut.core.policy.Timers;
import net.donut.core.policy.Treatment;
import net.donut.model.AsPath;
import net.donut.model.IpAddress;
import net.donut.model.Origin;
import net.donut.model.PathAttributes;
import net.donut.model.Prefix;
import net.donut.model.Prefixes;
import net.donut.model.Relation;

/// The network of the demo: two edges with a link, two transits, two direct peers, a customer.
final class SmallNetwork {
  static final long LOCAL_AS = 64500;

  final List<NeighborConfig> neighbors = new ArrayList<>();
  Filters filters = unlimited();

  SmallNetwork() {
    neighbors.add(neighbor("tier1a", "edge1", 64601, Relation.TRANSIT, 1));
    neighbors.add(neighbor("tier1b", "edge2", 64602, Relation.TRANSIT, 2));
    neighbors.add(neighbor("tier2a", "edge1", 64603, Relation.PRIVATE_PEER, 3));
    neighbors.add(neighbor("tier2b", "edge2", 64604, Relation.PRIVATE_PEER, 4));
    neighbors.add(neighbor("babulous", "edge2", 64605, Relation.CUSTOMER, 5));
  }

  /// The defaults, but for special-purpose space and numbers, which tests are full of.
  static Filters unlimited() {
    Filters defaults = Filters.DEFAULT;
    return new Filters(
        defaults.ipv4Lengths(),
        defaults.ipv6Lengths(),
        defaults.maxAsPath(),
        Treatment.ACCEPT,
        Treatment.ACCEPT,
        defaults.asSets(),
        defaults.thirdPartyNextHops());
  }

  static NeighborConfig neighbor(
      String name, String router, long as, Relation relation, int number) {
    return builder(name, router, as, relation, number).build();
  }

  static NeighborConfig.Builder builder(
      String name, String router, long as, Relation relation, int number) {
    return NeighborConfig.builder(name, router, as, relation, name)
        .session(
            new SessionConfig(
                IpAddress.parse("100.64." + number + ".2"),
                IpAddress.parse("100.64." + number + ".1"),
                0))
        .session(
            new SessionConfig(
                IpAddress.parse("fd00:" + number + "::2"),
                IpAddress.parse("fd00:" + number + "::1"),
                0));
  }

  Policy policy() {
    return new Policy(
        LOCAL_AS,
        List.of(Prefix.parse("198.51.100.0/24"), Prefix.parse("2001:db8:6450::/48")),
        List.of(
            new RouterConfig("edge1", "10.255.0.11:9340", IpAddress.parse("10.64.0.1")),
            new RouterConfig("edge2", "10.255.0.12:9340", IpAddress.parse("10.64.0.2"))),
        List.of(
            new LinkConfig(
                "edge1-edge2",
                10,
                new LinkEnd(
                    "edge1",
                    "edge2",
                    IpAddress.parse("100.64.12.1"),
                    IpAddress.parse("fd00:12::1")),
                new LinkEnd(
                    "edge2",
                    "edge1",
                    IpAddress.parse("100.64.12.2"),
                    IpAddress.parse("fd00:12::2")))),
        neighbors,
        filters,
        Timers.DEFAULT);
  }

  NeighborConfig config(String name) {
    return neighbors.stream().filter(n -> n.name().equals(name)).findFirst().orElseThrow();
  }

  /// A path of a neighbor through its AS and these.
  PathAttributes path(String neighbor, Prefix prefix, long... behind) {
    NeighborConfig config = config(neighbor);
    SessionConfig session = config.session(prefix.family());
    if (session == null) {
      throw new IllegalArgumentException(neighbor + ": no session for " + prefix);
    }
    return PathAttributes.of(
        Origin.IGP, AsPath.of(behind).prepend(config.as(), 1), session.address());
  }

  void announce(Engine engine, String neighbor, String prefix, long... behind) {
    announce(engine, neighbor, prefix, path -> path, behind);
  }

  void announce(
      Engine engine,
      String neighbor,
      String prefix,
      UnaryOperator<PathAttributes.Builder> change,
      long... behind) {
    Prefix parsed = Prefix.parse(prefix);
    engine.announce(
        engine.neighbor(neighbor),
        Prefixes.of(parsed),
        change.apply(path(neighbor, parsed, behind).toBuilder()).build());
  }
}

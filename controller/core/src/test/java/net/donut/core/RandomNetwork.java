package net.donut.core;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import net.donut.core.policy.Filters;
import net.donut.core.policy.LengthRange;
import net.donut.core.policy.LinkConfig;
import net.donut.core.policy.LinkEnd;
import net.donut.core.policy.ListedPrefix;
import net.donut.core.policy.NeighborConfig;
import net.donut.core.policy.Policy;
import net.donut.core.policy.RouterConfig;
import net.donut.core.policy.SessionConfig;
import net.donut.core.policy.Timers;
import net.donut.core.policy.Treatment;
import net.donut.model.AsPath;
import net.donut.model.Communities;
import net.donut.model.Family;
import net.donut.model.IpAddress;
import net.donut.model.Origin;
import net.donut.model.PathAttributes;
import net.donut.model.Prefix;
import net.donut.model.Relation;

/// Seeded policies, prefixes and attributes in a space so small that everything meets everything.
final class RandomNetwork {
  static final long LOCAL_AS = 64500;

  private static Filters filters(Treatment thirdPartyNextHops) {
    return new Filters(
        new LengthRange(8, 24),
        new LengthRange(16, 48),
        64,
        Treatment.REJECT,
        Treatment.ACCEPT,
        Treatment.ACCEPT,
        thirdPartyNextHops);
  }

  /// What our routers may have on an interface: nothing, networks with and without the addresses of
  /// neighbors and their other next hops, a next hop itself, an exchange's LAN among the prefixes.
  private static final List<List<String>> ADDRESSES =
      List.of(
          List.of(),
          List.of("100.64.0.100/24"),
          List.of("100.64.0.100/16", "fd00::100/14"),
          List.of("100.64.0.100/18", "100.64.32.1/32", "fd00::100/64"),
          List.of("20.2.4.100/24", "fd02::1/64"),
          List.of("20.2.4.100/22", "100.64.0.100/16"),
          List.of("100.64.32.200/24"));

  private static final List<ListedPrefix> LISTED =
      List.of(
          new ListedPrefix(Prefix.parse("20.1.0.0/16"), 24),
          new ListedPrefix(Prefix.parse("20.2.4.0/22"), 28),
          new ListedPrefix(Prefix.parse("2600:1::/32"), 48));

  private static final List<Prefix> NETWORKS =
      List.of(Prefix.parse("20.1.0.0/16"), Prefix.parse("2600:1::/32"));

  private static final List<Prefix> PREFIXES =
      List.of(
              "0.0.0.0/0",
              "20.0.0.0/8",
              "20.1.0.0/16",
              "20.1.2.0/24",
              "20.2.0.0/16",
              "20.2.4.0/22",
              "20.2.4.0/24",
              "20.2.4.0/28",
              "20.3.0.0/16",
              "21.0.0.0/16",
              "::/0",
              "2600::/16",
              "2600:1::/32",
              "2600:1:2::/48",
              "2600:2::/32",
              "2600:2:4::/64")
          .stream()
          .map(Prefix::parse)
          .toList();

  private final Random random;

  RandomNetwork(Random random) {
    this.random = random;
  }

  Policy policy(int routers) {
    List<RouterConfig> configs = new ArrayList<>();
    for (int r = 1; r <= routers; r++) {
      configs.add(new RouterConfig("edge" + r, "localhost:" + r, IpAddress.ofIpv4(0x0a400000 + r)));
    }
    List<NeighborConfig> neighbors = new ArrayList<>();
    List<Relation> relations =
        List.of(
            Relation.CUSTOMER,
            Relation.PRIVATE_PEER,
            Relation.PUBLIC_PEER,
            Relation.ROUTE_SERVER,
            Relation.TRANSIT,
            Relation.TRANSIT);
    int count = 5 + random.nextInt(4);
    for (int n = 0; n < count; n++) {
      Relation relation = relations.get(random.nextInt(relations.size()));
      neighbors.add(neighbor(n, 1 + random.nextInt(routers), relation));
    }
    return new Policy(
        LOCAL_AS,
        NETWORKS,
        configs,
        links(routers),
        neighbors,
        filters(random.nextBoolean() ? Treatment.ACCEPT : Treatment.REJECT),
        Timers.DEFAULT);
  }

  /// Two neighbors each share an AS, so that MED is compared.
  private NeighborConfig neighbor(int n, int router, Relation relation) {
    return NeighborConfig.builder(
            "n" + n,
            "edge" + router,
            64600 + n / 2,
            relation,
            random.nextInt(4) == 0 ? "ixp" : "if" + n)
        .preference(random.nextInt(4) == 0 ? 10 : 0)
        .session(
            new SessionConfig(
                IpAddress.ofIpv4((n % 4 == 3 ? 0x14020400 : 0x64400000) + n),
                n % 4 == 3 ? null : IpAddress.ofIpv4(0x64400100 + n),
                0))
        .session(new SessionConfig(IpAddress.ofIpv6(0xfd00L << 48, n + 2), null, 0))
        .prefixes(random.nextInt(3) == 0 ? LISTED : List.of())
        .build();
  }

  List<InterfaceAddress> addresses() {
    return ADDRESSES.get(random.nextInt(ADDRESSES.size())).stream()
        .map(InterfaceAddress::parse)
        .toList();
  }

  /// A chain, and sometimes the link that makes it a ring, or a second link beside one.
  private List<LinkConfig> links(int routers) {
    List<LinkConfig> links = new ArrayList<>();
    for (int r = 1; r < routers; r++) {
      links.add(link(links.size(), r, r + 1));
    }
    if (routers > 2 && random.nextBoolean()) {
      links.add(link(links.size(), 1, routers));
    }
    if (routers > 1 && random.nextInt(3) == 0) {
      links.add(link(links.size(), 1, 2));
    }
    return links;
  }

  private LinkConfig link(int number, int a, int b) {
    return new LinkConfig(
        "l" + number, 5 + random.nextInt(3) * 5, end(number, a, 1), end(number, b, 2));
  }

  private static LinkEnd end(int number, int router, int side) {
    return new LinkEnd(
        "edge" + router,
        "l" + number,
        IpAddress.ofIpv4(0x64401000 + number * 4 + side),
        IpAddress.ofIpv6(0xfd01L << 48, number * 4L + side));
  }

  Prefix prefix() {
    return PREFIXES.get(random.nextInt(PREFIXES.size()));
  }

  static List<Prefix> prefixes() {
    return PREFIXES;
  }

  PathAttributes attributes(NeighborConfig neighbor, Family family) {
    int length = 1 + random.nextInt(3);
    long[] path = new long[length];
    path[0] = random.nextInt(12) == 0 ? 65000 : neighbor.as();
    for (int i = 1; i < length; i++) {
      path[i] = random.nextInt(15) == 0 ? LOCAL_AS : 64600 + random.nextInt(5);
    }
    SessionConfig session = neighbor.session(family);
    IpAddress nextHop =
        session == null || random.nextInt(6) == 0 ? other(family) : session.address();
    PathAttributes.Builder builder =
        PathAttributes.builder(
            random.nextInt(8) == 0 ? Origin.INCOMPLETE : Origin.IGP, AsPath.of(path), nextHop);
    if (random.nextInt(3) == 0) {
      builder.med(random.nextInt(3));
    }
    switch (random.nextInt(12)) {
      case 0 -> builder.communities(Communities.of(Communities.NO_EXPORT));
      case 1 -> builder.communities(Communities.of(Communities.GRACEFUL_SHUTDOWN));
      case 2 -> builder.onlyToCustomer(neighbor.as());
      case 3 -> builder.onlyToCustomer(65001);
      default -> {}
    }
    return builder.build();
  }

  private IpAddress other(Family family) {
    return family == Family.IPV4
        ? IpAddress.ofIpv4(0x64402000 + random.nextInt(2))
        : IpAddress.ofIpv6(0xfd02L << 48, 1 + random.nextInt(2));
  }
}

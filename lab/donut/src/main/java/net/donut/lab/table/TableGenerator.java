package net.donut.lab.table;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SplittableRandom;
import net.donut.lab.table.RoutingTable.Announcement;
import net.donut.lab.topology.LabNode;
import net.donut.lab.topology.Topology;
import net.donut.model.AsPath;
import net.donut.model.Family;
import net.donut.model.IpAddress;
import net.donut.model.Origin;
import net.donut.model.PathAttributes;
import net.donut.model.Prefix;
import net.donut.model.Prefixes;

/// A realistic table out of a seed: the same seed gives the same table.
///
/// Every prefix is announced by every Tier 1, by different paths; about 38 % of them also by the
/// Tier 2 network in whose customer cone their origin is. Of the more specifics inside a Tier 2's
/// blocks a third is withheld by the Tier 2 and heard from transit only. Tier 1s announce defaults.
/// What routes carry besides follows [AttributeMix].
public final class TableGenerator {
  private static final double CONE_SHARE = 0.40;
  private static final IpAddress NONE = IpAddress.ofIpv4(0);

  private final SplittableRandom random;
  private final List<LabNode.Network> tier1s;
  private final List<LabNode.Network> tier2s;
  private final Set<Long> taken = new HashSet<>();
  private final List<Long> backbones = new ArrayList<>();
  private final List<Long> regionals = new ArrayList<>();

  private TableGenerator(Topology topology, long seed) {
    this.random = new SplittableRandom(seed);
    this.tier1s = fed(topology, LabNode.Tier.TIER1);
    this.tier2s = fed(topology, LabNode.Tier.TIER2);
    taken.add(topology.asn());
    topology.networkNodes().forEach(network -> taken.add(network.asn()));
  }

  private static List<LabNode.Network> fed(Topology topology, LabNode.Tier tier) {
    return topology
        .networkNodes()
        .filter(network -> network.tier() == tier && network.feed() > 0)
        .toList();
  }

  /// An origin network: its number, how often it puts that into its paths, the Tier 2 whose cone it
  /// is in (or none: -1), and the regional provider between.
  private record Origination(long asn, int times, int cone, List<Long> providers) {}

  public static RoutingTable generate(Topology topology, TableSize size, long seed) {
    return new TableGenerator(topology, seed).generate(size);
  }

  private RoutingTable generate(TableSize size) {
    for (int i = 0; i < 8; i++) {
      backbones.add(newAsn());
    }
    for (int i = 0; i < 60 + (size.ipv4() + size.ipv6()) / 120; i++) {
      regionals.add(newAsn());
    }
    List<Origination> origins = new ArrayList<>();
    for (int i = 0; i < Math.max(20, (size.ipv4() + size.ipv6()) / 7); i++) {
      origins.add(origination());
    }
    Map<String, Map<PathAttributes, Map<Family, Prefixes.Builder>>> feeds = new LinkedHashMap<>();
    for (Family family : Family.values()) {
      int count = family == Family.IPV4 ? size.ipv4() : size.ipv6();
      Map<Prefix, Origination> owners = new HashMap<>();
      for (AddressPlan.Drawn drawn : new AddressPlan(random.split()).draw(family, count)) {
        Origination origin =
            owners.computeIfAbsent(drawn.block(), _ -> origins.get(random.nextInt(origins.size())));
        boolean specific = !drawn.prefix().equals(drawn.block());
        announce(feeds, drawn.prefix(), origin, specific);
      }
    }
    return table(feeds);
  }

  private Origination origination() {
    int cone = random.nextDouble() < CONE_SHARE ? random.nextInt(tier2s.size()) : -1;
    int times = random.nextInt(12) == 0 ? 2 + random.nextInt(3) : 1;
    List<Long> providers = new ArrayList<>();
    int count = cone >= 0 ? random.nextInt(2) : 1 + random.nextInt(3);
    for (int i = 0; i < count; i++) {
      providers.add(regionals.get(random.nextInt(regionals.size())));
    }
    return new Origination(newAsn(), times, cone, providers);
  }

  private void announce(
      Map<String, Map<PathAttributes, Map<Family, Prefixes.Builder>>> feeds,
      Prefix prefix,
      Origination origin,
      boolean specific) {
    // Mostly one set of attributes an origin and neighbor; some prefixes differ, as in reality.
    long variant = random.nextInt(10) == 0 ? random.nextInt(3) : 0;
    for (LabNode.Network tier1 : tier1s) {
      SplittableRandom own = stream(origin, tier1, variant);
      add(feeds, tier1, attributes(own, transitPath(own, origin), tier1, origin), prefix);
    }
    boolean withheld = specific && random.nextInt(3) == 0;
    if (origin.cone >= 0 && !withheld) {
      LabNode.Network tier2 = tier2s.get(origin.cone);
      SplittableRandom own = stream(origin, tier2, variant);
      add(feeds, tier2, attributes(own, conePath(origin), tier2, origin), prefix);
    }
  }

  /// A stream of numbers that depends on what it is for and not on the order of drawing.
  private static SplittableRandom stream(
      Origination origin, LabNode.Network heardBy, long variant) {
    return new SplittableRandom(
        origin.asn * 1_000_003 + heardBy.name().hashCode() * 31L + variant * 7_919);
  }

  /// How a Tier 1 gets there: through the Tier 2 it sells to, or through others.
  private List<Long> transitPath(SplittableRandom own, Origination origin) {
    List<Long> path = new ArrayList<>();
    if (origin.cone >= 0 && own.nextInt(5) > 0) {
      path.add(tier2s.get(origin.cone).asn());
      path.addAll(conePath(origin));
      return path;
    }
    if (own.nextInt(3) > 0) {
      path.add(backbones.get(own.nextInt(backbones.size())));
    }
    List<Long> providers = origin.cone >= 0 ? List.of() : origin.providers;
    if (own.nextInt(4) == 0 || providers.isEmpty()) {
      path.add(regionals.get(own.nextInt(regionals.size())));
    }
    if (!providers.isEmpty()) {
      long provider = providers.get(own.nextInt(providers.size()));
      if (!path.contains(provider)) {
        path.add(provider);
      }
    }
    path.addAll(last(origin));
    return path;
  }

  private static List<Long> conePath(Origination origin) {
    List<Long> path = new ArrayList<>(origin.providers);
    path.addAll(last(origin));
    return path;
  }

  private static List<Long> last(Origination origin) {
    return java.util.Collections.nCopies(origin.times, origin.asn);
  }

  private static PathAttributes attributes(
      SplittableRandom own, List<Long> path, LabNode.Network heardBy, Origination origin) {
    PathAttributes.Builder attributes =
        PathAttributes.builder(
            Origin.IGP, AsPath.of(path.stream().mapToLong(Long::longValue).toArray()), NONE);
    AttributeMix.draw(own, attributes, heardBy.asn(), path.getFirst(), origin.asn);
    return attributes.build();
  }

  private static void add(
      Map<String, Map<PathAttributes, Map<Family, Prefixes.Builder>>> feeds,
      LabNode.Network network,
      PathAttributes attributes,
      Prefix prefix) {
    feeds
        .computeIfAbsent(network.name(), _ -> new LinkedHashMap<>())
        .computeIfAbsent(attributes, _ -> new HashMap<>())
        .computeIfAbsent(prefix.family(), Prefixes.Builder::new)
        .add(prefix);
  }

  private RoutingTable table(
      Map<String, Map<PathAttributes, Map<Family, Prefixes.Builder>>> feeds) {
    Map<String, List<Announcement>> table = new HashMap<>();
    feeds.forEach((network, groups) -> {
      List<Announcement> announcements = new ArrayList<>();
      groups.forEach((attributes, families) -> {
        for (Family family : Family.values()) {
          Prefixes.Builder prefixes = families.get(family);
          if (prefixes != null) {
            announcements.add(new Announcement(attributes, prefixes.build()));
          }
        }
      });
      table.put(network, announcements);
    });
    for (LabNode.Network tier1 : tier1s) {
      table.computeIfAbsent(tier1.name(), _ -> new ArrayList<>()).addAll(defaults());
    }
    return new RoutingTable(table);
  }

  /// The default routes of a Tier 1: its own, so with an empty path.
  static List<Announcement> defaults() {
    PathAttributes own = PathAttributes.of(Origin.IGP, AsPath.EMPTY, NONE);
    return List.of(
        new Announcement(own, Prefixes.of(Prefix.defaultRoute(Family.IPV4))),
        new Announcement(own, Prefixes.of(Prefix.defaultRoute(Family.IPV6))));
  }

  private long newAsn() {
    return PathGenerator.newAsn(random, taken);
  }
}

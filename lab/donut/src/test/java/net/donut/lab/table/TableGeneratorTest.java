package net.donut.lab.table;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import net.donut.lab.table.RoutingTable.Announcement;
import net.donut.lab.topology.DonutTopology;
import net.donut.lab.topology.Topology;
import net.donut.model.AsPath;
import net.donut.model.Family;
import net.donut.model.PathAttributes;
import net.donut.model.Prefix;
import org.junit.jupiter.api.Test;

class TableGeneratorTest {
  private static final Topology DONUT = DonutTopology.create(Map.of());
  private static final RoutingTable TABLE = TableGenerator.generate(DONUT, TableSize.DEFAULT, 1);

  private static Map<Prefix, PathAttributes> routes(RoutingTable table, String network) {
    Map<Prefix, PathAttributes> routes = new HashMap<>();
    for (Announcement announcement : table.feed(network)) {
      for (Prefix prefix : announcement.prefixes()) {
        assertThat(routes.put(prefix, announcement.attributes())).as("%s twice", prefix).isNull();
      }
    }
    return routes;
  }

  private static AsPath path(Map<Prefix, PathAttributes> routes, Prefix prefix) {
    return java.util.Objects.requireNonNull(routes.get(prefix)).asPath();
  }

  @Test
  void the_same_seed_gives_the_same_table_and_another_seed_another() {
    assertThat(TableGenerator.generate(DONUT, TableSize.DEFAULT, 1)).isEqualTo(TABLE);
    assertThat(TableGenerator.generate(DONUT, TableSize.DEFAULT, 2)).isNotEqualTo(TABLE);
  }

  @Test
  void every_prefix_is_heard_from_both_transits_by_different_paths() {
    Map<Prefix, PathAttributes> a = routes(TABLE, "tier1a");
    Map<Prefix, PathAttributes> b = routes(TABLE, "tier1b");

    long different =
        a.keySet().stream().filter(prefix -> !path(a, prefix).equals(path(b, prefix))).count();

    assertThat(TABLE.count("tier1a", Family.IPV4)).isEqualTo(20_000);
    assertThat(TABLE.count("tier1a", Family.IPV6)).isEqualTo(5_000);
    assertThat(a.keySet()).isEqualTo(b.keySet());
    assertThat(different).isGreaterThan(12_000);
  }

  @Test
  void both_transits_announce_defaults_with_a_path_of_their_own() {
    for (String transit : Set.of("tier1a", "tier1b")) {
      for (Family family : Family.values()) {
        assertThat(routes(TABLE, transit).get(Prefix.defaultRoute(family)))
            .isNotNull()
            .extracting(PathAttributes::asPath)
            .isEqualTo(AsPath.EMPTY);
      }
    }
  }

  @Test
  void a_third_to_two_fifths_of_the_prefixes_are_heard_from_a_peer_too() {
    Set<Prefix> transit = routes(TABLE, "tier1a").keySet();
    Set<Prefix> peers = new HashSet<>(routes(TABLE, "tier2a").keySet());
    peers.addAll(routes(TABLE, "tier2b").keySet());

    assertThat(transit).containsAll(peers);
    assertThat(peers.size() / 25_000.0).isBetween(0.33, 0.42);
  }

  @Test
  void some_more_specifics_inside_the_blocks_of_peers_come_from_transit_only() {
    Map<Prefix, PathAttributes> peers = new HashMap<>(routes(TABLE, "tier2a"));
    peers.putAll(routes(TABLE, "tier2b"));

    long leaks =
        routes(TABLE, "tier1a").keySet().stream()
            .filter(prefix -> !peers.containsKey(prefix) && prefix.length() > 16)
            .filter(prefix ->
                IntStream.range(8, prefix.length())
                    .anyMatch(length ->
                        peers.containsKey(
                            Prefix.masked(prefix.family(), prefix.high(), prefix.low(), length))))
            .count();

    assertThat(leaks).isGreaterThan(300);
  }

  @Test
  void lengths_are_those_of_a_real_table() {
    Map<Integer, Long> lengths =
        routes(TABLE, "tier1a").keySet().stream()
            .filter(prefix -> prefix.family() == Family.IPV4 && prefix.length() > 0)
            .collect(Collectors.groupingBy(Prefix::length, Collectors.counting()));

    assertThat(lengths.getOrDefault(24, 0L) / 20_000.0).isBetween(0.50, 0.65);
    assertThat(lengths.keySet()).allMatch(length -> length >= 8 && length <= 24);
    assertThat(lengths.get(16)).isGreaterThan(300);
  }

  @Test
  void paths_have_two_to_seven_numbers_with_the_neighbors_own_and_thousands_of_origins() {
    Set<Integer> origins = new HashSet<>();
    Set<Integer> seenLengths = new HashSet<>();
    int prepended = 0;
    for (PathAttributes attributes : routes(TABLE, "tier1a").values()) {
      AsPath path = attributes.asPath();
      if (path.equals(AsPath.EMPTY)) {
        continue;
      }
      seenLengths.add(path.length() + 1);
      origins.add(path.originAs());
      int[] asns = path.segments().getFirst().asns();
      prepended += asns.length > 1 && asns[asns.length - 1] == asns[asns.length - 2] ? 1 : 0;
      assertThat(path.contains(64500)).as("our own number in %s", path).isFalse();
    }

    assertThat(seenLengths).allMatch(length -> length >= 2 && length <= 9).contains(2 + 1, 5);
    assertThat(origins).hasSizeGreaterThan(2_000);
    assertThat(prepended).isGreaterThan(500);
  }

  @Test
  void no_prefix_overlaps_what_carries_traffic_in_the_lab() {
    for (Prefix prefix : routes(TABLE, "tier1a").keySet()) {
      for (Family family : Family.values()) {
        for (Prefix live : DONUT.liveNetworks(family)) {
          assertThat(prefix.length() > 0 && (prefix.contains(live) || live.contains(prefix)))
              .as("%s and %s", prefix, live)
              .isFalse();
        }
      }
    }
  }

  @Test
  void a_large_table_fits_into_the_address_space() {
    RoutingTable large = TableGenerator.generate(DONUT, new TableSize(200_000, 50_000), 3);

    assertThat(large.count("tier1b", Family.IPV4)).isEqualTo(200_000);
    assertThat(large.count("tier1b", Family.IPV6)).isEqualTo(50_000);
  }

  @Test
  void a_size_that_makes_no_sense_says_what_is_expected() {
    assertThatThrownBy(() -> new TableSize(5, 5))
        .hasMessage("table size: 5 + 5 (expected: 10..400000 of each family)");
  }
}

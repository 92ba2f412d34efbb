package net.donut.lab.table;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;
import net.donut.lab.net.LabException;
import net.donut.lab.topology.DonutTopology;
import net.donut.lab.topology.Topology;
import net.donut.model.Family;
import net.donut.model.Prefix;
import org.junit.jupiter.api.Test;

/// On a real dump of RouteViews.
class MrtTableTest {
  private static final Topology DONUT = DonutTopology.create(Map.of());
  private static final Path DUMP =
      Path.of(System.getProperty("donut.data", "../shared/data"))
          .resolve("mrt/rib/rv2-20140523-first.mrt.xz");

  private static MrtTable load(Map<String, Long> chosen) {
    assertThat(Files.exists(DUMP)).as("needs %s (system property donut.data)", DUMP).isTrue();
    return MrtTable.load(
        List.of(DUMP),
        new MrtTable.Wish(
            List.of("tier1a", "tier1b"),
            List.of("tier2a", "tier2b"),
            chosen,
            Set.of(64500L, 64801L, 64901L),
            DONUT.liveNetworks(Family.IPV4)));
  }

  @Test
  void the_largest_feeds_become_transits_and_the_peers_announce_a_part() {
    MrtTable mrt = load(Map.of());
    int transit = mrt.table().count("tier1a", Family.IPV4);

    assertThat(mrt.asns().values()).doesNotHaveDuplicates().hasSize(4);
    assertThat(transit).isGreaterThan(8_000);
    assertThat(mrt.table().count("tier1b", Family.IPV4)).isGreaterThan(8_000);
    assertThat(mrt.table().count("tier2a", Family.IPV4)).isBetween(10, transit / 2);
    assertThat(mrt.table().count("tier2b", Family.IPV4)).isBetween(10, transit / 2);
    assertThat(mrt.story()).hasSize(4);
  }

  @Test
  void the_number_of_the_peer_is_not_in_front_of_its_paths() {
    MrtTable mrt = load(Map.of());
    int asn = mrt.asns().getOrDefault("tier1a", 0L).intValue();

    assertThat(mrt.table().feed("tier1a"))
        .filteredOn(announcement -> announcement.attributes().asPath().neighborAs() == asn)
        .hasSizeLessThan(mrt.table().feed("tier1a").size() / 20);
  }

  @Test
  void the_operator_chooses_who_is_who() {
    MrtTable mrt = load(Map.of("tier1a", 3356L, "tier2b", 6939L));

    assertThat(mrt.asns()).containsEntry("tier1a", 3356L).containsEntry("tier2b", 6939L);
  }

  @Test
  void a_number_that_is_not_in_the_dump_is_refused_with_those_that_are() {
    assertThatThrownBy(() -> load(Map.of("tier1a", 1L)))
        .isInstanceOf(LabException.class)
        .hasMessageContaining("--as tier1a=1: no peer of that AS in the dump (expected one of: ")
        .hasMessageContaining("3356");
  }

  @Test
  void transits_announce_defaults_beside_the_dump() {
    assertThat(load(Map.of()).table().feed("tier1b"))
        .anyMatch(announcement ->
            announcement.prefixes().get(0).equals(Prefix.defaultRoute(Family.IPV4)));
  }
}

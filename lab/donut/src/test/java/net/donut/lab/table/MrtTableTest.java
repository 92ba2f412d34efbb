package net.donut.lab.table;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;
import net.donut.fixtures.Packing;
import net.donut.fixtures.RealData;
import net.donut.fixtures.RealDataDirectory;
import net.donut.fixtures.SeededInternet;
import net.donut.lab.net.LabException;
import net.donut.lab.topology.DonutTopology;
import net.donut.lab.topology.Topology;
import net.donut.model.Family;
import net.donut.model.Prefix;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/// On a dump of RouteViews where it is, and on a seeded Internet.
class MrtTableTest {
  private static final Topology DONUT = DonutTopology.create(Map.of());

  @TempDir private static Path directory = Path.of("unset");

  /// Where a test reads a table.
  enum DumpForm {
    SEEDED,
    RECORDED;

    Path path() {
      if (this == RECORDED) {
        return RealDataDirectory.path("mrt/rib/rv2-20140523-first.mrt.xz");
      }
      Path file = directory.resolve("seeded.mrt");
      try {
        return Files.exists(file)
            ? file
            : SeededInternet.table(15, 9_030).write(file, Packing.NONE);
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }
  }

  private static MrtTable load(DumpForm dump, Map<String, Long> chosen) {
    return MrtTable.load(
        List.of(dump.path()),
        new MrtTable.Wish(
            List.of("tier1a", "tier1b"),
            List.of("tier2a", "tier2b"),
            chosen,
            Set.of(64500L, 64801L, 64901L),
            DONUT.liveNetworks(Family.IPV4)));
  }

  @ParameterizedTest
  @EnumSource(names = "SEEDED")
  void the_largest_feeds_become_transits_and_the_peers_announce_a_part(DumpForm dump) {
    MrtTable mrt = load(dump, Map.of());
    int transit = mrt.table().count("tier1a", Family.IPV4);

    assertThat(mrt.asns().values()).doesNotHaveDuplicates().hasSize(4);
    assertThat(transit).isGreaterThan(8_000);
    assertThat(mrt.table().count("tier1b", Family.IPV4)).isGreaterThan(8_000);
    assertThat(mrt.table().count("tier2a", Family.IPV4)).isBetween(10, transit / 2);
    assertThat(mrt.table().count("tier2b", Family.IPV4)).isBetween(10, transit / 2);
    assertThat(mrt.story()).hasSize(4);
  }

  @ParameterizedTest
  @EnumSource(names = "SEEDED")
  void the_number_of_the_peer_is_not_in_front_of_its_paths(DumpForm dump) {
    MrtTable mrt = load(dump, Map.of());
    int asn = mrt.asns().getOrDefault("tier1a", 0L).intValue();

    assertThat(mrt.table().feed("tier1a"))
        .filteredOn(announcement -> announcement.attributes().asPath().neighborAs() == asn)
        .hasSizeLessThan(mrt.table().feed("tier1a").size() / 20);
  }

  @ParameterizedTest
  @EnumSource(names = "SEEDED")
  void the_operator_chooses_who_is_who(DumpForm dump) {
    MrtTable mrt = load(dump, Map.of("tier1a", 3356L, "tier2b", 6939L));

    assertThat(mrt.asns()).containsEntry("tier1a", 3356L).containsEntry("tier2b", 6939L);
  }

  @ParameterizedTest
  @EnumSource(names = "SEEDED")
  void a_number_that_is_not_in_the_dump_is_refused_with_those_that_are(DumpForm dump) {
    assertThatThrownBy(() -> load(dump, Map.of("tier1a", 1L)))
        .isInstanceOf(LabException.class)
        .hasMessageContaining("--as tier1a=1: no peer of that AS in the dump (expected one of: ")
        .hasMessageContaining("3356");
  }

  @ParameterizedTest
  @EnumSource(names = "SEEDED")
  void transits_announce_defaults_beside_the_dump(DumpForm dump) {
    assertThat(load(dump, Map.of()).table().feed("tier1b"))
        .anyMatch(announcement ->
            announcement.prefixes().get(0).equals(Prefix.defaultRoute(Family.IPV4)));
  }

  @RealData
  @Test
  void the_largest_feeds_become_transits_and_the_peers_announce_a_part_on_recorded_data() {
    the_largest_feeds_become_transits_and_the_peers_announce_a_part(DumpForm.RECORDED);
  }

  @RealData
  @Test
  void the_number_of_the_peer_is_not_in_front_of_its_paths_on_recorded_data() {
    the_number_of_the_peer_is_not_in_front_of_its_paths(DumpForm.RECORDED);
  }

  @RealData
  @Test
  void the_operator_chooses_who_is_who_on_recorded_data() {
    the_operator_chooses_who_is_who(DumpForm.RECORDED);
  }

  @RealData
  @Test
  void a_number_that_is_not_in_the_dump_is_refused_with_those_that_are_on_recorded_data() {
    a_number_that_is_not_in_the_dump_is_refused_with_those_that_are(DumpForm.RECORDED);
  }

  @RealData
  @Test
  void transits_announce_defaults_beside_the_dump_on_recorded_data() {
    transits_announce_defaults_beside_the_dump(DumpForm.RECORDED);
  }
}

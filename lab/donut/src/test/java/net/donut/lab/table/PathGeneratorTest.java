package net.donut.lab.table;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import net.donut.fixtures.Packing;
import net.donut.fixtures.RealData;
import net.donut.fixtures.RealDataDirectory;
import net.donut.lab.net.LabException;
import net.donut.lab.table.RoutingTable.Announcement;
import net.donut.model.AsPath;
import net.donut.model.Family;
import net.donut.model.PathAttributes;
import net.donut.model.Prefix;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class PathGeneratorTest {
  @TempDir private Path out = Path.of("unset");

  private static Map<Prefix, PathAttributes> routes(List<Announcement> feed) {
    Map<Prefix, PathAttributes> routes = new HashMap<>();
    for (Announcement entry : feed) {
      for (Prefix prefix : entry.prefixes()) {
        assertThat(routes.put(prefix, entry.attributes())).as("%s twice", prefix).isNull();
      }
    }
    return routes;
  }

  @ParameterizedTest
  @EnumSource(Family.class)
  void feeds_announce_the_same_prefixes_by_different_paths_and_the_same_for_a_seed(Family family) {
    PrefixList list = PrefixList.generate(family, 5_000, 7);
    PathGenerator generator = new PathGenerator(list.prefixes(), 7, Set.of());

    Map<Prefix, PathAttributes> one = routes(generator.feed(64601));
    Map<Prefix, PathAttributes> two = routes(generator.feed(64602));

    Set<Prefix> all = new HashSet<>();
    list.prefixes().forEach(all::add);
    assertThat(all).hasSize(5_000);
    assertThat(one.keySet()).isEqualTo(all);
    assertThat(two.keySet()).isEqualTo(all);
    assertThat(all.stream().filter(p -> path(one, p).equals(path(two, p))).count())
        .isLessThan(1_000);
    assertThat(all).allMatch(p -> path(one, p).originAs() == path(two, p).originAs());
    assertThat(new PathGenerator(list.prefixes(), 7, Set.of()).feed(64601))
        .isEqualTo(generator.feed(64601));
    assertThat(new PathGenerator(list.prefixes(), 8, Set.of()).feed(64601))
        .isNotEqualTo(generator.feed(64601));
  }

  private static AsPath path(Map<Prefix, PathAttributes> routes, Prefix prefix) {
    return Objects.requireNonNull(routes.get(prefix)).asPath();
  }

  @RealData
  @Test
  void the_real_list_is_extended_to_a_million_with_sixty_thousand_paths() {
    assertThat(millionFrom(RealDataDirectory.path(PrefixList.REAL)).source())
        .startsWith("900,938 prefixes of bart");
  }

  @Test
  void a_seeded_list_is_extended_to_a_million_with_sixty_thousand_paths() throws Exception {
    StringBuilder lines = new StringBuilder();
    PrefixList.generate(Family.IPV4, 150_000, 11)
        .prefixes()
        .forEach(prefix -> lines.append(prefix).append('\n'));
    lines.append("2001:db8::/32\n");
    Path file = out.resolve("seeded.txt.gz");
    Files.write(file, Packing.GZIP.pack(lines.toString().getBytes(StandardCharsets.US_ASCII)));

    assertThat(millionFrom(file).source())
        .startsWith("150,000 prefixes of seeded.txt.gz and 850,000 seeded more specifics");
  }

  private static PrefixList millionFrom(Path file) {
    PrefixList list = PrefixList.read(file, Family.IPV4, 1_000_000, 1);
    Set<AsPath> paths = new HashSet<>();
    new PathGenerator(list.prefixes(), 1, Set.of())
        .feed(64601)
        .forEach(entry -> paths.add(entry.attributes().asPath()));

    assertThat(list.prefixes().size()).isEqualTo(1_000_000);
    for (int i = 1; i < 1_000_000; i++) {
      if (list.prefixes().get(i - 1).compareTo(list.prefixes().get(i)) >= 0) {
        throw new AssertionError("not ascending at " + i + ": " + list.prefixes().get(i));
      }
    }
    assertThat(paths).hasSizeGreaterThan(60_000);
    return list;
  }

  @Test
  void a_list_that_is_too_long_is_thinned_evenly() throws Exception {
    Path file = out.resolve("list.txt");
    Files.writeString(
        file,
        "192.0.2.0/24\n2001:db8::/32\n10.0.0.0/8\n198.51.100.128/25\n11.0.0.0/8\n192.0.2.0/24\n12.0.0.0/8\n");

    assertThat(PrefixList.read(file, Family.IPV4, 2, 1).prefixes())
        .containsExactly(Prefix.parse("10.0.0.0/8"), Prefix.parse("12.0.0.0/8"));
    assertThat(PrefixList.read(file, Family.IPV6, 1, 1).prefixes())
        .containsExactly(Prefix.parse("2001:db8::/32"));
  }

  @Test
  void a_line_that_is_no_prefix_is_named() throws Exception {
    Path file = out.resolve("list.txt");
    Files.writeString(file, "192.0.2.0/24\n192.0.2.0/33\n");

    assertThatThrownBy(() -> PrefixList.read(file, Family.IPV4, 2, 1))
        .isInstanceOf(LabException.class)
        .hasMessageContaining("list.txt:2: ");
  }
}

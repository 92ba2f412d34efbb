package net.donut.model.table;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import net.donut.model.Family;
import net.donut.model.IpAddress;
import net.donut.model.Prefix;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

final class PrefixTableTest {

  @ParameterizedTest
  @EnumSource(Family.class)
  void a_random_sequence_gives_what_a_map_gives(Family family) {
    long seed = new Random().nextLong();
    Random random = new Random(seed);
    PrefixTable table = new PrefixTable(family, 1);
    Map<Prefix, Integer> model = new HashMap<>();

    for (int step = 0; step < 30_000; step++) {
      Prefix prefix = random(random, family);
      if (random.nextInt(100) < (step < 15_000 ? 60 : 40)) {
        int slot = table.findOrAdd(prefix);
        Integer before = model.put(prefix, slot);
        assertThat(before == null || before == slot).as("seed %d step %d", seed, step).isTrue();
      } else if (model.containsKey(prefix)) {
        table.remove(model.remove(prefix));
      } else {
        assertThat(table.find(prefix)).as("seed %d", seed).isEqualTo(PrefixTable.NONE);
      }
    }

    assertThat(table.size()).as("seed %d", seed).isEqualTo(model.size());
    assertThat(new HashSet<>(model.values())).hasSize(model.size());
    model.forEach((prefix, slot) -> {
      assertThat(table.find(prefix)).isEqualTo(slot);
      assertThat(table.prefix(slot)).isEqualTo(prefix);
    });
    List<Prefix> sorted = new ArrayList<>();
    for (int slot : table.sortedSlots()) {
      sorted.add(table.prefix(slot));
    }
    assertThat(sorted).isEqualTo(model.keySet().stream().sorted().toList());
  }

  @ParameterizedTest
  @EnumSource(Family.class)
  void lookups_agree_with_a_scan(Family family) {
    long seed = new Random().nextLong();
    Random random = new Random(seed);
    PrefixTable table = new PrefixTable(family);
    List<Prefix> all = new ArrayList<>();
    for (int i = 0; i < 2000; i++) {
      Prefix prefix = random(random, family);
      if (table.find(prefix) == PrefixTable.NONE) {
        table.findOrAdd(prefix);
        all.add(prefix);
      }
    }

    for (int i = 0; i < 500; i++) {
      Prefix probe = random(random, family);
      IpAddress address = probe.lastAddress();
      List<Prefix> covering =
          all.stream()
              .filter(prefix -> prefix.contains(address))
              .sorted(Comparator.comparingInt(Prefix::length).reversed())
              .toList();
      assertThat(prefixes(table, table.coveringChain(address)))
          .as("seed %d %s", seed, address)
          .isEqualTo(covering);
      int longest = table.longestMatch(address);
      assertThat(longest == PrefixTable.NONE ? List.of() : List.of(table.prefix(longest)))
          .isEqualTo(covering.stream().limit(1).toList());
      assertThat(prefixes(table, table.coveringChain(probe)))
          .isEqualTo(
              all.stream()
                  .filter(prefix -> prefix.contains(probe))
                  .sorted(Comparator.comparingInt(Prefix::length).reversed())
                  .toList());
      assertThat(prefixes(table, table.slotsWithin(probe)))
          .isEqualTo(all.stream().filter(probe::contains).sorted().toList());
    }
  }

  @Test
  void a_freed_slot_is_given_out_again() {
    PrefixTable table = new PrefixTable(Family.IPV4);
    int slot = table.findOrAdd(Prefix.parse("192.0.2.0/24"));
    table.remove(slot);

    int again = table.findOrAdd(Prefix.parse("198.51.100.0/24"));

    assertThat(again).isEqualTo(slot);
    assertThat(table.capacity()).isEqualTo(1);
  }

  @Test
  void the_default_route_covers_everything() {
    PrefixTable table = new PrefixTable(Family.IPV6);
    int slot = table.findOrAdd(Prefix.defaultRoute(Family.IPV6));

    assertThat(table.longestMatch(IpAddress.parse("2001:db8::1"))).isEqualTo(slot);
    assertThat(table.longestMatch(IpAddress.parse("192.0.2.1"))).isEqualTo(PrefixTable.NONE);
  }

  @Test
  void removing_a_free_slot_is_refused() {
    PrefixTable table = new PrefixTable(Family.IPV4);
    int slot = table.findOrAdd(Prefix.parse("192.0.2.0/24"));
    table.remove(slot);

    assertThatThrownBy(() -> table.remove(slot)).hasMessageContaining("slot: 0");
  }

  private static List<Prefix> prefixes(PrefixTable table, int[] slots) {
    List<Prefix> prefixes = new ArrayList<>();
    for (int slot : slots) {
      prefixes.add(table.prefix(slot));
    }
    return prefixes;
  }

  /// Prefixes in a small part of the space, so that they repeat and nest.
  private static Prefix random(Random random, Family family) {
    int length = random.nextInt(family == Family.IPV4 ? 13 : 81);
    long high = (long) random.nextInt(1 << 12) << 52;
    long low = random.nextBoolean() ? 0 : (long) random.nextInt(4) << 62;
    return Prefix.masked(family, high, family == Family.IPV4 ? 0 : low, length);
  }
}

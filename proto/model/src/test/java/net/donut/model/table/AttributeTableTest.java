package net.donut.model.table;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.HashMap;
import java.util.Map;
import java.util.Random;
import net.donut.model.AsPath;
import net.donut.model.Communities;
import net.donut.model.IpAddress;
import net.donut.model.Origin;
import net.donut.model.PathAttributes;
import org.junit.jupiter.api.Test;

final class AttributeTableTest {
  private static PathAttributes attributes(int asn, int med) {
    return PathAttributes.builder(Origin.IGP, AsPath.of(64501, asn), IpAddress.parse("192.0.2.1"))
        .med(med)
        .communities(Communities.of(asn))
        .build();
  }

  @Test
  void a_random_sequence_gives_what_a_map_gives() {
    long seed = new Random().nextLong();
    Random random = new Random(seed);
    AttributeTable table = new AttributeTable();
    Map<PathAttributes, Integer> references = new HashMap<>();
    Map<PathAttributes, Integer> ids = new HashMap<>();

    for (int step = 0; step < 50_000; step++) {
      PathAttributes set = attributes(random.nextInt(300), random.nextInt(3));
      int count = references.getOrDefault(set, 0);
      if (random.nextInt(100) < (step < 25_000 ? 55 : 45)) {
        int id = table.intern(set);
        assertThat(count == 0 || ids.getOrDefault(set, 0) == id).as("seed %d", seed).isTrue();
        ids.put(set, id);
        references.put(set, count + 1);
      } else if (count > 0) {
        boolean last = table.release(ids.getOrDefault(set, 0));
        assertThat(last).as("seed %d", seed).isEqualTo(count == 1);
        references.put(set, count - 1);
      }
    }

    references.values().removeIf(count -> count == 0);
    assertThat(table.size()).as("seed %d", seed).isEqualTo(references.size());
    references.forEach((set, count) -> {
      assertThat(table.get(ids.getOrDefault(set, 0))).isEqualTo(set);
      assertThat(table.references(ids.getOrDefault(set, 0))).isEqualTo(count);
    });
  }

  @Test
  void an_id_given_to_another_set_has_a_new_generation() {
    AttributeTable table = new AttributeTable();
    int first = table.intern(attributes(1, 0));
    int generation = table.generation(first);
    table.release(first);

    int second = table.intern(attributes(2, 0));

    assertThat(second).isEqualTo(first);
    assertThat(table.generation(second)).isEqualTo(generation + 1);
  }

  @Test
  void a_shared_set_is_found_again_until_its_id_stands_for_another() {
    AttributeTable table = new AttributeTable();
    AttributeTable other = new AttributeTable();
    SharedAttributes shared = new SharedAttributes(attributes(1, 0));

    int id = table.intern(shared);

    assertThat(table.intern(shared)).isEqualTo(id);
    assertThat(table.references(id)).isEqualTo(2);
    assertThat(table.intern(attributes(1, 0))).isEqualTo(id);
    int _ = other.intern(attributes(2, 0));
    assertThat(other.get(other.intern(shared))).isEqualTo(attributes(1, 0));
    table.release(id);
    table.release(id);
    table.release(id);
    assertThat(table.intern(attributes(3, 0))).isEqualTo(id);
    assertThat(table.get(table.intern(shared))).isEqualTo(attributes(1, 0));
  }

  @Test
  void equal_parts_are_stored_once() {
    AttributeTable table = new AttributeTable();

    PathAttributes one = table.get(table.intern(attributes(7, 1)));
    PathAttributes two = table.get(table.intern(attributes(7, 2)));

    assertThat(two.asPath()).isSameAs(one.asPath());
    assertThat(two.communities()).isSameAs(one.communities());
  }

  @Test
  void an_id_nobody_holds_is_refused() {
    AttributeTable table = new AttributeTable();
    int id = table.intern(attributes(1, 0));
    table.release(id);

    assertThatThrownBy(() -> table.get(id)).hasMessageContaining("attribute set id: 1");
    assertThatThrownBy(() -> table.release(id)).hasMessageContaining("attribute set id: 1");
    assertThatThrownBy(() -> table.get(0)).hasMessageContaining("attribute set id: 0");
  }
}

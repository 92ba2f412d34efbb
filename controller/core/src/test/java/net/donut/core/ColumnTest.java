package net.donut.core;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.HashMap;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;

final class ColumnTest {

  @Test
  void a_random_sequence_gives_what_a_map_gives() {
    long seed = new Random().nextLong();
    Random random = new Random(seed);
    Column column = new Column();
    Map<Integer, Integer> model = new HashMap<>();

    for (int step = 0; step < 50_000; step++) {
      int slot = random.nextInt(5_000);
      int value = random.nextInt(3);
      int before = column.set(slot, value);
      assertThat(before).as("seed %d", seed).isEqualTo(model.getOrDefault(slot, 0));
      if (value == 0) {
        model.remove(slot);
      } else {
        model.put(slot, value);
      }
    }

    assertThat(column.size()).as("seed %d", seed).isEqualTo(model.size());
    for (int slot = 0; slot < 6_000; slot++) {
      assertThat(column.get(slot)).isEqualTo(model.getOrDefault(slot, 0));
    }
  }

  @Test
  void a_page_without_values_is_the_shared_one() {
    Column column = new Column();
    column.set(700, 5);
    assertThat(Column.isZeros(column.page(1))).isFalse();

    column.set(700, 0);

    assertThat(Column.isZeros(column.page(1))).isTrue();
    assertThat(Column.isZeros(column.page(0))).isTrue();
  }
}

package net.donut.model.queue;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;

final class OutboxTest {

  @Test
  void a_second_value_replaces_the_first_in_its_place() {
    Outbox<String, Integer> outbox = new Outbox<>();
    outbox.put("a", 1);
    outbox.put("b", 2);
    outbox.put("a", 3);

    List<String> sent = new ArrayList<>();
    outbox.drain(10, (key, value) -> sent.add(key + value));

    assertThat(sent).containsExactly("a3", "b2");
    assertThat(outbox.size()).isZero();
  }

  @Test
  void a_drained_key_goes_to_the_end() {
    Outbox<String, Integer> outbox = new Outbox<>();
    outbox.put("a", 1);
    outbox.put("b", 2);
    outbox.drain(1);
    outbox.put("a", 3);

    assertThat(outbox.drain(10)).containsExactly(Map.entry("b", 2), Map.entry("a", 3));
  }

  @Test
  void a_reader_that_applies_batches_ends_with_the_state_of_the_writer() {
    long seed = new Random().nextLong();
    Random random = new Random(seed);
    Outbox<Integer, Integer> outbox = new Outbox<>();
    Map<Integer, Integer> written = new HashMap<>();
    Map<Integer, Integer> read = new HashMap<>();

    for (int step = 0; step < 20_000; step++) {
      int key = random.nextInt(100);
      outbox.put(key, step);
      written.put(key, step);
      if (random.nextInt(10) == 0) {
        outbox.drain(random.nextInt(30), read::put);
      }
    }
    outbox.drain(Integer.MAX_VALUE, read::put);

    assertThat(read).as("seed %d", seed).isEqualTo(written);
    assertThat(outbox.largest()).isLessThanOrEqualTo(100);
  }
}

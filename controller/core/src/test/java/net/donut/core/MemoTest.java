package net.donut.core;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;

final class MemoTest {

  @Test
  void a_memo_says_what_was_decided_or_nothing() {
    long seed = new Random().nextLong();
    Random random = new Random(seed);
    Memo memo = new Memo();
    Map<List<Integer>, Integer> model = new HashMap<>();
    int found = 0;

    for (int step = 0; step < 600_000; step++) {
      int[] grades = new int[8];
      int count = 1 + random.nextInt(8);
      for (int i = 0; i < count; i++) {
        grades[i] = random.nextInt(20);
      }
      int hash = Arrays.hashCode(grades) & (step % 2 == 0 ? 0xffff : -1);
      List<Integer> key = Arrays.stream(grades, 0, count).boxed().toList();
      int known = memo.find(grades, count, hash);
      if (known >= 0) {
        found++;
        assertThat(known).as("seed %d", seed).isEqualTo(model.getOrDefault(key, -1));
      } else {
        int decided = model.computeIfAbsent(key, unseen -> random.nextInt(100));
        memo.add(grades, count, hash, decided);
      }
    }

    assertThat(found).as("seed %d", seed).isPositive();
  }

  @Test
  void a_cleared_memo_knows_nothing() {
    Memo memo = new Memo();
    memo.add(new int[] {1, 2}, 2, 5, 9);

    memo.clear();

    assertThat(memo.find(new int[] {1, 2}, 2, 5)).isEqualTo(-1);
  }
}

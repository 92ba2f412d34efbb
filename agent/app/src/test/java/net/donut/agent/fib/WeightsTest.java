package net.donut.agent.fib;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

class WeightsTest {
  private static final Weights.Rule NARROW = Weights.Rule.resilient(Weights.NARROW);
  private static final Weights.Rule WIDE = Weights.Rule.resilient(Weights.WIDE);

  @Test
  void one_member_a_level_gives_256_16_1() {
    assertThat(Weights.of(levels(1, 1, 1), NARROW))
        .containsExactly(new int[] {256}, new int[] {16}, new int[] {1});
    assertThat(Weights.of(levels(1, 1), NARROW)).containsExactly(new int[] {16}, new int[] {1});
  }

  @Test
  void a_hash_threshold_group_leaks_one_flow_of_257() {
    Weights.Rule narrow = Weights.Rule.hashThreshold(Weights.NARROW);
    Weights.Rule wide = Weights.Rule.hashThreshold(Weights.WIDE);

    assertThat(Weights.of(levels(1, 1), narrow)).containsExactly(new int[] {256}, new int[] {1});
    assertThat(Weights.of(levels(1, 1, 1), narrow)).hasSize(2);
    assertThat(Weights.of(levels(1, 1, 1), wide))
        .containsExactly(new int[] {65536}, new int[] {256}, new int[] {1});
  }

  @Test
  void equals_have_the_same_weight() {
    assertThat(Weights.of(levels(3, 1), NARROW))
        .containsExactly(new int[] {16, 16, 16}, new int[] {1});
  }

  @Test
  void a_level_that_does_not_fit_is_left_out() {
    assertThat(Weights.of(levels(1, 2, 1), NARROW)).hasSize(2);
    assertThat(Weights.of(levels(1, 2, 1), WIDE)).hasSize(3);
  }

  @Test
  void unequal_shares_keep_their_proportion() {
    assertThat(Weights.of(List.of(new long[] {30, 10}), NARROW)).containsExactly(new int[] {3, 1});
  }

  /// Whatever members die, the buckets are those of the first level that lives.
  @Test
  void no_bucket_goes_to_a_backup_while_one_above_lives() {
    Random random = new Random(11);
    for (int round = 0; round < 5000; round++) {
      int[] sizes = new int[1 + random.nextInt(3)];
      for (int i = 0; i < sizes.length; i++) {
        sizes[i] = 1 + random.nextInt(3);
      }
      List<int[]> weights = Weights.of(levels(sizes), WIDE);
      List<List<Integer>> living = new ArrayList<>();
      for (int[] level : weights) {
        List<Integer> alive = new ArrayList<>();
        for (int weight : level) {
          if (random.nextInt(3) > 0) {
            alive.add(weight);
          }
        }
        if (!alive.isEmpty()) {
          living.add(alive);
        }
      }
      if (living.isEmpty()) {
        continue;
      }
      assertThat(bucketsOfFirstLevel(living)).as("round %d", round).isEqualTo(Weights.BUCKETS);
    }
  }

  /// As the kernel deals them out: by rounding the running share.
  private static int bucketsOfFirstLevel(List<List<Integer>> levels) {
    int total = levels.stream().flatMap(List::stream).mapToInt(Integer::intValue).sum();
    int first = levels.getFirst().stream().mapToInt(Integer::intValue).sum();
    return (Weights.BUCKETS * first + total / 2) / total;
  }

  private static List<long[]> levels(int... sizes) {
    List<long[]> levels = new ArrayList<>();
    for (int size : sizes) {
      long[] shares = new long[size];
      java.util.Arrays.fill(shares, 1);
      levels.add(shares);
    }
    return levels;
  }
}

package net.donut.lab.chaos;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class ShrinkerTest {
  private static final int PLENTY = 10_000;

  private static List<Integer> numbers(int count) {
    return IntStream.range(0, count).boxed().toList();
  }

  @Test
  void one_culprit_is_left_alone() {
    assertThat(new Shrinker<Integer>(part -> part.contains(17), PLENTY).shrink(numbers(40)))
        .containsExactly(17);
  }

  @Test
  void culprits_that_need_each_other_stay_in_their_order() {
    for (int seed = 0; seed < 200; seed++) {
      SplittableRandom random = new SplittableRandom(seed);
      List<Integer> culprits = random.ints(4, 0, 60).boxed().distinct().sorted().toList();

      assertThat(
              new Shrinker<Integer>(part -> part.containsAll(culprits), PLENTY).shrink(numbers(60)))
          .as("seed %d", seed)
          .isEqualTo(culprits);
    }
  }

  @Test
  void what_fails_for_no_single_reason_is_given_back_whole() {
    assertThat(new Shrinker<Integer>(part -> part.size() == 9, PLENTY).shrink(numbers(9)))
        .isEqualTo(numbers(9));
  }

  @Test
  void no_more_trials_are_made_than_allowed_and_the_best_so_far_is_given() {
    List<List<Integer>> tried = new ArrayList<>();
    Shrinker<Integer> shrinker =
        new Shrinker<>(
            part -> {
              tried.add(part);
              return part.contains(7);
            },
            2);

    assertThat(shrinker.shrink(numbers(8))).containsExactly(6, 7);
    assertThat(tried).containsExactly(List.of(4, 5, 6, 7), List.of(6, 7));
  }
}

package net.donut.controller.rib;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

final class MilestonesTest {
  private static final long SECOND = TimeUnit.SECONDS.toNanos(1);

  private final Milestones milestones = new Milestones(0);

  private List<String> due(long now) {
    return milestones.due(now).stream().map(Milestones.Line::text).toList();
  }

  @Test
  void the_first_is_told_at_once_and_those_of_the_next_second_together() {
    milestones.moved(3);
    milestones.settled(1);
    assertThat(due(0))
        .containsExactly(
            "3 prefixes go another way now", "every router has every change (generation 1)");
    assertThat(milestones.next()).isEqualTo(Long.MAX_VALUE);

    for (int generation = 2; generation < 100; generation++) {
      milestones.moved(1);
      milestones.settled(generation);
      assertThat(due(generation)).isEmpty();
    }
    assertThat(milestones.next()).isEqualTo(SECOND);

    assertThat(due(SECOND))
        .containsExactly(
            "98 prefixes go another way now", "every router has every change (generation 99)");
    assertThat(due(3 * SECOND)).isEmpty();
  }

  @Test
  void what_moved_is_told_although_nothing_settles() {
    assertThat(due(0)).isEmpty();
    milestones.moved(2);

    assertThat(due(SECOND)).containsExactly("2 prefixes go another way now");
  }
}

package net.donut.model.queue;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

class LineBudgetsTest {
  private long now = 7;
  private final List<Runnable> due = new ArrayList<>();
  private final List<String> rest = new ArrayList<>();
  private final LineBudgets budgets =
      new LineBudgets((kind, more) -> rest.add(more + " " + kind), () -> now, due::add);

  private int taken(String kind, int lines) {
    int taken = 0;
    for (int i = 0; i < lines; i++) {
      taken += budgets.take(kind) ? 1 : 0;
    }
    return taken;
  }

  private void aSecondLater() {
    now += TimeUnit.SECONDS.toNanos(1);
    List<Runnable> all = List.copyOf(due);
    due.clear();
    all.forEach(Runnable::run);
  }

  @Test
  void four_lines_of_a_kind_and_one_of_the_rest_are_written_in_a_second() {
    assertThat(taken("call refused", 5000)).isEqualTo(4);
    assertThat(due).hasSize(1);

    aSecondLater();

    assertThat(rest).containsExactly("4996 call refused");
    assertThat(taken("call refused", 4)).isEqualTo(4);
  }

  @Test
  void kinds_have_budgets_of_their_own() {
    assertThat(taken("session down tier1a", 10)).isEqualTo(4);
    assertThat(taken("session down tier1b", 3)).isEqualTo(3);
  }

  @Test
  void lines_that_are_few_are_never_counted() {
    for (int second = 0; second < 10; second++) {
      assertThat(taken("notice", 4)).isEqualTo(4);
      aSecondLater();
    }

    assertThat(rest).isEmpty();
  }

  @Test
  void more_kinds_than_anybody_needs_share_one_budget() {
    int taken = 0;
    for (int i = 0; i < 5000; i++) {
      taken += taken("from " + i, 1);
    }

    assertThat(taken).isEqualTo(1024 + LineBudgets.LINES);
  }

  @Test
  void text_of_others_stays_on_its_line() {
    assertThat(LineBudgets.oneLine("a\r\nFATAL b\u0000\u001b[1m")).isEqualTo("a FATAL b [1m");
    assertThat(LineBudgets.oneLine("x".repeat(5000))).hasSize(1003);
  }
}

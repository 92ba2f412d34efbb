package net.donut.model;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.junit.jupiter.api.Test;

class ReturnHoldsTest {
  private final ReturnHolds<String> holds = new ReturnHolds<>(ReturnHolds.Range.DEFAULT);
  private long now = 77;

  private void flap() {
    now += Duration.ofSeconds(1).toNanos();
    holds.failed("link", now);
    now += Duration.ofSeconds(1).toNanos();
  }

  private void pass(Duration time) {
    now += time.toNanos();
  }

  private long holdSeconds(String key) {
    return holds.hold(key, now).toSeconds();
  }

  @Test
  void the_hold_doubles_with_each_failure_up_to_the_longest() {
    long[] seconds = new long[9];

    for (int i = 0; i < seconds.length; i++) {
      flap();
      seconds[i] = holdSeconds("link");
    }

    assertThat(seconds).containsExactly(1, 2, 4, 8, 16, 32, 32, 60, 60);
  }

  @Test
  void failures_in_a_burst_reach_the_longest_and_no_more() {
    for (int i = 0; i < 100; i++) {
      holds.failed("link", now);
    }

    assertThat(holdSeconds("link")).isEqualTo(60);
  }

  @Test
  void a_minute_of_quiet_halves_what_is_remembered_and_ten_forget_it() {
    for (int i = 0; i < 5; i++) {
      holds.failed("link", now);
    }
    assertThat(holdSeconds("link")).isEqualTo(16);

    pass(ReturnHolds.HALF_LIFE);
    assertThat(holdSeconds("link")).isEqualTo(4);
    pass(Duration.ofMinutes(9));

    assertThat(holdSeconds("link")).isEqualTo(1);
    flap();
    assertThat(holdSeconds("link")).isEqualTo(1);
  }

  @Test
  void what_never_failed_is_held_for_the_first_hold_whatever_others_did() {
    flap();
    flap();

    assertThat(holdSeconds("another")).isEqualTo(1);
  }

  @Test
  void a_hold_of_none_stays_none() {
    ReturnHolds<String> none =
        new ReturnHolds<>(new ReturnHolds.Range(Duration.ZERO, Duration.ZERO));

    none.failed("link", now);
    none.failed("link", now);

    assertThat(none.hold("link", now)).isZero();
  }
}

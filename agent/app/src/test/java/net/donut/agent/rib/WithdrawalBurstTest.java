package net.donut.agent.rib;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

class WithdrawalBurstTest {
  private static final long SECOND = TimeUnit.SECONDS.toNanos(1);

  private final WithdrawalBurst burst = new WithdrawalBurst();
  private long now = 100 * SECOND;

  @Test
  void a_fiftieth_of_a_table_at_once_is_a_burst() {
    assertThat(burst.withdrew(1_999, 98_001, now)).isFalse();
    assertThat(burst.withdrew(1, 98_000, now + 1)).isTrue();
    assertThat(burst.withdrew(100, 97_900, now + 2)).as("it has begun already").isFalse();
  }

  @Test
  void five_thousand_at_once_are_a_burst_of_the_largest_table() {
    assertThat(burst.withdrew(4_999, 995_001, now)).isFalse();
    assertThat(burst.withdrew(1, 995_000, now + 1)).isTrue();
  }

  @Test
  void a_whole_small_table_is_none() {
    assertThat(burst.withdrew(1_000, 0, now)).isFalse();
    assertThat(burst.ends(true, now + 2 * SECOND)).isFalse();
  }

  @Test
  void as_many_over_several_seconds_are_none() {
    for (int i = 0; i < 100; i++) {
      now += SECOND / 10;
      assertThat(burst.withdrew(400, 900_000, now)).as("%d", i).isFalse();
    }
  }

  @Test
  void it_ends_with_a_calm_second() {
    burst.withdrew(100_000, 900_000, now);

    assertThat(burst.ends(true, now + SECOND / 2)).isFalse();
    assertThat(burst.ends(true, now + SECOND)).as("the second had much").isFalse();
    burst.withdrew(499, 899_501, now + SECOND + 1);
    assertThat(burst.ends(true, now + 2 * SECOND)).isTrue();
    assertThat(burst.ends(true, now + 3 * SECOND)).isFalse();
  }

  @Test
  void it_lasts_until_a_controller_has_heard_of_everything() {
    burst.withdrew(100_000, 900_000, now);
    assertThat(burst.ends(true, now + SECOND)).isFalse();

    assertThat(burst.ends(false, now + 2 * SECOND)).isFalse();
    assertThat(burst.ends(true, now + 3 * SECOND)).isTrue();
  }

  @Test
  void the_end_of_the_session_ends_it() {
    assertThat(burst.reset()).isFalse();
    burst.withdrew(100_000, 900_000, now);

    assertThat(burst.reset()).isTrue();
    assertThat(burst.ends(true, now + SECOND)).isFalse();
  }
}

package net.donut.agent.service;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

final class WithdrawalStandingsTest {
  private static final long REST = WithdrawalStandings.REST_NANOS;

  private final WithdrawalStandings standings = new WithdrawalStandings();
  private final long start = 1_000 * REST;

  @Test
  void a_session_comes_back_when_its_burst_is_over_and_the_forwarding_plane_at_rest() {
    assertThat(standings.begins("a")).isTrue();
    assertThat(standings.begins("a")).as("news").isFalse();
    standings.fibChanged(start);
    assertThat(standings.release(start + 2 * REST)).as("before its end").isEmpty();

    standings.ends("a");
    standings.fibChanged(start + 2 * REST);
    assertThat(standings.release(start + 3 * REST - 1)).as("not at rest").isEmpty();
    assertThat(standings.sessions()).containsExactly("a");

    assertThat(standings.release(start + 3 * REST)).containsExactly("a");
    assertThat(standings.sessions()).isEmpty();
    assertThat(standings.release(start + 9 * REST)).isEmpty();
  }

  @Test
  void a_burst_that_begins_again_keeps_the_session_out() {
    standings.begins("a");
    standings.ends("a");

    assertThat(standings.begins("a")).as("news").isFalse();

    assertThat(standings.release(start)).isEmpty();
    assertThat(standings.sessions()).containsExactly("a");
  }

  @Test
  void a_session_that_was_removed_and_comes_again_is_news() {
    standings.begins("a");
    assertThat(standings.forget("a")).isTrue();

    standings.ends("a");
    assertThat(standings.release(start)).isEmpty();
    assertThat(standings.begins("a")).isTrue();
  }
}

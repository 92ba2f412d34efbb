package net.donut.agent.gribi;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class ElectionTest {
  private final Election<String> election = new Election<>();

  private static GribiElectionId id(long high, long low) {
    return new GribiElectionId(high, low);
  }

  @Test
  void ids_are_compared_as_unsigned_128_bit_numbers() {
    assertThat(id(0, -1)).isGreaterThan(id(0, 1));
    assertThat(id(-1, 0)).isGreaterThan(id(1, 0));
    assertThat(id(1, 0)).isGreaterThan(id(0, -1));
    assertThat(id(1, 5)).isLessThan(id(2, 1));
  }

  @Test
  void a_greater_low_half_does_not_beat_a_greater_high_half() {
    election.announce("a", id(2, 1));

    election.announce("b", id(1, 9));

    assertThat(election.isPrimary("a")).isTrue();
    assertThat(election.highest()).isEqualTo(id(2, 1));
  }

  @Test
  void the_newer_of_two_equals_wins_and_the_older_is_told_of() {
    election.announce("a", id(0, 1));

    assertThat(election.announce("b", id(0, 1))).isEqualTo("a");
    assertThat(election.objection("a", id(0, 1), id(0, 1))).contains("newer client");
    assertThat(election.objection("b", id(0, 1), id(0, 1))).isNull();
  }

  @Test
  void the_highest_id_outlives_its_client() {
    election.announce("a", id(0, 9));
    election.leave("a");
    election.announce("b", id(0, 3));

    assertThat(election.highest()).isEqualTo(id(0, 9));
    assertThat(election.objection("b", id(0, 3), id(0, 3))).contains("expected: 0:9");
  }

  @Test
  void a_primary_that_lowers_its_id_steps_down() {
    election.announce("a", id(0, 9));
    election.announce("a", id(0, 8));

    assertThat(election.isPrimary("a")).isFalse();
  }

  @Test
  void an_operation_needs_the_announced_id() {
    election.announce("a", id(0, 9));

    assertThat(election.objection("a", id(0, 9), id(0, 10))).contains("0:10 (expected: 0:9");
  }
}

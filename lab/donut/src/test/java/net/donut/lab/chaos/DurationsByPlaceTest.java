package net.donut.lab.chaos;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class DurationsByPlaceTest {
  private static final long MS = 1_000_000;

  private final DurationsByPlace<String> spells = new DurationsByPlace<>();

  @Test
  void a_spell_lasts_from_when_it_was_first_seen_to_now() {
    assertThat(spells.goesOn("a", 5 * MS)).isZero();
    assertThat(spells.goesOn("a", 9 * MS)).isEqualTo(4 * MS);

    spells.ends("a");

    assertThat(spells.goesOn("a", 20 * MS)).isZero();
  }

  @Test
  void the_longest_is_kept_when_it_is_over() {
    assertThat(spells.longest()).isEqualTo("never");

    spells.goesOn("a", 0);
    spells.goesOn("a", 7 * MS);
    spells.forget();
    spells.goesOn("b", 8 * MS);
    spells.goesOn("b", 9 * MS);

    assertThat(spells.longest()).isEqualTo("7 ms, a");
  }
}

package net.donut.lab.probe;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.function.LongPredicate;
import net.donut.lab.probe.PlayoutBuffer.Playback;
import net.donut.lab.probe.PlayoutBuffer.Player;
import org.junit.jupiter.api.Test;

class PlayoutBufferTest {
  private static final long PERIOD_MILLIS = 100;
  private static final long END_MILLIS = 10_000;

  /// Starts with 500 ms, holds a second, and is sent as fast as it is played.
  private static final Player PLAYER =
      new Player(Duration.ofMillis(500), Duration.ofSeconds(1), 1.0);

  /// A packet each 100 ms, the first at 100, and a viewer who goes after 10 s.
  private static Playback play(Player player, LongPredicate comes) {
    PlayoutBuffer buffer = new PlayoutBuffer(player, 10, 0);
    for (long millis = PERIOD_MILLIS; millis < END_MILLIS; millis += PERIOD_MILLIS) {
      if (comes.test(millis)) {
        buffer.came(millis * 1_000_000);
      }
    }
    return buffer.end(END_MILLIS * 1_000_000);
  }

  @Test
  void playing_begins_when_there_is_enough() {
    Playback playback = play(PLAYER, _ -> true);

    assertThat(playback.startup()).isEqualTo(Duration.ofMillis(500));
    assertThat(playback.stalls()).isZero();
    assertThat(playback.rebuffering()).isZero();
  }

  @Test
  void an_outage_shorter_than_what_is_held_is_not_seen() {
    Playback playback = play(PLAYER, millis -> millis < 2_000 || millis > 2_300);

    assertThat(playback.stalls()).isZero();
  }

  @Test
  void a_longer_outage_stalls_until_there_is_enough_again() {
    // 500 ms are held at 1,900 and last until 2,400; packets from 3,000 on bring 500 ms by 3,400.
    Playback playback = play(PLAYER, millis -> millis < 2_000 || millis >= 3_000);

    assertThat(playback.stalls()).isEqualTo(1);
    assertThat(playback.rebuffering()).isEqualTo(Duration.ofSeconds(1));
  }

  @Test
  void a_stall_that_does_not_end_counts_to_the_end() {
    Playback playback = play(PLAYER, millis -> millis < 2_000);

    assertThat(playback.stalls()).isEqualTo(1);
    assertThat(playback.rebuffering()).isEqualTo(Duration.ofMillis(END_MILLIS - 2_400));
  }

  @Test
  void loss_drains_a_stream_without_haste_and_not_one_with() {
    LongPredicate everyFifthIsLost = millis -> millis / PERIOD_MILLIS % 5 != 0;
    Player hasty = new Player(PLAYER.start(), PLAYER.room(), 1.5);

    assertThat(play(PLAYER, everyFifthIsLost).stalls()).isPositive();
    assertThat(play(hasty, everyFifthIsLost).stalls()).isZero();
  }

  @Test
  void a_player_holds_no_more_than_it_has_room_for() {
    // With room for a second, an outage of 1.2 s stalls however much came before.
    Player hasty = new Player(PLAYER.start(), PLAYER.room(), 2);
    Playback playback = play(hasty, millis -> millis < 5_000 || millis >= 6_200);

    assertThat(playback.stalls()).isEqualTo(1);
  }

  @Test
  void a_viewer_to_whom_nothing_comes_never_begins() {
    Playback playback = play(PLAYER, _ -> false);

    assertThat(playback).isEqualTo(new Playback(Duration.ZERO, 0, Duration.ZERO));
  }
}

package net.donut.bfd;

import static net.donut.bfd.BfdFixture.received;
import static net.donut.bfd.BfdFixture.session;
import static net.donut.bfd.BfdFixture.settings;
import static net.donut.bfd.BfdFixture.text;
import static net.donut.bfd.BfdFixture.up;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import java.util.SplittableRandom;
import net.donut.wire.bfd.BfdState;
import net.donut.wire.bfd.ControlPacket;
import net.donut.wire.bfd.ControlPacket.Flag;
import org.junit.jupiter.api.Test;

class BfdSessionTest {
  private static BfdSession started(BfdSettings settings) {
    BfdSession session = session(settings);
    session.handle(new BfdEvent.Configured(settings));
    return session;
  }

  @Test
  void a_session_begins_slowly_and_without_knowing_the_neighbor() {
    BfdSession session = session(settings(50, 3));

    String begun = text(session.handle(new BfdEvent.Configured(session.settings())));
    String sent = text(session.handle(new BfdEvent.TransmitDue()));

    assertThat(begun).isEqualTo("tx=750.0ms report(Down unknown)");
    assertThat(sent).isEqualTo("send(Down your=0 tx=1000 rx=50) tx=750.0ms");
  }

  @Test
  void a_passive_session_is_silent_until_it_hears_the_neighbor() {
    BfdSession session = session(settings(50, 3, BfdSettings.Role.PASSIVE));

    String begun = text(session.handle(new BfdEvent.Configured(session.settings())));
    String heard = text(session.handle(received(BfdState.DOWN)));
    String lost = text(session.handle(new BfdEvent.DetectionExpired()));

    assertThat(begun).isEqualTo("tx=never report(Down unknown)");
    assertThat(heard)
        .isEqualTo(
            "detect=400.0ms tx=750.0ms send(Init your=9 tx=1000 rx=50) report(Init unknown)");
    assertThat(lost).isEqualTo("detect=never tx=never report(Down unknown)");
  }

  @Test
  void the_slower_of_our_wish_and_the_neighbors_ability_is_the_interval() {
    BfdSession session = started(settings(50, 3));
    up(session);

    String slower = text(session.handle(received(BfdState.UP, 100, 300, 4, Flag.FINAL)));
    String faster = text(session.handle(received(BfdState.UP, 100, 10, 4)));

    assertThat(slower).isEqualTo("detect=400.0ms tx=225.0ms report(Up alive)");
    assertThat(faster).isEqualTo("detect=400.0ms tx=37.5ms report(Up alive)");
  }

  @Test
  void the_detection_time_comes_from_the_neighbors_multiplier_and_the_slower_interval() {
    BfdSession session = started(settings(50, 7));
    up(session);

    String slowNeighbor = text(session.handle(received(BfdState.UP, 200, 20, 5, Flag.FINAL)));
    String fastNeighbor = text(session.handle(received(BfdState.UP, 10, 20, 5)));

    assertThat(slowNeighbor).startsWith("detect=1000.0ms");
    assertThat(fastNeighbor).startsWith("detect=250.0ms");
  }

  @Test
  void a_poll_lasts_until_it_is_answered() {
    BfdSession session = started(settings(50, 3));
    up(session);

    String unanswered = text(session.handle(new BfdEvent.TransmitDue()));
    session.handle(received(BfdState.UP, Flag.FINAL));
    String answered = text(session.handle(new BfdEvent.TransmitDue()));

    assertThat(unanswered).startsWith("send(Up POLL ");
    assertThat(answered).startsWith("send(Up your=9 ");
  }

  @Test
  void a_longer_interval_of_ours_counts_once_the_neighbor_knows_it() {
    BfdSession session = started(settings(50, 3));
    up(session);
    session.handle(received(BfdState.UP, Flag.FINAL));

    String told = text(session.handle(new BfdEvent.Configured(settings(200, 3))));
    String before = text(session.handle(new BfdEvent.TransmitDue()));
    String after = text(session.handle(received(BfdState.UP, Flag.FINAL)));

    assertThat(told).isEqualTo("send(Up POLL your=9 tx=200 rx=200) report(Up alive)");
    assertThat(before).isEqualTo("send(Up POLL your=9 tx=200 rx=200) tx=37.5ms");
    assertThat(after).isEqualTo("detect=800.0ms tx=150.0ms report(Up alive)");
  }

  @Test
  void a_shorter_receive_interval_of_ours_counts_once_the_neighbor_knows_it() {
    BfdSession session = started(settings(300, 3));
    up(session);
    session.handle(received(BfdState.UP, Flag.FINAL));

    session.handle(new BfdEvent.Configured(settings(50, 3)));
    String before = text(session.handle(received(BfdState.UP)));
    String after = text(session.handle(received(BfdState.UP, Flag.FINAL)));

    assertThat(before).startsWith("detect=1200.0ms");
    assertThat(after).startsWith("detect=400.0ms");
  }

  @Test
  void a_neighbor_that_wants_no_periodic_packets_gets_none_but_an_answer_to_its_poll() {
    BfdSession session = started(settings(50, 3));
    up(session);

    String silenced = text(session.handle(received(BfdState.UP, 100, 0, 4, Flag.FINAL)));
    String polled = text(session.handle(received(BfdState.UP, 100, 0, 4, Flag.POLL)));

    assertThat(silenced).isEqualTo("detect=400.0ms tx=never report(Up alive)");
    assertThat(polled).isEqualTo("detect=400.0ms send(Up FINAL your=9 tx=50 rx=50)");
  }

  @Test
  void a_neighbor_in_demand_mode_gets_no_periodic_packets_while_both_are_up() {
    BfdSession session = started(settings(50, 3));
    up(session);
    session.handle(received(BfdState.UP, Flag.FINAL));

    String demanded = text(session.handle(received(BfdState.UP, Flag.DEMAND)));
    String ended = text(session.handle(received(BfdState.UP)));

    assertThat(demanded).isEqualTo("detect=400.0ms tx=never report(Up alive)");
    assertThat(ended).isEqualTo("detect=400.0ms tx=37.5ms report(Up alive)");
  }

  @Test
  void a_neighbor_that_switches_bfd_off_does_not_make_the_path_dead() {
    BfdSession session = started(settings(50, 3));
    up(session);

    session.handle(received(BfdState.ADMIN_DOWN));
    session.handle(new BfdEvent.DetectionExpired());

    assertThat(session.status().state()).isEqualTo(BfdState.DOWN);
    assertThat(session.status().path()).isEqualTo(BfdStatus.Path.UNKNOWN);
    assertThat(session.status().losses()).isZero();
  }

  @Test
  void a_path_is_dead_until_the_session_is_up_again() {
    BfdSession session = started(settings(50, 3));
    up(session);
    session.handle(new BfdEvent.DetectionExpired());
    BfdStatus lost = session.status();

    session.handle(received(BfdState.DOWN));
    BfdStatus returning = session.status();
    session.handle(received(BfdState.INIT));

    assertThat(lost.path()).isEqualTo(BfdStatus.Path.DEAD);
    assertThat(returning.path()).isEqualTo(BfdStatus.Path.DEAD);
    assertThat(session.status().path()).isEqualTo(BfdStatus.Path.ALIVE);
    assertThat(session.status().losses()).isEqualTo(1);
  }

  @Test
  void jitter_is_at_most_a_quarter_and_at_least_a_tenth_with_multiplier_1() {
    long seed = System.nanoTime();
    SplittableRandom random = new SplittableRandom(seed);

    for (int multiplier : new int[] {1, 3}) {
      BfdSession session =
          new BfdSession(settings(50, multiplier), 7, BfdSession.ControlPlane.SHARED, random);
      session.handle(new BfdEvent.Configured(session.settings()));
      up(session);
      long least = Long.MAX_VALUE;
      long most = 0;
      for (int i = 0; i < 2000; i++) {
        long micros = armed(session.handle(new BfdEvent.TransmitDue()));
        least = Math.min(least, micros);
        most = Math.max(most, micros);
      }

      assertThat(least).as("seed " + seed).isBetween(37_500L, 38_500L);
      assertThat(most)
          .as("seed " + seed)
          .isBetween(multiplier == 1 ? 44_500L : 49_500L, multiplier == 1 ? 45_000L : 50_000L);
    }
  }

  private static long armed(List<BfdAction> actions) {
    for (BfdAction action : actions) {
      if (action instanceof BfdAction.ArmTransmit(long micros)) {
        return micros;
      }
    }
    throw new AssertionError("no timer in " + actions);
  }

  @Test
  void two_sessions_come_up_and_agree_whatever_packets_are_lost() {
    long seed = System.nanoTime();
    SplittableRandom random = new SplittableRandom(seed);

    for (int round = 0; round < 200; round++) {
      TwoSessions two = new TwoSessions(random);
      two.run(5_000_000, random.nextInt(0, 60));
      two.run(20_000_000, 0);

      assertThat(two.left().status().state()).as("seed " + seed).isEqualTo(BfdState.UP);
      assertThat(two.right().status().state()).as("seed " + seed).isEqualTo(BfdState.UP);
      assertThat(two.left().status().transmitMicros()).as("seed " + seed).isEqualTo(80_000);
      assertThat(two.right().status().transmitMicros()).as("seed " + seed).isEqualTo(80_000);
      assertThat(two.left().status().detectionMicros()).as("seed " + seed).isEqualTo(400_000);
      assertThat(two.right().status().detectionMicros()).as("seed " + seed).isEqualTo(240_000);

      long silentFrom = two.micros();
      two.run(1_000_000, 100);

      assertThat(two.lostAt(two.left()) - silentFrom)
          .as("seed " + seed)
          .isBetween(300_000L, 401_000L);
      assertThat(two.lostAt(two.right()) - silentFrom)
          .as("seed " + seed)
          .isBetween(140_000L, 241_000L);
    }
  }

  @Test
  void settings_out_of_range_are_refused_with_what_is_expected() {
    assertThatThrownBy(() -> settings(9, 3))
        .hasMessage("transmit interval: 9000 us (expected: 10ms..60s)");
    assertThatThrownBy(() -> settings(50, 256)).hasMessage("multiplier: 256 (expected: 1..255)");
  }

  @Test
  void every_packet_is_marked_as_independent_of_the_control_plane() {
    BfdSession session = started(settings(50, 3));

    List<BfdAction> actions = session.handle(new BfdEvent.TransmitDue());

    assertThat(actions.getFirst())
        .isInstanceOfSatisfying(
            BfdAction.Send.class,
            send ->
                assertThat(send.packet().flags()).containsExactly(Flag.CONTROL_PLANE_INDEPENDENT));
    assertThat(((BfdAction.Send) actions.getFirst()).packet())
        .isInstanceOf(ControlPacket.class)
        .extracting(ControlPacket::multiplier)
        .isEqualTo(3);
  }
}

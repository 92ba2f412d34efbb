package net.donut.lab.probe;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.time.Duration;
import java.util.function.IntPredicate;
import net.donut.lab.net.Namespace;
import org.junit.jupiter.api.Test;

class ViewingTest {
  private static final long MILLI = 1_000_000;
  private static final Audience AUDIENCE =
      new Audience("a", new Probes.Site("viewers", new Namespace("none")), 2, 50, 1_250);

  /// Two streams that take turns, a packet each 10 ms, answered after 4 ms over three routers.
  private static StreamLog log(int packets, IntPredicate comes) {
    StreamLog log = new StreamLog(AUDIENCE);
    for (int i = 0; i < packets; i++) {
      long now = (i + 1) * 10L * MILLI;
      int packet = log.asked(now);
      if (comes.test(packet)) {
        log.came(packet, now + 4 * MILLI, 61, 0);
      }
    }
    return log;
  }

  private static Viewing all(StreamLog log) {
    return Viewing.of(log, 0, Long.MAX_VALUE);
  }

  @Test
  void everything_that_comes_is_counted_with_its_round_trip_and_routers() {
    Viewing viewing = all(log(100, _ -> true));

    assertThat(viewing.asked()).isEqualTo(100);
    assertThat(viewing.lost()).isZero();
    assertThat(viewing.routers()).isEqualTo(3);
    assertThat(viewing.roundTripMillis(50)).isCloseTo(4, within(0.1));
    assertThat(viewing.jitterMicros()).isZero();
    assertThat(viewing.outage()).isEqualTo(Duration.ZERO);
  }

  @Test
  void an_outage_lasts_from_the_packet_before_it_to_the_one_after() {
    Viewing viewing = all(log(100, packet -> packet < 40 || packet >= 50));

    assertThat(viewing.lost()).isEqualTo(10);
    assertThat(viewing.outage()).isEqualTo(Duration.ofMillis(110));
    assertThat(viewing.interrupted()).isEqualTo(2);
  }

  @Test
  void a_packet_lost_now_and_then_interrupts_no_stream() {
    Viewing viewing = all(log(100, packet -> packet % 10 != 0));

    assertThat(viewing.lossPercent()).isCloseTo(10, within(0.01));
    assertThat(viewing.interrupted()).isZero();
  }

  @Test
  void an_outage_of_one_stream_is_none_of_the_audience() {
    Viewing viewing = all(log(100, packet -> packet % 2 == 0));

    assertThat(viewing.interrupted()).isEqualTo(1);
    assertThat(viewing.outage()).isEqualTo(Duration.ofMillis(20));
  }

  @Test
  void other_routers_or_another_server_are_another_way() {
    StreamLog log = log(4, _ -> false);
    log.came(0, 20 * MILLI, 61, 0);
    log.came(2, 40 * MILLI, 60, 0);
    log.came(1, 30 * MILLI, 61, 0);
    log.came(3, 50 * MILLI, 61, 1);

    assertThat(all(log).wayChanges()).isEqualTo(2);
  }

  @Test
  void only_what_was_asked_for_in_the_time_counts() {
    Viewing viewing = Viewing.of(log(100, _ -> true), 101 * MILLI, 201 * MILLI);

    assertThat(viewing.asked()).isEqualTo(10);
  }
}

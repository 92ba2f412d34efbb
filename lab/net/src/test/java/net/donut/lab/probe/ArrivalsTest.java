package net.donut.lab.probe;

import static net.donut.lab.probe.Probes.Stale.NONE;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

class ArrivalsTest {
  private static final long MS = 1_000_000;

  /// Packets sent one a millisecond from time 1 ms; the given ones do not arrive.
  private static Arrivals without(int count, Integer... lost) {
    Arrivals arrivals = new Arrivals();
    for (int i = 0; i < count; i++) {
      if (!java.util.List.of(lost).contains(i)) {
        arrivals.arrived(i, (i + 1) * MS, 0);
      }
    }
    return arrivals;
  }

  @Test
  void a_stream_that_loses_nothing_has_gaps_of_one_period() {
    Arrivals.Window window = without(100).window(0, 100, MS, 101 * MS, 10 * MS, NONE);

    assertThat(window.received()).isEqualTo(100);
    assertThat(window.lost()).isZero();
    assertThat(window.gaps()).isZero();
    assertThat(window.maxGapMs()).isEqualTo(1.0);
    assertThat(window.bins()).hasSize(10).containsOnly(10);
  }

  @Test
  void losses_in_a_row_are_one_gap_measured_between_what_arrived() {
    Arrivals.Window window =
        without(100, 40, 41, 42, 70).window(0, 100, MS, 101 * MS, 10 * MS, NONE);

    assertThat(window.lost()).isEqualTo(4);
    assertThat(window.gaps()).isEqualTo(2);
    assertThat(window.maxGapMs()).isEqualTo(4.0);
    assertThat(window.recoveredNanos()).isEqualTo(44 * MS);
    assertThat(window.bins().get(4)).isEqualTo(7);
    assertThat(window.lostBins().get(4)).isEqualTo(3);
    assertThat(window.lostBins().get(7)).isEqualTo(1);
  }

  @Test
  void losses_at_the_end_count_up_to_the_end_of_the_window() {
    Arrivals.Window window = without(50).window(0, 100, MS, 101 * MS, 10 * MS, NONE);

    assertThat(window.lost()).isEqualTo(50);
    assertThat(window.maxGapMs()).isEqualTo(51.0);
  }

  @Test
  void what_a_stale_sink_gets_counts_as_lost() {
    Arrivals arrivals = new Arrivals();
    for (int i = 0; i < 100; i++) {
      arrivals.arrived(i, (i + 1) * MS, i < 60 ? 0 : 1);
    }

    Arrivals.Window window =
        arrivals.window(0, 100, MS, 101 * MS, 10 * MS, new Probes.Stale(0, 51 * MS));

    assertThat(window.lost()).isEqualTo(10);
    assertThat(window.maxGapMs()).isEqualTo(11.0);
    assertThat(window.firstLossNanos()).isEqualTo(50 * MS);
    assertThat(window.recoveredNanos()).isEqualTo(61 * MS);
  }

  @Test
  void what_lies_outside_the_window_does_not_count() {
    Arrivals.Window window = without(100, 5).window(10, 20, 11 * MS, 21 * MS, 10 * MS, NONE);

    assertThat(window.lost()).isZero();
    assertThat(window.received()).isEqualTo(10);
  }

  @Test
  void a_packet_twice_and_a_packet_late_are_told_apart() {
    Arrivals arrivals = new Arrivals();
    for (int sequence : new int[] {0, 1, 3, 2, 4, 4}) {
      arrivals.arrived(sequence, (sequence + 1) * MS, 0);
    }

    Arrivals.Window window = arrivals.window(0, 5, MS, 6 * MS, 10 * MS, NONE);

    assertThat(window.duplicated()).isEqualTo(1);
    assertThat(window.reordered()).isEqualTo(1);
    assertThat(window.lost()).isZero();
  }

  @Test
  void more_packets_than_there_was_room_for_are_kept() {
    Arrivals arrivals = new Arrivals();
    arrivals.arrived(1_000_000, MS, 0);

    assertThat(arrivals.window(1_000_000, 1_000_001, MS, 2 * MS, MS, NONE).received()).isEqualTo(1);
  }

  @Test
  void every_packet_has_a_time_and_a_fate() {
    List<EventStrip.Packet> packets = without(100, 40, 41).packets(0, 101, MS, 102 * MS, 41 * MS);

    assertThat(packets).hasSize(101);
    assertThat(packets.get(39)).isEqualTo(new EventStrip.Packet(-1, EventStrip.Fate.ARRIVED));
    assertThat(packets.get(40)).isEqualTo(new EventStrip.Packet(0, EventStrip.Fate.LOST));
    assertThat(packets.get(41)).isEqualTo(new EventStrip.Packet(1, EventStrip.Fate.LOST));
    assertThat(packets.get(42)).isEqualTo(new EventStrip.Packet(2, EventStrip.Fate.ARRIVED));
    assertThat(packets.get(100).fate()).isEqualTo(EventStrip.Fate.LOST);
  }
}

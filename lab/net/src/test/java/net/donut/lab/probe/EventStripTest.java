package net.donut.lab.probe;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class EventStripTest {
  /// A packet a millisecond from -100 to 400 ms, those from `from` to `to` lost.
  private static EventStrip losing(int from, int to) {
    return new EventStrip(
        IntStream.range(-100, 400)
            .mapToObj(at ->
                new EventStrip.Packet(
                    at, at >= from && at < to ? EventStrip.Fate.LOST : EventStrip.Fate.ARRIVED))
            .toList());
  }

  @Test
  void it_holds_the_packets_around_the_event_and_no_others() {
    assertThat(losing(0, 0).packets()).hasSize(300);
    assertThat(losing(0, 0).packets().getFirst().atMs()).isEqualTo(-50);
    assertThat(losing(-90, -60).lost()).isEmpty();
  }

  @Test
  void the_line_for_a_terminal_tells_how_many_were_lost_and_when() {
    assertThat(losing(3, 12).text())
        .isEqualTo("-50 ms ..........|2#2" + ".".repeat(47) + " +250 ms");
  }

  @Test
  void where_nothing_was_sent_the_line_is_blank() {
    EventStrip strip =
        new EventStrip(
            losing(0, 0).packets().stream()
                .filter(packet -> packet.atMs() < 0 || packet.atMs() >= 10)
                .toList());

    assertThat(strip.text()).startsWith("-50 ms ..........|  ....");
  }
}

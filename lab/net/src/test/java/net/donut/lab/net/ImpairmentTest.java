package net.donut.lab.net;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ImpairmentTest {
  private static final LabWire WIRE = new LabWire(7);

  @Test
  void texts_and_values_stand_for_each_other() {
    Map<ImpairmentKind, String> texts =
        Map.of(
            ImpairmentKind.DELAY, "20ms",
            ImpairmentKind.JITTER, "1.5ms",
            ImpairmentKind.LOSS, "0.1%",
            ImpairmentKind.RATE, "50mbit");

    Impairment impairment = Impairment.of(texts);

    assertThat(impairment)
        .isEqualTo(
            new Impairment(
                Duration.ofMillis(20), Duration.ofNanos(1_500_000), 0.1, 50_000_000, 0, 0, 0));
    assertThat(impairment.texts()).isEqualTo(texts);
    assertThat(impairment).hasToString("delay 20ms jitter 1.5ms loss 0.1% rate 50mbit");
    assertThat(Impairment.NONE).hasToString("none");
  }

  @ParameterizedTest
  @CsvSource({"2s, 2000000", "300us, 300", "1500ms, 1500000", "0.5s, 500000"})
  void a_time_has_a_unit(String text, long microseconds) {
    Duration time = ImpairmentKind.duration("delay", text);

    assertThat(time).isEqualTo(Duration.ofNanos(1000 * microseconds));
    assertThat(ImpairmentKind.duration("delay", ImpairmentKind.text(time))).isEqualTo(time);
  }

  @ParameterizedTest
  @CsvSource({"1gbit, 1000000000", "2.5mbit, 2500000", "64kbit, 64000", "1500Mbit, 1500000000"})
  void a_rate_has_a_unit(String text, long bits) {
    assertThat(ImpairmentKind.bits("rate", text)).isEqualTo(bits);
    assertThat(ImpairmentKind.bits("rate", ImpairmentKind.bitsText(bits))).isEqualTo(bits);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "DELAY | 20 | delay: '20' (expected: such as 20ms or 1.5s)",
        "DELAY | 6s | delay: 6s (expected: at most 5s)",
        "JITTER | 1ms | jitter: 1ms (expected: at most the delay, 0s)",
        "LOSS | 101% | loss: 101.0 (expected: 0 to 100 percent)",
        "RATE | fast | rate: 'fast' (expected: such as 50mbit or 1gbit)",
        "RATE | 1kbit | rate: 1kbit (expected: 8kbit to 100gbit)",
        "REORDER | 5% | reorder: needs a delay, which some packets do without",
      })
  void what_cannot_be_is_refused_with_what_can(
      ImpairmentKind measure, String text, String message) {
    assertThatThrownBy(() -> Impairment.of(Map.of(measure, text))).hasMessage(message);
  }

  @Test
  void without_netem_loss_is_on_the_way_rate_at_the_ends_and_delay_in_a_relay() {
    Emulation parts =
        new Emulation.Parts(
            Impairment.of(
                Map.of(
                    ImpairmentKind.DELAY,
                    "5ms",
                    ImpairmentKind.LOSS,
                    "10%",
                    ImpairmentKind.RATE,
                    "100mbit")));

    assertThat(parts.means()).isEqualTo("relay, bpf, tbf");
    assertThat(parts.disciplines(WIRE))
        .containsExactly(
            "qdisc replace dev w7a root tbf rate 100000000bit burst 50000 latency 50ms",
            "qdisc replace dev w7b root tbf rate 100000000bit burst 50000 latency 50ms");
    assertThat(FrameDelivery.of(parts, null))
        .isEqualTo(new FrameDelivery(10, 10, FrameDelivery.Route.RELAYED));
    assertThat(WIRE.carry(FrameDelivery.of(parts, Cut.Plain.ONE_WAY)))
        .containsExactly(
            "filter del dev w7a parent ffff:",
            "filter del dev w7b parent ffff:",
            "filter add dev w7b parent ffff: protocol all bpf bytecode \"4,32 0 0 4294963256,53 0 1"
                + " 429496730,6 0 0 4294967295,6 0 0 0\" action mirred egress redirect dev d7b");
  }

  @Test
  void a_brown_out_comes_on_top_of_the_loss_of_an_impairment() {
    Emulation parts = new Emulation.Parts(Impairment.of(Map.of(ImpairmentKind.LOSS, "20%")));

    FrameDelivery carriage = FrameDelivery.of(parts, new Cut.BrownOut(50));

    assertThat(carriage).isEqualTo(new FrameDelivery(60, 60, FrameDelivery.Route.DIRECT));
  }

  @Test
  void netem_does_all_of_it_at_the_ends() {
    Emulation netem =
        new Emulation.Netem(
            Impairment.of(
                Map.of(
                    ImpairmentKind.DELAY, "5ms",
                    ImpairmentKind.JITTER, "1ms",
                    ImpairmentKind.LOSS, "10%",
                    ImpairmentKind.RATE, "1gbit",
                    ImpairmentKind.CORRUPT, "0.1%")));

    assertThat(netem.disciplines(WIRE))
        .first()
        .isEqualTo(
            "qdisc replace dev w7a root netem limit 10000 delay 5000us 1000us loss 10% rate 1gbit"
                + " corrupt 0.1%");
    assertThat(FrameDelivery.of(netem, null)).isEqualTo(FrameDelivery.WHOLE);
  }

  @Test
  void what_only_netem_can_do_is_refused_without_it() {
    assertThatThrownBy(() ->
            new Emulation.Parts(
                Impairment.of(Map.of(ImpairmentKind.DELAY, "5ms", ImpairmentKind.CORRUPT, "1%"))))
        .isInstanceOf(LabException.class)
        .hasMessage(
            "corrupt: needs netem, which this kernel has not (expected: a kernel with sch_netem, or"
                + " delay, jitter, loss and rate only)");
  }
}

package net.donut.lab.story;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import net.donut.model.Relation;
import org.junit.jupiter.api.Test;

class BillTest {
  private static final long SECOND = 1_000_000_000L;
  private static final Counters.Port TRANSIT = new Counters.Port("edge1", "tier1a");
  private static final Counters.Port PEER = new Counters.Port("edge1", "bba");
  private static final List<Price> PRICES =
      List.of(
          new Price("tier1a", TRANSIT, Relation.TRANSIT, 0.30),
          new Price("bba", PEER, Relation.PRIVATE_PEER, 0));

  /// A reading a second; the transit brings 1 Mbit/s and takes `out` Mbit/s, the peer takes 3.
  private static List<Counters.Reading> readings(List<Integer> out) {
    List<Counters.Reading> readings = new ArrayList<>();
    long sent = 0;
    for (int i = 0; i <= out.size(); i++) {
      readings.add(
          new Counters.Reading(
              i * SECOND,
              Map.of(
                  TRANSIT, new Counters.Bytes(i * 125_000L, sent),
                  PEER, new Counters.Bytes(0, i * 375_000L))));
      sent += i < out.size() ? out.get(i) * 125_000L : 0;
    }
    return readings;
  }

  @Test
  void the_larger_direction_is_paid_for() {
    Bill bill = Bill.of(PRICES, readings(List.of(4, 4, 4, 4)));

    assertThat(bill.transitMbit()).isCloseTo(4, within(1e-9));
    assertThat(bill.amount()).isCloseTo(1.20, within(1e-9));
  }

  @Test
  void the_top_twentieth_of_the_samples_costs_nothing() {
    List<Integer> oneHigh = IntStream.range(0, 20).map(i -> i == 7 ? 100 : 2).boxed().toList();
    List<Integer> twoHigh = IntStream.range(0, 20).map(i -> i < 2 ? 100 : 2).boxed().toList();

    assertThat(Bill.of(PRICES, readings(oneHigh)).transitMbit()).isCloseTo(2, within(1e-9));
    assertThat(Bill.of(PRICES, readings(twoHigh)).transitMbit()).isCloseTo(100, within(1e-9));
  }

  @Test
  void bytes_are_summed_by_relation_in_both_directions() {
    Bill bill = Bill.of(PRICES, readings(List.of(2, 2, 2, 2)));

    assertThat(bill.bytes())
        .containsEntry(Relation.TRANSIT, 4 * 375_000L)
        .containsEntry(Relation.PRIVATE_PEER, 4 * 375_000L);
    assertThat(bill.transitPercent()).isCloseTo(50, within(1e-9));
  }

  @Test
  void no_readings_cost_nothing() {
    assertThat(Bill.of(PRICES, List.of()).amount()).isZero();
  }

  @Test
  void prices_are_those_of_the_policy_file() {
    Path stories = Stories.directory(Path.of(System.getProperty("donut.root", "..")));

    List<Price> prices = Price.read(StoryNetwork.DONUT.policy(stories));

    assertThat(prices)
        .contains(new Price("tier1a-edge1", TRANSIT, Relation.TRANSIT, 0.30))
        .contains(new Price("bba-edge1", PEER, Relation.PRIVATE_PEER, 0))
        .hasSize(8);
  }
}

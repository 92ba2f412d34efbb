package net.donut.core.decision;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import net.donut.model.IpAddress;
import net.donut.model.Origin;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

final class BestPathTest {
  private static final String WINNER = "z-winner";

  /// A candidate with something to change; the winner has the last name, so the name never helps
  /// it.
  static final class Draft {
    private final String name;
    private BestPath.Word word = BestPath.Word.NONE;
    private int band = 3;
    private BestPath.Shutdown shutdown = BestPath.Shutdown.NONE;
    private long preference = 100;
    private int length = 5;
    private Origin origin = Origin.EGP;
    private long med = 10;
    private int as = 64501;
    private int cost = 10;
    private @Nullable IpAddress identifier = IpAddress.parse("10.0.0.5");
    private IpAddress address = IpAddress.parse("192.0.2.5");

    Draft(String name) {
      this.name = name;
    }

    BestPath.Candidate build() {
      return new BestPath.Candidate(
          name,
          word,
          band,
          shutdown,
          preference,
          length,
          origin,
          med,
          as,
          cost,
          identifier,
          address);
    }
  }

  interface Change {
    void apply(Draft draft);
  }

  /// A step, what makes the loser lose there, and what makes it better at the next step.
  record Row(Step step, Change worse, Change betterLater) {
    @Override
    public String toString() {
      return step.word();
    }
  }

  private static List<Row> steps() {
    return List.of(
        new Row(Step.DRAINED, d -> d.word = BestPath.Word.DRAINED, d -> d.band = 0),
        new Row(Step.OVERRIDE, d -> d.word = BestPath.Word.PASSED_OVER, d -> d.band = 0),
        new Row(Step.BAND, d -> d.band = 5, d -> d.preference = 200),
        new Row(
            Step.GRACEFUL_SHUTDOWN,
            d -> d.shutdown = BestPath.Shutdown.GRACEFUL,
            d -> d.preference = 4_294_967_295L),
        new Row(Step.PREFERENCE, d -> d.preference = 99, d -> d.length = 1),
        new Row(Step.AS_PATH_LENGTH, d -> d.length = 6, d -> d.origin = Origin.IGP),
        new Row(Step.ORIGIN, d -> d.origin = Origin.INCOMPLETE, d -> d.med = 0),
        new Row(Step.MED, d -> d.med = 11, d -> d.cost = BestPath.EXTERNAL),
        new Row(
            Step.INTERIOR_COST, d -> d.cost = 11, d -> d.identifier = IpAddress.parse("10.0.0.1")),
        new Row(
            Step.ROUTER_ID,
            d -> d.identifier = IpAddress.parse("10.0.0.6"),
            d -> d.address = IpAddress.parse("192.0.2.1")),
        new Row(Step.NEIGHBOR_ADDRESS, d -> d.address = IpAddress.parse("192.0.2.6"), d -> {}));
  }

  @ParameterizedTest
  @MethodSource("steps")
  void each_step_decides_before_those_behind_it(Row row) {
    Draft winner = new Draft(WINNER);
    Draft loser = new Draft("a-loser");
    row.worse().apply(loser);
    row.betterLater().apply(loser);

    List<BestPath.Result> results = BestPath.decide(List.of(loser.build(), winner.build()));

    assertThat(results.getLast().lostAt()).isNull();
    assertThat(results.getFirst().lostAt()).isEqualTo(row.step());
    assertThat(results.getFirst().lostTo()).isEqualTo(winner.build());
  }

  @Test
  void the_rows_are_all_steps_in_order() {
    List<Step> rows = new ArrayList<>(steps().stream().map(Row::step).toList());
    rows.add(rows.indexOf(Step.INTERIOR_COST), Step.EXTERNAL);
    rows.add(Step.NAME);

    assertThat(rows).containsExactly(Step.values());
  }

  @Test
  void an_exit_here_is_taken_before_one_elsewhere_at_no_cost() {
    Draft here = new Draft(WINNER);
    here.cost = BestPath.EXTERNAL;
    Draft elsewhere = new Draft("a-loser");
    elsewhere.cost = 0;
    elsewhere.identifier = IpAddress.parse("10.0.0.1");

    List<BestPath.Result> results = BestPath.decide(List.of(elsewhere.build(), here.build()));

    assertThat(results.getFirst().lostAt()).isEqualTo(Step.EXTERNAL);
  }

  @Test
  void the_name_decides_between_equal_addresses() {
    Draft first = new Draft("a");
    Draft second = new Draft("b");

    List<BestPath.Result> results = BestPath.decide(List.of(second.build(), first.build()));

    assertThat(results.getFirst().lostAt()).isEqualTo(Step.NAME);
  }

  @Test
  void an_unknown_identifier_is_behind_every_known_one() {
    Draft known = new Draft(WINNER);
    Draft unknown = new Draft("a");
    unknown.identifier = null;

    List<BestPath.Result> results = BestPath.decide(List.of(unknown.build(), known.build()));

    assertThat(results.getFirst().lostAt()).isEqualTo(Step.ROUTER_ID);
  }

  @Test
  void med_is_compared_within_one_neighbor_as_only() {
    Draft low = new Draft("a");
    low.med = 5;
    low.cost = 20;
    Draft high = new Draft(WINNER);
    high.med = 500;
    high.as = 64502;

    List<BestPath.Result> results = BestPath.decide(List.of(low.build(), high.build()));

    assertThat(results.getFirst().lostAt()).isEqualTo(Step.INTERIOR_COST);
    assertThat(results.getLast().lostAt()).isNull();
  }

  /// The classic triangle: A beats B by identifier, B beats C by interior cost, C beats A by MED. A
  /// comparator would give each of them for some order.
  @Test
  void med_without_a_total_order_gives_the_same_winner_for_every_order() {
    Draft a = new Draft("a");
    a.med = 20;
    a.identifier = IpAddress.parse("10.0.0.1");
    Draft b = new Draft("b");
    b.as = 64502;
    b.identifier = IpAddress.parse("10.0.0.2");
    Draft c = new Draft("c");
    c.med = 10;
    c.cost = 30;
    List<BestPath.Candidate> candidates = new ArrayList<>(List.of(a.build(), b.build(), c.build()));

    for (int shuffle = 0; shuffle < 20; shuffle++) {
      Collections.shuffle(candidates, new Random(shuffle));
      List<BestPath.Result> results = BestPath.decide(candidates);
      for (BestPath.Result result : results) {
        switch (result.candidate().name()) {
          case "a" -> {
            assertThat(result.lostAt()).isEqualTo(Step.MED);
            assertThat(result.lostTo()).isEqualTo(c.build());
          }
          case "b" -> assertThat(result.lostAt()).isNull();
          default -> assertThat(result.lostAt()).isEqualTo(Step.INTERIOR_COST);
        }
      }
    }
  }

  /// When b is gone, a has still lost to c: the order is not that of pairwise comparison.
  @Test
  void the_order_is_that_of_winners_when_those_before_are_gone() {
    Draft a = new Draft("a");
    a.med = 20;
    a.identifier = IpAddress.parse("10.0.0.1");
    Draft b = new Draft("b");
    b.as = 64502;
    Draft c = new Draft("c");
    c.med = 10;
    c.cost = 30;

    List<BestPath.Candidate> order = BestPath.order(List.of(a.build(), b.build(), c.build()));

    assertThat(order).extracting(BestPath.Candidate::name).containsExactly("b", "c", "a");
  }

  @Test
  void a_med_that_was_removed_still_removes_higher_ones_of_its_as() {
    Draft low = new Draft("low");
    low.med = 1;
    low.cost = 50;
    Draft middle = new Draft("middle");
    middle.med = 2;
    Draft high = new Draft("high");
    high.med = 3;

    List<BestPath.Result> results =
        BestPath.decide(List.of(high.build(), middle.build(), low.build()));

    assertThat(results)
        .extracting(BestPath.Result::lostAt)
        .containsExactly(Step.MED, Step.MED, null);
    assertThat(results.getFirst().lostTo()).isEqualTo(low.build());
  }

  @Test
  void nothing_is_decided_among_no_candidates() {
    assertThat(BestPath.decide(List.of())).isEmpty();
  }
}

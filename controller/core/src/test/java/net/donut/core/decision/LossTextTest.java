package net.donut.core.decision;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.entry;

import java.util.EnumMap;
import java.util.Map;
import net.donut.model.IpAddress;
import net.donut.model.Origin;
import net.donut.model.Relation;
import org.junit.jupiter.api.Test;

final class LossTextTest {
  private static final LossText.Side LOSER =
      new LossText.Side(
          new BestPath.Candidate(
              "tier1b",
              BestPath.Word.NONE,
              5,
              BestPath.Shutdown.NONE,
              100,
              4,
              Origin.INCOMPLETE,
              50,
              64601,
              20,
              null,
              IpAddress.parse("100.64.2.2")),
          Relation.TRANSIT,
          "edge2");
  private static final LossText.Side WINNER =
      new LossText.Side(
          new BestPath.Candidate(
              "tier2a",
              BestPath.Word.NONE,
              2,
              BestPath.Shutdown.NONE,
              150,
              3,
              Origin.IGP,
              10,
              64601,
              10,
              IpAddress.parse("10.64.1.1"),
              IpAddress.parse("100.64.1.2")),
          Relation.PRIVATE_PEER,
          "edge1");

  @Test
  void every_step_names_both_values_and_the_neighbor_it_lost_to() {
    Map<Step, String> texts = new EnumMap<>(Step.class);

    for (Step step : Step.values()) {
      texts.put(step, LossText.of(step, LOSER, WINNER));
    }

    assertThat(texts)
        .containsExactly(
            entry(Step.DRAINED, "drained by an operator, and tier2a is not"),
            entry(Step.OVERRIDE, "an operator sends this prefix by tier2a for a time"),
            entry(Step.BAND, "worse relation (transit) than tier2a (private peer)"),
            entry(
                Step.GRACEFUL_SHUTDOWN,
                "announces its own shutdown (community 65535:0), and tier2a does not"),
            entry(Step.PREFERENCE, "lower preference (100) than tier2a (150)"),
            entry(Step.AS_PATH_LENGTH, "longer AS path (4) than tier2a (3)"),
            entry(Step.ORIGIN, "worse origin (incomplete) than tier2a (igp)"),
            entry(Step.MED, "higher MED (50) than tier2a (10), both from AS64601"),
            entry(Step.EXTERNAL, "leaves by another router (edge2), and tier2a by this one"),
            entry(Step.INTERIOR_COST, "higher internal cost (20) than tier2a (10)"),
            entry(Step.ROUTER_ID, "higher router ID (not known) than tier2a (10.64.1.1)"),
            entry(
                Step.NEIGHBOR_ADDRESS,
                "higher neighbor address (100.64.2.2) than tier2a (100.64.1.2)"),
            entry(Step.NAME, "all else is equal, and tier2a is first in the alphabet"));
  }

  @Test
  void our_own_network_has_no_neighbor_to_name() {
    LossText.Side own = new LossText.Side(WINNER.path(), Relation.OWN, "");

    assertThat(LossText.of(Step.BAND, LOSER, own))
        .isEqualTo("worse relation (transit) than our own network");
  }
}

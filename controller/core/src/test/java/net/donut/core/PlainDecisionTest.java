package net.donut.core;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import net.donut.core.answer.PathView;
import net.donut.core.policy.Policy;
import net.donut.core.policy.Ranking;
import net.donut.model.IpAddress;
import org.junit.jupiter.api.Test;

/// The decision of RFC 4271 without our policy.
final class PlainDecisionTest {
  private final SmallNetwork network = new SmallNetwork();

  private Engine engine() {
    Policy policy = network.policy();
    return new Engine(
        new Policy(
            policy.localAs(),
            List.of(),
            policy.routers(),
            policy.links(),
            policy.neighbors(),
            policy.filters(),
            policy.timers(),
            Ranking.LOCAL_PREF));
  }

  private static String best(Engine engine) {
    engine.commit();
    return engine.explain(IpAddress.parse("20.0.0.1"), "edge1").chain().getFirst().paths().stream()
        .filter(PathView::isBest)
        .map(PathView::neighbor)
        .findFirst()
        .orElse("");
  }

  @Test
  void relations_do_not_count_and_a_short_path_wins() {
    Engine engine = engine();
    network.announce(engine, "tier2a", "20.0.0.0/25", 1, 2, 64500);
    network.announce(engine, "tier1a", "20.0.0.0/25", 1);

    assertThat(best(engine)).isEqualTo("tier1a");
  }

  @Test
  void local_pref_comes_first_and_is_100_where_absent() {
    Engine engine = engine();
    network.announce(engine, "tier2a", "20.0.0.0/24", 1, 2, 3);
    network.announce(engine, "tier1a", "20.0.0.0/24", path -> path.localPref(99));
    assertThat(best(engine)).isEqualTo("tier2a");

    network.announce(engine, "tier1a", "20.0.0.0/24", path -> path.localPref(4294967295L));
    assertThat(best(engine)).isEqualTo("tier1a");
  }

  @Test
  void nothing_is_told_to_anybody() {
    Engine engine = engine();
    network.announce(engine, "babulous", "20.0.0.0/24");

    assertThat(engine.commit().exports()).isEmpty();
  }
}

package net.donut.core;

import static org.assertj.core.api.Assertions.assertThat;

import net.donut.core.answer.Loss;
import net.donut.model.Family;
import org.junit.jupiter.api.Test;

final class LostPrefixesTest {
  private final SmallNetwork network = new SmallNetwork();
  private final Engine engine = new Engine(network.policy());

  private void lose(String neighbor, Family family) {
    int number = engine.neighbor(neighbor);
    engine.setSession(number, family, new SessionLiveness(SessionLiveness.State.DOWN, null));
    engine.commit();
    engine.rememberLoss(number, family);
    engine.clear(number, family);
    engine.commit();
  }

  private Loss loss() {
    engine.commit();
    return engine.health().loss();
  }

  @Test
  void what_nobody_else_announces_is_lost_in_both_families() {
    network.announce(engine, "tier1a", "20.0.0.0/8");
    network.announce(engine, "tier1a", "21.0.0.0/8");
    network.announce(engine, "tier1a", "2a00::/32");
    network.announce(engine, "tier1b", "21.0.0.0/8");
    engine.commit();

    lose("tier1a", Family.IPV4);
    lose("tier1a", Family.IPV6);

    assertThat(loss().prefixes()).isEqualTo(2);
    assertThat(loss().neighbors()).containsExactly(engine.neighbor("tier1a"));
  }

  @Test
  void all_who_announced_it_are_named_though_they_were_given_up_one_after_the_other() {
    network.announce(engine, "tier1a", "20.0.0.0/8");
    network.announce(engine, "tier1b", "20.0.0.0/8");
    network.announce(engine, "tier2a", "21.0.0.0/8");
    engine.commit();

    lose("tier1a", Family.IPV4);
    assertThat(loss().prefixes()).isZero();
    lose("tier1b", Family.IPV4);

    assertThat(loss())
        .isEqualTo(
            new Loss(java.util.Set.of(engine.neighbor("tier1a"), engine.neighbor("tier1b")), 1));
  }

  @Test
  void refused_prefixes_were_never_had() {
    network.announce(engine, "tier1a", "20.0.0.0/28");
    engine.commit();

    lose("tier1a", Family.IPV4);

    assertThat(loss()).isEqualTo(Loss.NONE);
  }

  @Test
  void it_ends_when_somebody_announces_it_and_when_the_neighbor_is_forgotten() {
    network.announce(engine, "tier1a", "20.0.0.0/8");
    network.announce(engine, "tier1a", "21.0.0.0/8");
    engine.commit();
    lose("tier1a", Family.IPV4);

    network.announce(engine, "tier2b", "21.0.0.0/8");
    assertThat(loss().prefixes()).isEqualTo(1);
    engine.forgetLoss(engine.neighbor("tier1a"), Family.IPV4);

    assertThat(loss()).isEqualTo(Loss.NONE);
  }

  @Test
  void default_routes_of_the_lost_stay_known() {
    network.announce(engine, "tier1a", "0.0.0.0/0");
    network.announce(engine, "tier1b", "0.0.0.0/0");
    network.announce(engine, "tier1b", "::/0");
    engine.commit();
    assertThat(engine.health().defaults()).isEqualTo(3);

    lose("tier1a", Family.IPV4);

    assertThat(engine.health().defaults()).isEqualTo(2);
    assertThat(engine.health().defaultsKnown()).isEqualTo(3);
  }

  @Test
  void a_neighbor_that_leaves_the_policy_is_missed_no_longer() {
    network.announce(engine, "tier1a", "20.0.0.0/8");
    engine.commit();
    lose("tier1a", Family.IPV4);

    network.neighbors.removeIf(neighbor -> neighbor.name().equals("tier1a"));
    engine.applyPolicy(network.policy());

    assertThat(loss()).isEqualTo(Loss.NONE);
  }
}

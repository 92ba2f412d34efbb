package net.donut.core;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import net.donut.core.answer.Explanation;
import net.donut.model.Family;
import net.donut.model.IpAddress;
import net.donut.model.Relation;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/// Who takes a packet by each hop of an explanation, now.
final class ExplanationTest {
  private final SmallNetwork network = withThirdPeer();
  private final Engine engine = new Engine(network.policy());

  private static SmallNetwork withThirdPeer() {
    SmallNetwork network = new SmallNetwork();
    network.neighbors.add(
        SmallNetwork.neighbor("tier2c", "edge2", 64606, Relation.PRIVATE_PEER, 6));
    return network;
  }

  @BeforeEach
  void three_peers_and_a_transit() {
    network.announce(engine, "tier2c", "20.0.0.0/8");
    network.announce(engine, "tier2a", "20.0.0.0/8");
    network.announce(engine, "tier2b", "20.0.0.0/8");
    network.announce(engine, "tier1b", "20.0.0.0/8", 64999);
    engine.commit();
  }

  private List<String> carriers(String router) {
    engine.commit();
    return engine
        .explain(IpAddress.parse("20.1.2.3"), router)
        .chain()
        .getFirst()
        .carriers()
        .stream()
        .map(one -> one.neighbor() + " at " + one.router() + " past " + one.passes())
        .toList();
  }

  @Test
  void a_backup_by_another_router_is_named_after_the_exit_that_that_one_uses() {
    assertThat(carriers("edge1"))
        .containsExactly("tier2a at edge1 past []", "tier2b at edge2 past [edge2]");
  }

  @Test
  void a_backup_whose_link_is_down_is_not_named_though_the_way_to_its_router_stays() {
    engine.setInterface("edge2", "tier2b", InterfaceState.DOWN);

    assertThat(carriers("edge1"))
        .containsExactly("tier2a at edge1 past []", "tier2c at edge2 past [edge2]");
  }

  @Test
  void a_backup_whose_session_is_lost_is_not_named() {
    engine.setSession(
        engine.neighbor("tier2b"),
        Family.IPV4,
        new SessionLiveness(SessionLiveness.State.DOWN, null));

    assertThat(carriers("edge1"))
        .containsExactly("tier2a at edge1 past []", "tier2c at edge2 past [edge2]");
  }

  @Test
  void the_primary_at_another_router_follows_its_next_exit_when_its_own_is_drained_or_down() {
    engine.setInterface("edge1", "tier2a", InterfaceState.DOWN);
    assertThat(carriers("edge1")).containsExactly("tier2b at edge2 past [edge2]");
    engine.setInterface("edge2", "tier2b", InterfaceState.DOWN);
    assertThat(carriers("edge1")).containsExactly("tier2c at edge2 past [edge2]");
    engine.setInterface("edge2", "tier2c", InterfaceState.DOWN);
    assertThat(carriers("edge1")).containsExactly("tier1b at edge2 past [edge2]");
    engine.setInterface("edge2", "tier1b", InterfaceState.DOWN);
    assertThat(carriers("edge1")).isEmpty();
  }

  @Test
  void our_own_network_is_taken_by_nobody_else() {
    engine.commit();

    Explanation.Carrier carrier =
        engine
            .explain(IpAddress.parse("198.51.100.1"), "edge2")
            .chain()
            .getFirst()
            .carriers()
            .getFirst();

    assertThat(carrier.neighbor()).isEmpty();
    assertThat(carrier.relation()).isEqualTo(Relation.OWN);
  }
}

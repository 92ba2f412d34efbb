package net.donut.core;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import java.util.Map;
import net.donut.core.answer.Explanation;
import net.donut.core.answer.PathView;
import net.donut.core.change.Delta;
import net.donut.core.change.Hop;
import net.donut.core.change.OverrideEnd;
import net.donut.core.change.RouterDelta;
import net.donut.core.decision.Step;
import net.donut.core.policy.Policy;
import net.donut.model.IpAddress;
import net.donut.model.Prefix;
import net.donut.model.Prefixes;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/// Prefixes that an operator sends by another neighbor for a time.
final class EngineOverrideTest {
  private static final Prefix VIEWERS = Prefix.parse("20.1.0.0/16");
  private static final long UNTIL = 1000;

  private final SmallNetwork network = new SmallNetwork();
  private final Mirror mirror = new Mirror();
  private final Engine engine = new Engine(network.policy());

  @BeforeEach
  void hearViewers() {
    network.announce(engine, "tier2a", VIEWERS.toString());
    network.announce(engine, "tier1a", VIEWERS.toString(), 64603);
    network.announce(engine, "tier1b", VIEWERS.toString(), 64603);
    network.announce(engine, "tier2a", "20.2.0.0/16");
    commit();
  }

  private Delta commit() {
    Delta delta = engine.commit();
    mirror.apply(delta);
    return delta;
  }

  private void override(String neighbor) {
    engine.override(new RouteOverride(VIEWERS, neighbor, UNTIL));
  }

  /// The group that edge1 has the prefix on, 0 for none.
  private long group() {
    return mirror.router("edge1").routes.getOrDefault(VIEWERS, 0L);
  }

  private OverrideEnd end() {
    return mirror
        .router("edge1")
        .ends
        .getOrDefault(VIEWERS, new OverrideEnd(Prefix.parse("0.0.0.0/0"), 0, 0));
  }

  private List<String> hops(String router, Prefix prefix) {
    return mirror.router(router).hopNames(prefix);
  }

  @Test
  void a_prefix_leaves_by_the_neighbor_chosen_and_the_others_are_its_backups() {
    override("tier1b");
    Delta delta = commit();

    assertThat(hops("edge2", VIEWERS)).startsWith("tier1b");
    assertThat(hops("edge1", VIEWERS)).startsWith("via edge2");
    assertThat(hops("edge1", Prefix.parse("20.2.0.0/16"))).startsWith("tier2a");
    assertThat(delta.moved()).isEqualTo(1);
    assertThat(engine.counts().prefixes()).isEqualTo(mirror.router("edge1").routes.size());
  }

  @Test
  void routers_know_where_the_prefix_goes_when_the_override_ends() {
    long before = group();

    override("tier1b");
    commit();

    assertThat(group()).isNotEqualTo(before);
    assertThat(mirror.router("edge1").ends)
        .containsOnly(Map.entry(VIEWERS, new OverrideEnd(VIEWERS, before, UNTIL)));
    assertThat(mirror.router("edge1").groups).containsKey(before);
    assertThat(engine.snapshot("edge1").overrideEnds())
        .containsExactly(new OverrideEnd(VIEWERS, before, UNTIL));
  }

  @Test
  void the_group_to_come_back_to_follows_the_decision() {
    override("tier1b");
    commit();

    engine.withdraw(engine.neighbor("tier2a"), Prefixes.of(VIEWERS));
    commit();

    OverrideEnd end = end();
    assertThat(mirror.router("edge1").hopsOf(end.group()))
        .first()
        .isInstanceOfSatisfying(
            Hop.Local.class, hop -> assertThat(hop.neighbor()).isEqualTo("tier1a"));
  }

  @Test
  void the_end_of_an_override_gives_back_what_was() {
    long group = group();
    override("tier1b");
    commit();

    engine.endOverride(VIEWERS);
    commit();

    assertThat(group()).isEqualTo(group);
    assertThat(mirror.router("edge1").ends).isEmpty();
    assertThat(engine.overrides()).isEmpty();
    assertThat(Mirror.of(engine.snapshot("edge1")).groups).isEqualTo(mirror.router("edge1").groups);
  }

  @Test
  void a_chosen_neighbor_that_does_not_announce_the_prefix_changes_nothing() {
    override("tier2b");

    assertThat(commit().moved()).isZero();
    assertThat(hops("edge1", VIEWERS)).startsWith("tier2a");
    assertThat(engine.overrideObstacle(VIEWERS, engine.neighbor("tier2b")))
        .isEqualTo("does not announce it");
    assertThat(engine.overrideObstacle(VIEWERS, engine.neighbor("tier1b"))).isEmpty();
  }

  @Test
  void a_chosen_neighbor_that_is_drained_loses_and_that_is_said() {
    override("tier1b");
    engine.drain(engine.neighbor("tier1b"));
    commit();

    assertThat(hops("edge1", VIEWERS)).startsWith("tier2a");
    assertThat(engine.overrideObstacle(VIEWERS, engine.neighbor("tier1b")))
        .isEqualTo("is drained, which wins over an override");
    engine.undrain(engine.neighbor("tier1b"));
    commit();
    assertThat(engine.overrideObstacle(VIEWERS, engine.neighbor("tier1b"))).isEmpty();
    engine.setInterface("edge2", "tier1b", InterfaceState.DOWN);
    assertThat(engine.overrideObstacle(VIEWERS, engine.neighbor("tier1b")))
        .isEqualTo("cannot be used: its link is down");
  }

  @Test
  void traffic_goes_by_the_backups_while_the_neighbor_chosen_is_lost() {
    override("tier1b");
    commit();

    engine.setInterface("edge2", "tier1b", InterfaceState.DOWN);
    commit();

    assertThat(hops("edge1", VIEWERS)).startsWith("tier2a");
  }

  @Test
  void a_drained_neighbor_is_not_used_even_when_it_is_chosen() {
    override("tier1b");
    engine.drain(engine.neighbor("tier1b"));
    commit();

    assertThat(hops("edge1", VIEWERS)).startsWith("tier2a");
  }

  @Test
  void an_override_that_is_prolonged_is_told_and_moves_nothing() {
    override("tier1b");
    commit();

    engine.override(new RouteOverride(VIEWERS, "tier1b", 2 * UNTIL));
    Delta delta = commit();

    assertThat(delta.moved()).isZero();
    assertThat(end().until()).isEqualTo(2 * UNTIL);
    assertThat(delta.routers()).flatExtracting(RouterDelta::routes).isEmpty();
  }

  @Test
  void a_prefix_that_all_withdraw_is_gone_and_its_override_waits_for_it() {
    override("tier1b");
    commit();
    for (String neighbor : List.of("tier1a", "tier1b", "tier2a")) {
      engine.withdraw(engine.neighbor(neighbor), Prefixes.of(VIEWERS));
    }
    commit();
    assertThat(mirror.router("edge1").routes).doesNotContainKey(VIEWERS);
    assertThat(mirror.router("edge1").ends).isEmpty();

    hearViewers();

    assertThat(hops("edge2", VIEWERS)).startsWith("tier1b");
    assertThat(mirror.router("edge1").ends).containsKey(VIEWERS);
  }

  @Test
  void a_router_that_hears_nobody_may_have_ended_the_override_or_be_dead() {
    override("tier1b");
    commit();
    engine.setHeadless("edge1", true);
    commit();

    engine.endOverride(VIEWERS);
    commit();

    // If it is dead, its kernel sends them to edge2 as before.
    assertThat(hops("edge2", VIEWERS)).startsWith("tier1b");

    engine.setHeadless("edge1", false);
    commit();

    assertThat(hops("edge2", VIEWERS)).startsWith("via edge1");
    assertThat(hops("edge1", VIEWERS)).startsWith("tier2a");
  }

  @Test
  void nobody_sends_to_a_router_what_it_may_send_back_after_the_override() {
    network.announce(engine, "babulous", VIEWERS.toString());
    override("tier1a");
    commit();
    engine.setHeadless("edge1", true);
    engine.endOverride(VIEWERS);
    engine.withdraw(engine.neighbor("babulous"), Prefixes.of(VIEWERS));
    commit();

    // Edge1 sends it to tier1a if it is dead, and to edge2 if it only hears nobody.
    assertThat(hops("edge2", VIEWERS)).startsWith("tier1b");
  }

  @Test
  void the_end_is_explained_by_its_own_step() {
    override("tier1b");
    commit();

    Explanation why = engine.explain(IpAddress.parse("20.1.0.1"), "edge1");

    assertThat(why.chain().getFirst().paths())
        .filteredOn(path -> path.lostAt() != null)
        .extracting(PathView::lostAt)
        .containsOnly(Step.OVERRIDE);
  }

  @Test
  void overrides_by_a_neighbor_that_leaves_the_policy_end() {
    override("tier1b");
    commit();
    Policy policy = network.policy();

    engine.applyPolicy(
        policy.withNeighbors(
            policy.neighbors().stream().filter(one -> !one.name().equals("tier1b")).toList()));
    commit();

    assertThat(engine.overrides()).isEmpty();
    assertThat(mirror.router("edge1").ends).isEmpty();
    assertThatThrownBy(() -> override("tier1b")).hasMessageContaining("tier1b");
  }
}

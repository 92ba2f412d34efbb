package net.donut.core;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;
import static org.assertj.core.api.Assertions.within;

import net.donut.model.Prefix;
import org.junit.jupiter.api.Test;

final class CoverageTest {
  private final SmallNetwork network = new SmallNetwork();
  private final Engine engine = new Engine(network.policy());

  private Coverage coverage() {
    engine.commit();
    return engine.coverage(10);
  }

  @Test
  void addresses_with_one_neighbor_only_are_named() {
    network.announce(engine, "tier1a", "20.0.0.0/8");
    network.announce(engine, "tier1b", "20.0.0.0/8");
    network.announce(engine, "tier1a", "20.1.0.0/16");
    network.announce(engine, "tier2a", "21.0.0.0/8");

    Coverage coverage = coverage();

    assertThat(coverage.singleExitCount()).isEqualTo(1);
    assertThat(coverage.singleExit())
        .containsExactly(
            new Coverage.Block(Prefix.parse("21.0.0.0/8"), "only tier2a takes it", "tier2a"));
    assertThat(coverage.exitLosses())
        .filteredOn(loss -> loss.neighbor().equals("tier2a"))
        .singleElement()
        .satisfies(loss -> {
          assertThat(loss.moved()).isEqualTo(1);
          assertThat(loss.lost()).isEqualTo(1);
          assertThat(loss.lostIpv4Share()).isCloseTo(0.5, within(0.001));
        });
    assertThat(coverage.ipv4Addresses()).isEqualTo(2L * (1 << 24) + 256);
  }

  @Test
  void a_block_taken_by_longer_prefixes_altogether_does_not_count() {
    network.announce(engine, "tier2a", "20.0.0.0/23");
    network.announce(engine, "tier2a", "20.0.0.0/24");
    network.announce(engine, "tier2b", "20.0.0.0/24");
    network.announce(engine, "tier2a", "20.0.1.0/24");
    network.announce(engine, "tier2b", "20.0.1.0/24");

    assertThat(coverage().singleExitCount()).isZero();
  }

  @Test
  void defaults_of_transits_are_counted_and_save_single_exits() {
    network.announce(engine, "tier2a", "20.0.0.0/8");
    network.announce(engine, "tier1a", "0.0.0.0/0");
    network.announce(engine, "tier1b", "0.0.0.0/0");
    network.announce(engine, "tier2b", "0.0.0.0/0");

    Coverage coverage = coverage();

    assertThat(coverage.defaultsIpv4()).isEqualTo(2);
    assertThat(coverage.defaultsIpv6()).isZero();
    assertThat(coverage.singleExitCount()).isZero();
    assertThat(coverage.ipv4Addresses()).isEqualTo((1L << 24) + 256);
  }

  @Test
  void a_more_specific_from_transit_inside_a_peers_block_is_a_cost_leak() {
    network.announce(engine, "tier2a", "20.0.0.0/8");
    network.announce(engine, "tier1a", "20.1.0.0/16", 64603);
    network.announce(engine, "tier1a", "20.2.0.0/16", 64603);
    network.announce(engine, "tier2a", "20.2.0.0/16");

    Coverage coverage = coverage();

    assertThat(coverage.costLeakCount()).isEqualTo(1);
    assertThat(coverage.costLeaks())
        .containsExactly(
            new Coverage.Block(
                Prefix.parse("20.1.0.0/16"),
                "heard from transit only, inside 20.0.0.0/8 of tier2a",
                "tier2a"));
    assertThat(coverage.bypasses())
        .containsExactly(new Coverage.Bypass("tier2a", "tier1a", 1, 1 << 16));
  }

  @Test
  void the_loss_of_an_exit_moves_the_addresses_that_no_longer_prefix_takes() {
    network.announce(engine, "tier2a", "20.0.0.0/8");
    network.announce(engine, "tier1a", "20.128.0.0/9");

    Coverage coverage = coverage();

    assertThat(coverage.exitLosses())
        .filteredOn(loss -> loss.moved() > 0)
        .extracting(
            Coverage.ExitLoss::neighbor,
            loss -> Math.round(loss.movedIpv4Share() * coverage.ipv4Addresses()))
        .containsExactly(tuple("tier1a", 1L << 23), tuple("tier2a", 1L << 23));
  }

  @Test
  void a_rejected_prefix_of_another_origin_is_a_covered_hole() {
    network.announce(engine, "tier2a", "20.0.0.0/8");
    network.announce(engine, "tier1a", "20.1.0.0/28", 64999);
    network.announce(engine, "tier1a", "20.2.0.0/28", 64603);

    Coverage coverage = coverage();

    assertThat(coverage.coveredHoles())
        .containsExactly(
            new Coverage.Block(
                Prefix.parse("20.1.0.0/28"),
                "rejected (prefix-length), follows 20.0.0.0/8 of another origin to tier2a",
                "tier2a"));
  }

  @Test
  void a_hole_is_where_a_router_has_neither_the_prefix_nor_one_around_it() {
    network.announce(engine, "tier2a", "20.0.0.0/8");
    network.announce(engine, "tier2a", "21.0.0.0/8");
    network.announce(engine, "tier1b", "21.0.0.0/8");
    engine.setInterface("edge1", "edge2", InterfaceState.DOWN);

    Coverage coverage = coverage();

    assertThat(coverage.holes())
        .containsExactly(
            new Coverage.Block(Prefix.parse("20.0.0.0/8"), "not forwarded at edge2", ""));
    assertThat(coverage.holeCount()).isEqualTo(1);
  }

  @Test
  void a_dead_prefix_inside_a_living_one_is_no_hole() {
    network.announce(engine, "tier2a", "20.1.0.0/16");
    network.announce(engine, "tier1a", "20.0.0.0/8");
    engine.setInterface("edge1", "tier2a", InterfaceState.DOWN);

    assertThat(coverage().holeCount()).isZero();
  }

  @Test
  void a_dead_prefix_inside_our_own_is_a_hole_for_our_own_is_discarded() {
    network.filters = net.donut.core.policy.Filters.NONE;
    engine.applyPolicy(network.policy());
    network.announce(engine, "babulous", "198.51.100.128/25");
    network.announce(engine, "tier1a", "198.0.0.0/8");
    engine.setInterface("edge2", "babulous", InterfaceState.DOWN);

    assertThat(coverage().holes())
        .containsExactly(
            new Coverage.Block(
                Prefix.parse("198.51.100.128/25"), "not forwarded at edge1, edge2", ""));
  }
}

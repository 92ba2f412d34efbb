package net.donut.core;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;
import static org.assertj.core.api.Assertions.within;

import java.math.BigInteger;
import java.util.BitSet;
import java.util.List;
import java.util.Random;
import net.donut.core.answer.AddressCount;
import net.donut.core.answer.Coverage;
import net.donut.core.policy.ListedPrefix;
import net.donut.core.policy.NeighborConfig;
import net.donut.model.Family;
import net.donut.model.IpAddress;
import net.donut.model.Prefix;
import net.donut.model.Relation;
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
        .extracting(Coverage.CostLeak::prefix, Coverage.CostLeak::reason)
        .containsExactly(
            tuple(
                Prefix.parse("20.1.0.0/16"),
                "heard from transit only, inside 20.0.0.0/8 of tier2a"));
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
    network.neighbors.remove(network.config("babulous"));
    network.neighbors.add(
        SmallNetwork.builder("babulous", "edge2", 64605, Relation.CUSTOMER, 5)
            .prefixes(List.of(ListedPrefix.exactly(Prefix.parse("198.51.100.128/25"))))
            .build());
    engine.applyPolicy(network.policy());
    network.announce(engine, "babulous", "198.51.100.128/25");
    network.announce(engine, "tier1a", "198.0.0.0/8");
    engine.setInterface("edge2", "babulous", InterfaceState.DOWN);

    assertThat(coverage().holes())
        .containsExactly(
            new Coverage.Block(
                Prefix.parse("198.51.100.128/25"), "not forwarded at edge1, edge2", ""));
  }

  @Test
  void ipv6_space_is_counted_and_shared_out_like_ipv4_space() {
    network.announce(engine, "tier2a", "2a00::/32");
    network.announce(engine, "tier1a", "2a00:0:8000::/33");
    network.announce(engine, "tier1a", "::/0");

    Coverage coverage = coverage();

    assertThat(coverage.ipv6Addresses().slash48s()).isEqualTo((1L << 16) + 1);
    assertThat(coverage.bypasses())
        .singleElement()
        .satisfies(bypass -> {
          assertThat(bypass.ipv4Addresses()).isZero();
          assertThat(bypass.ipv6Addresses().slash48s()).isEqualTo(1L << 15);
        });
    assertThat(coverage.exitLosses())
        .filteredOn(loss -> loss.moved() > 0)
        .extracting(Coverage.ExitLoss::neighbor, loss -> Math.round(loss.movedIpv6Share() * 65537))
        .containsExactly(tuple("tier1a", 1L << 15), tuple("tier2a", 1L << 15));
  }

  @Test
  void a_default_route_with_one_exit_is_named_and_is_no_share_of_what_is_covered() {
    network.announce(engine, "tier1a", "0.0.0.0/0");
    network.announce(engine, "tier1a", "::/0");
    network.announce(engine, "tier2a", "20.0.0.0/8");

    assertThat(coverage().exitLosses())
        .filteredOn(loss -> loss.neighbor().equals("tier1a"))
        .singleElement()
        .satisfies(loss -> {
          assertThat(loss.lost()).isEqualTo(2);
          assertThat(loss.lostIpv4Share()).isZero();
          assertThat(loss.lostIpv6Share()).isZero();
        });
  }

  @Test
  void one_address_that_is_left_of_a_large_block_is_left() {
    network.filters = net.donut.core.policy.Filters.NONE;
    engine.applyPolicy(network.policy());
    network.announce(engine, "tier2a", "2a00::/32");
    for (int length = 33; length <= 128; length++) {
      network.announce(engine, "tier2b", half(length));
    }

    assertThat(coverage().singleExit())
        .extracting(Coverage.Block::prefix)
        .contains(Prefix.parse("2a00::/32"));
    network.announce(engine, "tier2b", "2a00::/128");
    assertThat(coverage().singleExit())
        .extracting(Coverage.Block::prefix)
        .doesNotContain(Prefix.parse("2a00::/32"));
  }

  /// The upper half of what a prefix of one bit less has, at 2a00::.
  private static String half(int length) {
    BigInteger address =
        new BigInteger(1, Prefix.parse("2a00::/32").address().bytes()).setBit(128 - length);
    byte[] bytes = new byte[16];
    byte[] given = address.toByteArray();
    System.arraycopy(given, given.length - 16, bytes, 0, 16);
    return IpAddress.ofBytes(bytes) + "/" + length;
  }

  @Test
  void covered_space_of_random_prefixes_is_that_of_a_naive_count_in_both_families() {
    for (long seed = 1; seed <= 20; seed++) {
      Random random = new Random(seed);
      SmallNetwork small = new SmallNetwork();
      Engine each = new Engine(small.policy());
      BitSet ipv4 = new BitSet();
      BitSet ipv6 = new BitSet();
      for (int i = 0; i < 200; i++) {
        int length = 1 + random.nextInt(12);
        int at = random.nextInt(1 << 12) & -(1 << (12 - length));
        String neighbor = List.of("tier1a", "tier1b", "tier2a", "tier2b").get(random.nextInt(4));
        // 12 bits behind 20.0.0.0/12 and behind 2a00:10::/36: /24s and /48s.
        network4(small, each, neighbor, at, length);
        network6(small, each, neighbor, at ^ 0x800, length);
        ipv4.set(at, at + (1 << (12 - length)));
        int other = (at ^ 0x800) & -(1 << (12 - length));
        ipv6.set(other, other + (1 << (12 - length)));
      }
      each.commit();

      Coverage coverage = each.coverage(1);

      assertThat(coverage.ipv4Addresses())
          .as("IPv4, seed %d", seed)
          .isEqualTo(256L * (ipv4.cardinality() + 1));
      assertThat(coverage.ipv6Addresses())
          .as("IPv6, seed %d", seed)
          .isEqualTo(new AddressCount((long) (ipv6.cardinality() + 1) << 16, 0));
      assertThat(
              coverage.exitLosses().stream().mapToDouble(Coverage.ExitLoss::movedIpv6Share).sum())
          .as("shares, seed %d", seed)
          .isBetween((double) ipv6.cardinality() / (ipv6.cardinality() + 1) - 1e-9, 2.0);
    }
  }

  private static void network4(
      SmallNetwork network, Engine engine, String neighbor, int at, int length) {
    String prefix = "20.%d.%d.0/%d".formatted(at >> 8, at & 0xff, 12 + length);
    network.announce(engine, neighbor, prefix);
  }

  private static void network6(
      SmallNetwork network, Engine engine, String neighbor, int at, int length) {
    int start = at & -(1 << (12 - length));
    network.announce(engine, neighbor, "2a00:10:%x::/%d".formatted(start, 36 + length));
  }

  @Test
  void a_cost_leak_says_what_a_mbit_costs_here_and_there_and_the_dearest_comes_first() {
    network.neighbors.replaceAll(neighbor ->
        switch (neighbor.name()) {
          case "tier1a" -> priced("tier1a", "edge1", 64601, Relation.TRANSIT, 1, 0.3);
          case "tier1b" -> priced("tier1b", "edge2", 64602, Relation.TRANSIT, 2, 0.455);
          case "tier2b" -> priced("tier2b", "edge2", 64604, Relation.PRIVATE_PEER, 4, 0.1);
          default -> neighbor;
        });
    engine.applyPolicy(network.policy());
    network.announce(engine, "tier2a", "20.0.0.0/8");
    network.announce(engine, "tier2b", "21.0.0.0/8");
    network.announce(engine, "tier1a", "20.0.0.0/9");
    network.announce(engine, "tier1b", "21.1.0.0/16");

    Coverage coverage = coverage();

    assertThat(coverage.costLeaks())
        .extracting(Coverage.CostLeak::reason)
        .containsExactly(
            "heard from transit only, inside 21.0.0.0/8 of tier2b: 0.455 a Mbit/s at tier1b,"
                + " 0.10 a Mbit/s at tier2b",
            "heard from transit only, inside 20.0.0.0/8 of tier2a: 0.30 a Mbit/s at tier1a,"
                + " free at tier2a");
    assertThat(coverage.bypasses())
        .extracting(Coverage.Bypass::direct, Coverage.Bypass::transitPrice)
        .containsExactly(tuple("tier2a", 0.3), tuple("tier2b", 0.455));
    assertThat(coverage.exitLosses())
        .extracting(Coverage.ExitLoss::neighbor, Coverage.ExitLoss::price)
        .contains(tuple("tier1b", 0.455), tuple("babulous", 0.0));
  }

  private static NeighborConfig priced(
      String name, String router, long as, Relation relation, int number, double price) {
    return SmallNetwork.builder(name, router, as, relation, number).price(price).build();
  }

  @Test
  void holes_have_a_cause_that_names_who_is_gone() {
    network.announce(engine, "tier1a", "20.0.0.0/8");
    network.announce(engine, "tier1b", "20.0.0.0/8");
    network.announce(engine, "tier1a", "21.0.0.0/8");
    network.announce(engine, "tier1a", "22.0.0.0/8");
    engine.commit();
    for (String transit : List.of("tier1a", "tier1b")) {
      engine.setSession(
          engine.neighbor(transit),
          Family.IPV4,
          new SessionLiveness(SessionLiveness.State.DOWN, null));
    }

    Coverage coverage = coverage();

    assertThat(coverage.holeCount()).isEqualTo(3);
    assertThat(coverage.holeCauses())
        .extracting(Coverage.HoleCause::text)
        .containsExactly(
            "21.0.0.0/8 and 1 more have no exit (tier1a was their only one)",
            "20.0.0.0/8 has no exit (tier1a, tier1b were its only ones)");
  }

  @Test
  void a_hole_at_one_router_says_whom_it_cannot_reach() {
    network.announce(engine, "tier2a", "20.0.0.0/8");
    engine.setInterface("edge1", "edge2", InterfaceState.DOWN);

    assertThat(coverage().holeCauses())
        .extracting(Coverage.HoleCause::text)
        .containsExactly("20.0.0.0/8 has no exit at edge2 (tier2a cannot be reached from there)");
  }
}

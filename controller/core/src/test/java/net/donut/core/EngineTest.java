package net.donut.core;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import java.util.Map;
import net.donut.core.answer.Counts;
import net.donut.core.answer.Explanation;
import net.donut.core.answer.NeighborCounts;
import net.donut.core.answer.PathView;
import net.donut.core.answer.RejectReason;
import net.donut.core.answer.RoutePage;
import net.donut.core.answer.RouteQuery;
import net.donut.core.change.Delta;
import net.donut.core.change.Hop;
import net.donut.core.change.RouterDelta;
import net.donut.core.change.RouterView;
import net.donut.core.decision.Step;
import net.donut.core.policy.ExportRule;
import net.donut.model.Communities;
import net.donut.model.Family;
import net.donut.model.IpAddress;
import net.donut.model.PathAttributes;
import net.donut.model.Prefix;
import net.donut.model.Prefixes;
import net.donut.model.Relation;
import org.junit.jupiter.api.Test;

final class EngineTest {
  private static final String VIEWERS = "20.1.0.0/16";

  private final SmallNetwork network = new SmallNetwork();
  private final Mirror mirror = new Mirror();

  private Engine engine() {
    return new Engine(network.policy());
  }

  /// Viewers behind tier2a, heard from both transits and both peers too.
  private Engine withViewers() {
    Engine engine = engine();
    network.announce(engine, "tier2a", VIEWERS);
    network.announce(engine, "tier1a", VIEWERS, 64603);
    network.announce(engine, "tier1b", VIEWERS, 64603);
    mirror.apply(engine.commit());
    return engine;
  }

  private List<String> hops(String router, String prefix) {
    return mirror.router(router).hopNames(Prefix.parse(prefix));
  }

  @Test
  void the_direct_peer_is_used_and_transit_is_the_backup() {
    withViewers();

    assertThat(hops("edge1", VIEWERS)).containsExactly("tier2a", "tier1a");
    assertThat(hops("edge2", VIEWERS)).containsExactly("via edge1", "tier1b");
  }

  @Test
  void a_new_prefix_waits_for_every_neighbor_whose_first_table_is_on_its_way() {
    Engine engine = engine();
    engine.awaitTable(engine.neighbor("tier1a"), Family.IPV4);
    engine.awaitTable(engine.neighbor("tier1b"), Family.IPV4);
    network.announce(engine, "tier1a", VIEWERS, 64603);
    network.announce(engine, "tier1a", "20.2.0.0/16", 64603);
    mirror.apply(engine.commit());
    assertThat(mirror.router("edge1").routes).doesNotContainKey(Prefix.parse(VIEWERS));

    network.announce(engine, "tier1b", VIEWERS, 64603);
    mirror.apply(engine.commit());
    assertThat(hops("edge1", VIEWERS)).containsExactly("tier1a", "via edge2");
    assertThat(mirror.router("edge1").routes).doesNotContainKey(Prefix.parse("20.2.0.0/16"));

    engine.tableHeard(engine.neighbor("tier1b"), Family.IPV4);
    Delta last = engine.commit();
    mirror.apply(last);
    assertThat(hops("edge1", "20.2.0.0/16")).containsExactly("tier1a");
    assertThat(last.moved()).isEqualTo(1);
  }

  @Test
  void what_was_decided_once_waits_for_nobody() {
    Engine engine = withViewers();
    engine.awaitTable(engine.neighbor("babulous"), Family.IPV4);

    engine.withdraw(engine.neighbor("tier2a"), Prefixes.of(Prefix.parse(VIEWERS)));
    mirror.apply(engine.commit());

    assertThat(hops("edge1", VIEWERS)).containsExactly("tier1a", "via edge2");
  }

  @Test
  void our_network_is_discarded_and_told_to_everybody() {
    Engine engine = engine();

    mirror.apply(engine.commit());

    assertThat(hops("edge1", "198.51.100.0/24")).containsExactly("discard");
    assertThat(mirror.told("tier1a").get(Prefix.parse("198.51.100.0/24")))
        .satisfies(path -> assertThat(path.asPath()).hasToString("64500"));
    assertThat(mirror.told("babulous")).containsKey(Prefix.parse("2001:db8:6450::/48"));
  }

  @Test
  void a_lost_link_changes_groups_and_no_route() {
    Engine engine = withViewers();

    engine.setInterface("edge1", "tier2a", InterfaceState.DOWN);
    Delta delta = engine.commit();

    assertThat(delta.routers()).flatExtracting(RouterDelta::routes).isEmpty();
    assertThat(delta.moved()).isEqualTo(1);
    mirror.apply(delta);
    assertThat(hops("edge1", VIEWERS)).containsExactly("tier1a", "via edge2");
    assertThat(hops("edge2", VIEWERS)).containsExactly("tier1b", "via edge1");
  }

  /// edge2 hears nobody and goes on sending viewers to edge1, which must not send them back.
  @Test
  void a_router_that_hears_nobody_is_not_sent_what_it_would_send_back() {
    Engine engine = withViewers();
    network.announce(engine, "tier1a", VIEWERS, 64699, 64698, 64603);
    mirror.apply(engine.commit());
    assertThat(hops("edge1", VIEWERS)).containsExactly("tier2a", "tier1a");
    engine.setHeadless("edge2", true);

    engine.withdraw(engine.neighbor("tier2a"), Prefixes.of(Prefix.parse(VIEWERS)));
    mirror.apply(engine.commit());
    assertThat(hops("edge1", VIEWERS)).containsExactly("tier1a");

    engine.setHeadless("edge2", false);
    mirror.apply(engine.commit());
    assertThat(hops("edge1", VIEWERS)).containsExactly("via edge2", "tier1a");
    assertThat(hops("edge2", VIEWERS)).containsExactly("tier1b");
  }

  @Test
  void a_router_that_hears_nobody_gets_what_its_own_exits_carry() {
    Engine engine = withViewers();
    network.announce(engine, "tier2b", "20.2.0.0/16");
    network.announce(engine, "tier1a", "20.2.0.0/16", 64699);
    mirror.apply(engine.commit());
    engine.setHeadless("edge2", true);

    engine.setInterface("edge1", "tier1a", InterfaceState.DOWN);
    mirror.apply(engine.commit());

    assertThat(hops("edge1", "20.2.0.0/16")).containsExactly("via edge2");
  }

  @Test
  void a_link_that_returns_gives_back_what_was() {
    Engine engine = withViewers();
    RouterView before = engine.snapshot("edge1");

    engine.setInterface("edge1", "tier2a", InterfaceState.DOWN);
    engine.commit();
    engine.setInterface("edge1", "tier2a", InterfaceState.UP);
    engine.commit();

    RouterView after = engine.snapshot("edge1");
    assertThat(after.routes()).isEqualTo(before.routes());
    assertThat(Map.copyOf(Mirror.of(after).groups)).isEqualTo(Mirror.of(before).groups);
  }

  @Test
  void a_lost_session_is_stale_and_unused() {
    Engine engine = withViewers();

    engine.setSession(engine.neighbor("tier2a"), Family.IPV4, SessionLiveness.down());
    mirror.apply(engine.commit());

    assertThat(hops("edge1", VIEWERS)).first().isEqualTo("tier1a");
    Explanation explanation = engine.explain(IpAddress.parse("20.1.2.3"), "edge1");
    assertThat(explanation.chain().getFirst().paths())
        .filteredOn(path -> path.neighbor().equals("tier2a"))
        .singleElement()
        .satisfies(path -> {
          assertThat(path.liveness()).isEqualTo(PathView.Liveness.STALE);
          assertThat(path.rank()).isEqualTo(-1);
        });
  }

  @Test
  void a_route_goes_when_its_last_exit_does_and_comes_back_with_it() {
    Engine engine = engine();
    network.announce(engine, "tier2a", VIEWERS);
    mirror.apply(engine.commit());

    engine.setInterface("edge1", "tier2a", InterfaceState.DOWN);
    mirror.apply(engine.commit());
    assertThat(hops("edge1", VIEWERS)).isEmpty();
    assertThat(engine.counts().holes()).isEqualTo(1);
    assertThat(mirror.told("babulous")).doesNotContainKey(Prefix.parse(VIEWERS));

    engine.setInterface("edge1", "tier2a", InterfaceState.UP);
    mirror.apply(engine.commit());
    assertThat(hops("edge2", VIEWERS)).containsExactly("via edge1");
    assertThat(mirror.told("babulous")).containsKey(Prefix.parse(VIEWERS));
    assertThat(engine.counts().holes()).isZero();
  }

  @Test
  void a_router_cut_off_from_an_exit_no_longer_announces_it() {
    Engine engine = engine();
    network.announce(engine, "tier2a", VIEWERS);
    mirror.apply(engine.commit());

    engine.setInterface("edge1", "edge2", InterfaceState.DOWN);
    mirror.apply(engine.commit());

    assertThat(hops("edge1", VIEWERS)).containsExactly("tier2a");
    assertThat(hops("edge2", VIEWERS)).isEmpty();
    assertThat(mirror.told("babulous")).doesNotContainKey(Prefix.parse(VIEWERS));
  }

  @Test
  void a_fourth_path_is_found_when_the_three_of_the_list_are_lost() {
    network.neighbors.add(SmallNetwork.neighbor("late", "edge2", 64609, Relation.TRANSIT, 9));
    Engine engine = engine();
    network.announce(engine, "tier2a", VIEWERS);
    network.announce(engine, "tier1a", VIEWERS, 64603);
    network.announce(engine, "tier1b", VIEWERS, 64603);
    network.announce(engine, "late", VIEWERS, 1, 2, 3, 64603);
    mirror.apply(engine.commit());

    for (String neighbor : List.of("tier2a", "tier1a", "tier1b")) {
      engine.setSession(engine.neighbor(neighbor), Family.IPV4, SessionLiveness.down());
    }
    mirror.apply(engine.commit());
    assertThat(hops("edge1", VIEWERS)).containsExactly("via edge2");
    assertThat(hops("edge2", VIEWERS)).containsExactly("late");

    engine.setSession(engine.neighbor("tier2a"), Family.IPV4, SessionLiveness.restarting());
    mirror.apply(engine.commit());
    assertThat(hops("edge1", VIEWERS)).first().isEqualTo("tier2a");
  }

  /// x (edge1) and a (edge2) are of one AS, y (edge2) and b (edge1) of another. MED lets x hide a
  /// and y hide b, so with x and y first in their own lists edge1 would go to a by way of edge2,
  /// and edge2 to b by way of edge1.
  @Test
  void routers_that_med_sends_to_each_other_agree_on_one_exit() {
    network.neighbors.clear();
    network.neighbors.add(SmallNetwork.neighbor("a", "edge2", 64611, Relation.TRANSIT, 1));
    network.neighbors.add(SmallNetwork.neighbor("b", "edge1", 64612, Relation.TRANSIT, 2));
    network.neighbors.add(SmallNetwork.neighbor("x", "edge1", 64611, Relation.TRANSIT, 3));
    network.neighbors.add(SmallNetwork.neighbor("y", "edge2", 64612, Relation.TRANSIT, 4));
    Engine engine = engine();
    network.announce(engine, "a", VIEWERS, path -> path.med(5));
    network.announce(engine, "b", VIEWERS, path -> path.med(5));
    network.announce(engine, "x", VIEWERS, path -> path.med(0));
    network.announce(engine, "y", VIEWERS, path -> path.med(0));
    mirror.apply(engine.commit());
    assertThat(hops("edge1", VIEWERS)).first().isEqualTo("x");
    assertThat(hops("edge2", VIEWERS)).first().isEqualTo("y");

    engine.setInterface("edge1", "x", InterfaceState.DOWN);
    engine.setInterface("edge2", "y", InterfaceState.DOWN);
    mirror.apply(engine.commit());

    assertThat(hops("edge1", VIEWERS)).containsExactly("via edge2");
    assertThat(hops("edge2", VIEWERS)).containsExactly("a");
  }

  @Test
  void a_drained_neighbor_is_used_only_when_nothing_else_is_left() {
    Engine engine = withViewers();

    engine.drain(engine.neighbor("tier2a"));
    Delta delta = engine.commit();
    mirror.apply(delta);
    assertThat(hops("edge1", VIEWERS)).first().isEqualTo("tier1a");
    assertThat(delta.moved()).isEqualTo(1);
    assertThat(engine.explain(IpAddress.parse("20.1.0.1"), "edge1").chain().getFirst().paths())
        .filteredOn(path -> path.neighbor().equals("tier2a"))
        .extracting(PathView::lostAt)
        .containsExactly(Step.DRAINED);

    engine.clear(engine.neighbor("tier1a"), Family.IPV4);
    engine.clear(engine.neighbor("tier1b"), Family.IPV4);
    mirror.apply(engine.commit());
    assertThat(hops("edge1", VIEWERS)).containsExactly("tier2a");
  }

  @Test
  void an_ipv4_route_may_have_an_ipv6_next_hop() {
    Engine engine = engine();
    network.announce(engine, "tier2a", VIEWERS, path -> path.nextHop(IpAddress.parse("fd00:3::2")));

    mirror.apply(engine.commit());

    assertThat(mirror.router("edge1").hops(Prefix.parse(VIEWERS)))
        .containsExactly(new Hop.Local("tier2a", IpAddress.parse("fd00:3::2"), "tier2a"));
    assertThat(mirror.told("babulous").get(Prefix.parse(VIEWERS)))
        .satisfies(path -> assertThat(path.nextHop()).hasToString("0.0.0.0"));
  }

  @Test
  void an_ipv6_route_goes_over_the_ipv6_addresses_of_the_link() {
    Engine engine = engine();
    network.announce(engine, "tier2a", "2600::/32");

    mirror.apply(engine.commit());

    assertThat(mirror.router("edge2").hops(Prefix.parse("2600::/32")))
        .containsExactly(
            new Hop.Via("edge1", "edge1-edge2", IpAddress.parse("fd00:12::1"), "edge1"));
  }

  @Test
  void a_snapshot_removes_what_it_does_not_repeat_only_at_its_end() {
    Engine engine = engine();
    network.announce(engine, "tier2a", VIEWERS);
    network.announce(engine, "tier2a", "20.2.0.0/16");
    engine.commit();
    int number = engine.neighbor("tier2a");

    engine.sweepStart(number, Family.IPV4);
    network.announce(engine, "tier2a", VIEWERS);
    assertThat(engine.commit().isEmpty()).isTrue();
    int removed = engine.sweepEnd(number, Family.IPV4);
    Delta delta = engine.commit();

    assertThat(removed).isEqualTo(1);
    assertThat(delta.moved()).isEqualTo(1);
    assertThat(engine.sweepEnd(number, Family.IPV4)).isZero();
  }

  @Test
  void nothing_changed_is_an_empty_delta() {
    Engine engine = withViewers();
    network.announce(engine, "tier2a", VIEWERS);

    Delta delta = engine.commit();

    assertThat(delta.isEmpty()).isTrue();
    assertThat(delta.generation()).isEqualTo(engine.generation());
  }

  @Test
  void a_path_marked_no_export_is_used_and_not_told() {
    Engine engine = engine();
    network.announce(
        engine, "tier2a", VIEWERS, path -> path.communities(Communities.of(Communities.NO_EXPORT)));

    mirror.apply(engine.commit());

    assertThat(hops("edge1", VIEWERS)).containsExactly("tier2a");
    assertThat(mirror.told("babulous")).doesNotContainKey(Prefix.parse(VIEWERS));
  }

  @Test
  void customers_hear_everything_and_others_hear_customers() {
    Engine engine = withViewers();
    network.announce(engine, "babulous", "20.5.0.0/16");

    mirror.apply(engine.commit());

    assertThat(mirror.told("babulous").get(Prefix.parse(VIEWERS)))
        .satisfies(path -> {
          assertThat(path.asPath()).hasToString("64500 64603");
          assertThat(path.onlyToCustomer()).isEqualTo(64603);
        });
    assertThat(mirror.told("tier1b")).doesNotContainKey(Prefix.parse(VIEWERS));
    assertThat(mirror.told("babulous")).doesNotContainKey(Prefix.parse("20.5.0.0/16"));
    assertThat(mirror.told("tier2a").get(Prefix.parse("20.5.0.0/16")))
        .satisfies(path -> assertThat(path.onlyToCustomer()).isEqualTo(64500));
    assertThat(mirror.told("tier1a").get(Prefix.parse("20.5.0.0/16")))
        .satisfies(path -> assertThat(path.onlyToCustomer()).isEqualTo(PathAttributes.ABSENT));
  }

  @Test
  void a_default_route_listener_hears_that_while_a_transit_is_there() {
    network.neighbors.add(
        SmallNetwork.builder("stub", "edge1", 64610, Relation.CUSTOMER, 10)
            .export(ExportRule.DEFAULT_ROUTE)
            .build());
    Engine engine = withViewers();
    assertThat(mirror.told("stub").keySet())
        .containsExactlyInAnyOrder(Prefix.parse("0.0.0.0/0"), Prefix.parse("::/0"));

    engine.setSession(engine.neighbor("tier1a"), Family.IPV4, SessionLiveness.down());
    engine.setSession(engine.neighbor("tier1b"), Family.IPV4, SessionLiveness.down());
    mirror.apply(engine.commit());

    assertThat(mirror.told("stub").keySet()).containsExactly(Prefix.parse("::/0"));
  }

  @Test
  void a_removed_neighbor_is_gone_and_a_kept_one_keeps_its_routes() {
    Engine engine = withViewers();
    int kept = engine.neighbor("tier1a");
    network.neighbors.removeIf(neighbor -> neighbor.name().equals("tier2a"));

    engine.applyPolicy(network.policy());
    mirror.apply(engine.commit());

    assertThat(hops("edge1", VIEWERS)).containsExactly("tier1a", "via edge2");
    assertThat(engine.neighbor("tier1a")).isEqualTo(kept);
    assertThatThrownBy(() -> engine.neighbor("tier2a"))
        .hasMessage("neighbor: tier2a (expected: one of [babulous, tier1a, tier1b, tier2b])");
  }

  @Test
  void explain_names_the_step_and_the_winner() {
    Engine engine = withViewers();

    Explanation explanation = engine.explain(IpAddress.parse("20.1.2.3"), "edge2");

    Explanation.Covering covering = explanation.chain().getFirst();
    assertThat(covering.selection()).isEqualTo(Explanation.Selection.SELECTED);
    assertThat(covering.paths())
        .extracting(PathView::neighbor, PathView::rank, PathView::lostAt, PathView::lostTo)
        .containsExactly(
            org.assertj.core.groups.Tuple.tuple("tier2a", 0, null, null),
            org.assertj.core.groups.Tuple.tuple("tier1b", 1, Step.BAND, "tier2a"),
            org.assertj.core.groups.Tuple.tuple("tier1a", 2, Step.BAND, "tier2a"));
    assertThat(covering.hops()).hasSize(2);
    assertThat(covering.group())
        .isEqualTo(mirror.router("edge2").routes.get(Prefix.parse(VIEWERS)));
    assertThat(covering.excluded())
        .containsExactly(
            new Explanation.ExcludedBackup("tier1a", "leaves by the same next hop as tier2a"));
  }

  @Test
  void explain_passes_over_prefixes_that_are_not_programmed() {
    Engine engine = engine();
    network.announce(engine, "tier1a", "20.0.0.0/8");
    network.announce(engine, "tier1a", "20.1.2.0/28");
    engine.commit();

    Explanation explanation = engine.explain(IpAddress.parse("20.1.2.3"), "edge1");

    assertThat(explanation.chain())
        .extracting(Explanation.Covering::selection)
        .containsExactly(Explanation.Selection.NOT_PROGRAMMED, Explanation.Selection.SELECTED);
    assertThat(explanation.chain().getFirst().paths())
        .extracting(PathView::rejected)
        .containsExactly(RejectReason.PREFIX_LENGTH);
  }

  @Test
  void routes_come_in_pages_and_by_condition() {
    Engine engine = withViewers();
    network.announce(engine, "tier1a", "20.1.4.0/24");
    network.announce(engine, "tier1b", "20.2.0.0/16");
    network.announce(engine, "tier1b", "2600::/32");
    engine.commit();

    RouteQuery query = RouteQuery.all(2);
    RoutePage first = engine.routes(query);
    Prefix next = first.next();
    assertThat(next).isEqualTo(Prefix.parse("20.1.4.0/24"));
    RoutePage second = engine.routes(query.from(Prefix.parse("20.1.4.0/24")));

    assertThat(first.routes())
        .extracting(route -> route.prefix().toString())
        .containsExactly("20.1.0.0/16", "20.1.4.0/24");
    assertThat(second.routes())
        .extracting(route -> route.prefix().toString())
        .containsExactly("20.2.0.0/16", "198.51.100.0/24");
    assertThat(
            engine
                .routes(
                    new RouteQuery(
                        Prefix.parse("20.1.0.0/16"),
                        RouteQuery.Match.LONGER,
                        "tier1a",
                        Relation.TRANSIT,
                        10,
                        null))
                .routes())
        .singleElement()
        .satisfies(route -> assertThat(route.prefix()).hasToString("20.1.4.0/24"));
    assertThat(
            engine
                .routes(
                    new RouteQuery(
                        Prefix.parse(VIEWERS), RouteQuery.Match.EXACT, null, null, 10, null))
                .routes())
        .singleElement()
        .satisfies(route -> assertThat(route.paths()).hasSize(3));
  }

  @Test
  void counts_tell_direct_from_transit_and_what_has_a_backup() {
    Engine engine = withViewers();
    network.announce(engine, "tier1b", "20.2.0.0/16");
    network.announce(engine, "tier1b", "20.2.0.0/28");
    engine.commit();

    Counts counts = engine.counts();

    assertThat(counts.prefixes()).isEqualTo(4);
    assertThat(counts.direct()).isEqualTo(3);
    assertThat(counts.transit()).isEqualTo(1);
    assertThat(counts.protectedPrefixes()).isEqualTo(1);
    assertThat(counts.paths()).isEqualTo(5);
    assertThat(counts.accepted()).isEqualTo(4);
    assertThat(counts.donutRatio()).isEqualTo(0.75);
    assertThat(engine.neighborCounts(engine.neighbor("tier1b")))
        .isEqualTo(new NeighborCounts("tier1b", 2, 1, 1, Map.of(RejectReason.PREFIX_LENGTH, 1L)));
  }

  @Test
  void a_query_about_changes_needs_them_committed() {
    Engine engine = engine();
    network.announce(engine, "tier2a", VIEWERS);

    assertThatThrownBy(() -> engine.whatIf(List.of()))
        .hasMessage("uncommitted changes (expected: none)");
  }

  @Test
  void an_attribute_set_lives_as_long_as_a_path_or_an_export_has_it() {
    Engine engine = withViewers();
    assertThat(engine.counts().attributeSets()).isEqualTo(5);

    for (String neighbor : List.of("tier1a", "tier1b", "tier2a")) {
      engine.withdraw(engine.neighbor(neighbor), Prefixes.of(Prefix.parse(VIEWERS)));
    }
    engine.commit();

    assertThat(engine.counts().attributeSets()).isEqualTo(2);
  }
}

package net.donut.core;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import net.donut.core.answer.BestRoute;
import net.donut.core.answer.PathView;
import net.donut.core.decision.Step;
import net.donut.core.policy.Filters;
import net.donut.core.policy.NeighborConfig;
import net.donut.core.policy.Policy;
import net.donut.model.PathAttributes;
import net.donut.model.Prefix;
import net.donut.model.Prefixes;
import net.donut.model.Relation;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// The walk over best routes says what explain says prefix by prefix.
class BestRouteTest {
  private static List<BestRoute> best(Engine engine, String router) {
    List<BestRoute> routes = new ArrayList<>();
    engine.best(router, routes::add);
    return routes;
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 3})
  void winner_and_last_step_are_those_of_explain(int routers) {
    long first = new Random().nextLong();
    for (int i = 0; i < 20; i++) {
      check(routers, first + i);
    }
  }

  private static void check(int routers, long seed) {
    Random random = new Random(seed);
    RandomNetwork maker = new RandomNetwork(random);
    Policy policy = maker.policy(routers);
    Engine engine = new Engine(policy);
    for (int i = 0; i < 400; i++) {
      NeighborConfig neighbor = policy.neighbors().get(random.nextInt(policy.neighbors().size()));
      Prefix prefix = maker.prefix();
      engine.announce(
          engine.neighbor(neighbor.name()),
          Prefixes.of(prefix),
          maker.attributes(neighbor, prefix.family()));
    }
    NeighborConfig lost = policy.neighbors().getFirst();
    engine.setInterface(lost.router(), lost.interfaceName(), InterfaceState.DOWN);
    engine.commit();

    for (int router = 1; router <= routers; router++) {
      List<Prefix> order = new ArrayList<>();
      for (BestRoute route : best(engine, "edge" + router)) {
        order.add(route.prefix());
        check(engine, "edge" + router, route, "seed " + seed + " " + route);
      }
      assertThat(order).as("seed %d", seed).isNotEmpty().isSorted().doesNotHaveDuplicates();
    }
  }

  private static void check(Engine engine, String router, BestRoute route, String about) {
    List<PathView> paths =
        engine.explain(route.prefix().address(), router).chain().stream()
            .filter(covering -> covering.prefix().equals(route.prefix()))
            .findFirst()
            .orElseThrow()
            .paths();
    PathView best = paths.stream().filter(PathView::isBest).findFirst().orElse(null);
    if (best == null) {
      // Of paths that can carry nothing none is best for operators; the walk names the first in
      // line.
      assertThat(paths)
          .as(about)
          .filteredOn(path -> path.rejected() == null)
          .isNotEmpty()
          .allMatch(PathView::isHeld);
      return;
    }
    String name = best.neighbor().equals("own") ? "" : best.neighbor();
    assertThat(route.neighbor()).as(about).isEqualTo(name.isEmpty() ? 0 : engine.neighbor(name));
    assertThat(route.attributes()).as(about).isEqualTo(best.attributes());
    Step last =
        paths.stream()
            .filter(path -> path.lostAt() != null && path.liveness() == best.liveness())
            .map(PathView::lostAt)
            .max(Step::compareTo)
            .orElse(null);
    assertThat(route.decidedBy()).as(about).isEqualTo(last);
  }

  @Test
  void neighbors_may_be_added_while_the_table_is_being_heard() {
    SmallNetwork network = new SmallNetwork();
    network.filters = Filters.NONE;
    List<NeighborConfig> all = List.copyOf(network.neighbors);
    Engine whole = new Engine(network.policy());
    network.announce(whole, "tier1a", "20.0.0.0/24", 1, 2);
    network.announce(whole, "tier2b", "20.0.0.0/24", 2);
    whole.commit();

    network.neighbors.clear();
    network.neighbors.add(all.getFirst());
    Engine grown = new Engine(network.policy());
    network.announce(grown, "tier1a", "20.0.0.0/24", 1, 2);
    grown.addNeighbors(all.subList(1, all.size()));
    network.neighbors.addAll(all.subList(1, all.size()));
    network.announce(grown, "tier2b", "20.0.0.0/24", 2);
    grown.commit();

    assertThat(best(grown, "edge1")).isEqualTo(best(whole, "edge1"));
    assertThat(grown.snapshot("edge1")).isEqualTo(whole.snapshot("edge1"));
  }

  @Test
  void neighbors_may_also_be_added_after_a_commit() {
    SmallNetwork network = new SmallNetwork();
    Engine engine = new Engine(network.policy());
    network.announce(engine, "tier1a", "20.0.0.0/24", 1, 2);
    engine.commit();
    NeighborConfig late = SmallNetwork.neighbor("late", "edge1", 64700, Relation.PRIVATE_PEER, 9);
    engine.addNeighbors(List.of(late));
    network.neighbors.add(late);
    network.announce(engine, "late", "20.0.0.0/24", 2);
    engine.commit();

    BestRoute route = best(engine, "edge1").getLast();
    PathAttributes path = network.path("late", Prefix.parse("20.0.0.0/24"), 2);
    assertThat(best(engine, "edge1"))
        .contains(
            new BestRoute(Prefix.parse("20.0.0.0/24"), engine.neighbor("late"), path, Step.BAND));
    assertThat(route.prefix().family()).isEqualTo(net.donut.model.Family.IPV6);
  }
}

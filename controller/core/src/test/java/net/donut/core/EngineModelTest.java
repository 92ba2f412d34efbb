package net.donut.core;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.function.Consumer;
import net.donut.core.answer.Coverage;
import net.donut.core.answer.Explanation;
import net.donut.core.answer.PathView;
import net.donut.core.answer.WhatIf;
import net.donut.core.change.Delta;
import net.donut.core.change.Hop;
import net.donut.core.change.OverrideEnd;
import net.donut.core.policy.LinkConfig;
import net.donut.core.policy.NeighborConfig;
import net.donut.core.policy.Policy;
import net.donut.model.Family;
import net.donut.model.IpAddress;
import net.donut.model.PathAttributes;
import net.donut.model.Prefix;
import net.donut.model.Prefixes;
import net.donut.model.Relation;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// The engine and the naive network are given the same random sequence; after every commit routers
/// and neighbors must have what the naive network says.
final class EngineModelTest {
  private static final int SEQUENCES = Boolean.getBoolean("donut.long") ? 100 : 10;
  private static final int STEPS = 60;

  /// One sequence in progress.
  private static final class Run {
    final Random random;
    final RandomNetwork maker;
    final NaiveNetwork naive;
    final Engine engine;
    final Mirror mirror = new Mirror();
    final Map<String, Mirror.Router> headless = new HashMap<>();
    boolean changesPolicy = true;
    private final int routers;

    Run(long seed, int routers) {
      random = new Random(seed);
      this.routers = routers;
      maker = new RandomNetwork(random);
      naive = new NaiveNetwork(maker.policy(routers));
      engine = new Engine(naive.policy, random.nextBoolean() ? 2 : ClassTable.MOST_UNUSED);
    }

    void step() {
      switch (random.nextInt(23)) {
        case 0 -> toggleSession();
        case 1, 2 -> togglePort();
        case 3 -> toggleDrain();
        case 4 -> resend();
        case 5 -> clear();
        case 6 -> identify();
        case 7 -> {
          if (changesPolicy) {
            changePolicy();
          }
        }
        case 8, 9, 10 -> withdraw();
        case 11 -> toggleOverride();
        case 12, 13 -> changeAddresses();
        default -> announce();
      }
    }

    void commitHeard() {
      mirror.apply(engine.commit());
    }

    void toggleHeadless() {
      List<String> all = List.copyOf(naive.routers());
      String router = all.get(random.nextInt(all.size()));
      boolean hears = headless.remove(router) != null;
      if (!hears) {
        headless.put(router, Mirror.of(engine.snapshot(router)));
      }
      engine.setHeadless(router, !hears);
    }

    /// Follows every prefix through what the kernels have; each uses the first hop it can.
    void checkNoLoops() {
      for (Prefix prefix : RandomNetwork.prefixes()) {
        for (String from : naive.routers()) {
          List<String> visited = new ArrayList<>();
          for (String at = from; !at.isEmpty(); at = next(at, prefix)) {
            if (!headless.containsKey(at) || !visited.contains(at)) {
              assertThat(visited)
                  .as("%s from %s, headless %s", prefix, from, headless.keySet())
                  .doesNotContain(at);
            } else if (headless
                .keySet()
                .containsAll(visited.subList(visited.indexOf(at), visited.size()))) {
              break; // headless routers among themselves: nobody can help it
            }
            visited.add(at);
          }
        }
      }
    }

    private String next(String at, Prefix prefix) {
      for (Hop hop : headless.getOrDefault(at, mirror.router(at)).hops(prefix)) {
        if (!(hop instanceof Hop.Via via)) {
          return "";
        }
        if (isUp(via.link())) {
          return via.router();
        }
      }
      return "";
    }

    private boolean isUp(String name) {
      LinkConfig link =
          naive.policy.links().stream()
              .filter(each -> each.name().equals(name))
              .findFirst()
              .orElseThrow();
      return !naive.portsDown.contains(
              new NaiveNetwork.Port(link.a().router(), link.a().interfaceName()))
          && !naive.portsDown.contains(
              new NaiveNetwork.Port(link.b().router(), link.b().interfaceName()));
    }

    NeighborConfig neighbor() {
      List<NeighborConfig> all =
          naive.policy.neighbors().stream()
              .filter(neighbor -> !headless.containsKey(neighbor.router()))
              .toList();
      if (all.isEmpty()) {
        all = naive.policy.neighbors();
      }
      return all.get(random.nextInt(all.size()));
    }

    private Map<Prefix, PathAttributes> heard(NeighborConfig neighbor) {
      return naive.heard.computeIfAbsent(neighbor.name(), name -> new HashMap<>());
    }

    void announce() {
      NeighborConfig neighbor = neighbor();
      Prefix prefix = maker.prefix();
      PathAttributes path = maker.attributes(neighbor, prefix.family());
      heard(neighbor).put(prefix, path);
      engine.announce(engine.neighbor(neighbor.name()), Prefixes.of(prefix), path);
    }

    private void withdraw() {
      NeighborConfig neighbor = neighbor();
      Prefix prefix = maker.prefix();
      heard(neighbor).remove(prefix);
      engine.withdraw(engine.neighbor(neighbor.name()), Prefixes.of(prefix));
    }

    void changeAddresses() {
      NeighborConfig neighbor = neighbor();
      List<InterfaceAddress> addresses = maker.addresses();
      naive.addresses.put(
          new NaiveNetwork.Port(neighbor.router(), neighbor.interfaceName()), addresses);
      boolean _ = engine.connected(neighbor.router(), neighbor.interfaceName(), addresses);
    }

    private Family family() {
      return random.nextBoolean() ? Family.IPV4 : Family.IPV6;
    }

    private void clear() {
      NeighborConfig neighbor = neighbor();
      Family family = family();
      int before = heard(neighbor).size();
      heard(neighbor).keySet().removeIf(prefix -> prefix.family() == family);
      int cleared = engine.clear(engine.neighbor(neighbor.name()), family);
      assertThat(cleared).isEqualTo(before - heard(neighbor).size());
    }

    /// A snapshot that repeats half of what is known.
    private void resend() {
      NeighborConfig neighbor = neighbor();
      Family family = family();
      int number = engine.neighbor(neighbor.name());
      engine.sweepStart(number, family);
      heard(neighbor)
          .keySet()
          .removeIf(prefix -> prefix.family() == family && random.nextBoolean());
      heard(neighbor)
          .forEach((prefix, path) -> {
            if (prefix.family() == family) {
              engine.announce(number, Prefixes.of(prefix), path);
            }
          });
      if (random.nextBoolean()) {
        mirror.apply(engine.commit());
      }
      engine.sweepEnd(number, family);
    }

    private void toggleSession() {
      NeighborConfig neighbor = neighbor();
      NaiveNetwork.Session session = new NaiveNetwork.Session(neighbor.name(), family());
      boolean goesDown = naive.down.add(session);
      if (!goesDown) {
        naive.down.remove(session);
      }
      engine.setSession(
          engine.neighbor(neighbor.name()),
          session.family(),
          goesDown ? SessionLiveness.down() : SessionLiveness.unknown());
    }

    private void identify() {
      NeighborConfig neighbor = neighbor();
      NaiveNetwork.Session session = new NaiveNetwork.Session(neighbor.name(), family());
      IpAddress identifier = IpAddress.ofIpv4(0x0a000000 + random.nextInt(4));
      naive.identifiers.put(session, identifier);
      naive.down.remove(session);
      engine.setSession(
          engine.neighbor(neighbor.name()), session.family(), SessionLiveness.up(identifier));
    }

    private void togglePort() {
      List<NaiveNetwork.Port> ports = new ArrayList<>();
      for (LinkConfig link : naive.policy.links()) {
        ports.add(new NaiveNetwork.Port(link.a().router(), link.a().interfaceName()));
        ports.add(new NaiveNetwork.Port(link.b().router(), link.b().interfaceName()));
      }
      for (NeighborConfig neighbor : naive.policy.neighbors()) {
        ports.add(new NaiveNetwork.Port(neighbor.router(), neighbor.interfaceName()));
      }
      ports.removeIf(port -> headless.containsKey(port.router()));
      if (ports.isEmpty()) {
        return;
      }
      NaiveNetwork.Port port = ports.get(random.nextInt(ports.size()));
      boolean goesDown = naive.portsDown.add(port);
      if (!goesDown) {
        naive.portsDown.remove(port);
      }
      engine.setInterface(
          port.router(), port.interfaceName(), goesDown ? InterfaceState.DOWN : InterfaceState.UP);
    }

    private void toggleDrain() {
      NeighborConfig neighbor = neighbor();
      int number = engine.neighbor(neighbor.name());
      if (naive.drained.add(neighbor.name())) {
        engine.drain(number);
      } else {
        naive.drained.remove(neighbor.name());
        engine.undrain(number);
      }
    }

    private void toggleOverride() {
      Prefix prefix = maker.prefix();
      if (naive.overrides.remove(prefix) != null) {
        engine.endOverride(prefix);
        // One that is dead does not.
        headless.values().stream()
            .filter(_ -> random.nextBoolean())
            .forEach(router -> router.end(prefix));
      } else {
        NeighborConfig neighbor = neighbor();
        naive.overrides.put(prefix, neighbor.name());
        engine.override(new RouteOverride(prefix, neighbor.name(), 1 + random.nextInt(3)));
      }
    }

    private void changePolicy() {
      mirror.apply(engine.commit());
      Policy next = maker.policy(routers);
      List<String> names = next.neighbors().stream().map(NeighborConfig::name).toList();
      for (NeighborConfig before : naive.policy.neighbors()) {
        boolean gone = !names.contains(before.name());
        boolean moved =
            next.neighbors().stream()
                .anyMatch(neighbor ->
                    neighbor.name().equals(before.name())
                        && !neighbor.router().equals(before.router()));
        if (gone) {
          naive.heard.remove(before.name());
          naive.drained.remove(before.name());
          naive.overrides.values().removeIf(before.name()::equals);
          naive.down.removeIf(session -> session.neighbor().equals(before.name()));
          naive.identifiers.keySet().removeIf(session -> session.neighbor().equals(before.name()));
        }
        if (gone || moved) {
          mirror.told.remove(before.name());
        }
      }
      naive.policy = next;
      engine.applyPolicy(next);
      mirror.apply(engine.commit());
    }

    void check() {
      for (String router : naive.routers()) {
        Mirror.Router state = mirror.router(router);
        for (Prefix prefix : RandomNetwork.prefixes()) {
          assertThat(state.hops(prefix))
              .as("%s at %s", prefix, router)
              .isEqualTo(naive.hops(router, prefix));
        }
        Mirror.Router fresh = Mirror.of(engine.snapshot(router));
        assertThat(fresh.routes).isEqualTo(state.routes);
        assertThat(fresh.groups).isEqualTo(state.groups);
        assertThat(fresh.hops).isEqualTo(state.hops);
        assertThat(fresh.ends).isEqualTo(state.ends);
      }
      Map.copyOf(naive.overrides).keySet().forEach(this::checkEnd);
      for (NeighborConfig neighbor : naive.policy.neighbors()) {
        assertThat(mirror.told(neighbor.name()))
            .as("told to %s", neighbor)
            .isEqualTo(naive.exports(neighbor));
        Mirror exports = new Mirror();
        exports.apply(
            new Delta(
                0, List.of(), List.copyOf(engine.exports(engine.neighbor(neighbor.name()))), 0));
        assertThat(exports.told(neighbor.name())).isEqualTo(mirror.told(neighbor.name()));
      }
      checkQuestions();
    }

    /// What routers fall back to is what they would do without the override.
    private void checkEnd(Prefix prefix) {
      String chosen = naive.overrides.remove(prefix);
      for (String router : naive.routers()) {
        Mirror.Router state = mirror.router(router);
        OverrideEnd end = state.ends.get(prefix);
        assertThat(end == null ? List.of() : state.hopsOf(end.group()))
            .as("%s at %s after its override", prefix, router)
            .isEqualTo(naive.hops(router, prefix));
      }
      naive.overrides.put(prefix, chosen);
    }

    private void checkQuestions() {
      boolean hole = false;
      for (Prefix prefix : RandomNetwork.prefixes()) {
        for (String router : naive.routers()) {
          hole |= naive.isHole(router, prefix.address());
          hole |= naive.isHole(router, prefix.lastAddress());
          checkExitList(router, prefix);
        }
      }
      Coverage coverage = engine.coverage(100);
      if (hole) {
        assertThat(coverage.holeCount()).as("holes").isPositive();
      }
      assertThat(engine.counts().holes()).isEqualTo(coverage.holeCount());
      long accepted =
          naive.prefixes().stream()
              .mapToLong(prefix ->
                  naive.accepted(prefix).stream().filter(path -> path.neighbor() != null).count())
              .sum();
      assertThat(engine.counts().accepted()).isEqualTo(accepted);
      for (Coverage.Block block : coverage.holes()) {
        assertThat(naive.routers())
            .as("hole %s", block)
            .anyMatch(router -> naive.hops(router, block.prefix()).isEmpty());
      }
    }

    private void checkExitList(String router, Prefix prefix) {
      List<String> usable =
          naive.exitList(router, prefix).stream()
              .filter(path -> naive.isUsableAt(router, path, prefix.family()))
              .map(NaiveNetwork.Path::name)
              .toList();
      for (Explanation.Covering covering : engine.explain(prefix.address(), router).chain()) {
        if (covering.prefix().equals(prefix) && !usable.isEmpty()) {
          assertThat(
                  covering.paths().stream()
                      .filter(path -> path.rank() >= 0)
                      .map(PathView::neighbor)
                      .toList())
              .as("exit list of %s at %s", prefix, router)
              .isEqualTo(usable);
        }
      }
    }
  }

  private static void withSeeds(int routers, Consumer<Run> body) {
    long first = new Random().nextLong();
    for (int sequence = 0; sequence < SEQUENCES; sequence++) {
      long seed = first + sequence;
      try {
        body.accept(new Run(seed, routers));
      } catch (AssertionError | RuntimeException e) {
        throw new AssertionError("seed " + seed + ", routers " + routers, e);
      }
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 2, 3, 5})
  void routers_and_neighbors_have_what_the_naive_network_says(int routers) {
    withSeeds(
        routers,
        run -> {
          for (int step = 0; step < STEPS; step++) {
            for (int more = run.random.nextInt(4); more >= 0; more--) {
              run.step();
            }
            run.mirror.apply(run.engine.commit());
            run.check();
          }
        });
  }

  @ParameterizedTest
  @ValueSource(ints = {2, 4})
  void the_order_of_arrival_does_not_matter(int routers) {
    withSeeds(
        routers,
        run -> {
          for (int step = 0; step < 80; step++) {
            run.announce();
            if (run.random.nextInt(5) == 0) {
              run.engine.commit();
            }
            if (run.random.nextInt(8) == 0) {
              run.changeAddresses();
            }
          }
          run.engine.commit();
          Engine other = new Engine(run.naive.policy);
          List<Runnable> arrivals = new ArrayList<>();
          run.naive.heard.forEach((name, paths) ->
              paths.forEach((prefix, path) ->
                  arrivals.add(
                      () -> other.announce(other.neighbor(name), Prefixes.of(prefix), path))));
          run.naive.addresses.forEach((port, addresses) ->
              arrivals.add(() -> other.connected(port.router(), port.interfaceName(), addresses)));
          Collections.shuffle(arrivals, run.random);
          for (Runnable arrival : arrivals) {
            arrival.run();
            if (run.random.nextInt(5) == 0) {
              other.commit();
            }
          }
          other.commit();

          for (String router : run.naive.routers()) {
            Mirror.Router one = Mirror.of(run.engine.snapshot(router));
            Mirror.Router two = Mirror.of(other.snapshot(router));
            assertThat(two.routes).isEqualTo(one.routes);
            assertThat(two.groups).isEqualTo(one.groups);
            assertThat(two.hops).isEqualTo(one.hops);
          }
          for (NeighborConfig neighbor : run.naive.policy.neighbors()) {
            assertThat(other.neighborCounts(other.neighbor(neighbor.name())))
                .isEqualTo(run.engine.neighborCounts(run.engine.neighbor(neighbor.name())));
          }
        });
  }

  /// Routers use the first hop of their list that is not cut, before anybody told them to.
  @ParameterizedTest
  @ValueSource(ints = {2, 3, 5})
  void packets_never_loop_also_with_one_interface_cut(int routers) {
    withSeeds(
        routers,
        run -> {
          for (int step = 0; step < 100; step++) {
            run.step();
          }
          run.mirror.apply(run.engine.commit());
          for (Prefix prefix : RandomNetwork.prefixes()) {
            for (String from : run.naive.routers()) {
              checkLeaves(run, prefix, from, "");
              for (LinkConfig link : run.naive.policy.links()) {
                checkLeaves(run, prefix, from, link.name());
              }
              for (NeighborConfig neighbor : run.naive.policy.neighbors()) {
                checkLeaves(run, prefix, from, neighbor.router() + "/" + neighbor.interfaceName());
              }
            }
          }
        });
  }

  /// Routers that hear nobody forward as they were told last, and their news are heard by nobody.
  @ParameterizedTest
  @ValueSource(ints = {2, 3, 5})
  void packets_never_loop_through_a_router_that_hears_nobody(int routers) {
    withSeeds(
        routers,
        run -> {
          for (int step = 0; step < 60; step++) {
            run.step();
          }
          run.commitHeard();
          run.changesPolicy = false;
          roundsWithHeadlessRouters(run, run::step);
          run.headless.clear();
          run.naive.routers().forEach(router -> run.engine.setHeadless(router, false));
          run.mirror.apply(run.engine.commit());
          run.check();
        });
  }

  /// Overrides end at such routers by themselves, or not if they are dead.
  @ParameterizedTest
  @ValueSource(ints = {2, 3, 5})
  void packets_never_loop_through_a_router_that_hears_nobody_while_overrides_end(int routers) {
    withSeeds(
        routers,
        run -> {
          for (int step = 0; step < 100; step++) {
            run.step();
          }
          run.commitHeard();
          run.changesPolicy = false;
          roundsWithHeadlessRouters(run, () -> stepOrOverride(run));
        });
  }

  private static void stepOrOverride(Run run) {
    if (run.random.nextInt(3) == 0) {
      run.step();
    } else {
      run.toggleOverride();
    }
  }

  private static void roundsWithHeadlessRouters(Run run, Runnable step) {
    for (int round = 0; round < 20; round++) {
      run.toggleHeadless();
      for (int steps = 0; steps < 6; steps++) {
        step.run();
        if (run.random.nextInt(3) == 0) {
          run.commitHeard();
        }
      }
      run.commitHeard();
      run.checkNoLoops();
    }
  }

  /// What a neighbor is told comes from us or a customer, or the neighbor is a customer.
  @ParameterizedTest
  @ValueSource(ints = {1, 3})
  void nothing_leaks_between_peers_and_transits(int routers) {
    withSeeds(
        routers,
        run -> {
          for (int step = 0; step < 120; step++) {
            run.step();
          }
          run.mirror.apply(run.engine.commit());
          for (NeighborConfig neighbor : run.naive.policy.neighbors()) {
            run.mirror
                .told(neighbor.name())
                .forEach((prefix, path) -> checkMayHear(run, neighbor, prefix));
          }
        });
  }

  private static void checkMayHear(Run run, NeighborConfig neighbor, Prefix prefix) {
    PathView best =
        run.engine.explain(prefix.address(), neighbor.router()).chain().stream()
            .filter(covering -> covering.prefix().equals(prefix))
            .flatMap(covering -> covering.paths().stream())
            .filter(PathView::isBest)
            .findFirst()
            .orElseThrow();
    assertThat(best.neighbor()).isNotEqualTo(neighbor.name());
    assertThat(best.liveness()).isEqualTo(PathView.Liveness.USABLE);
    assertThat(
            neighbor.relation() == Relation.CUSTOMER
                || best.relation() == Relation.CUSTOMER
                || best.relation() == Relation.OWN)
        .as("%s heard from %s, told to %s", prefix, best.neighbor(), neighbor.name())
        .isTrue();
  }

  /// The answer before the cut is what the cut then does.
  @ParameterizedTest
  @ValueSource(ints = {1, 2, 3})
  void what_if_says_what_happens(int routers) {
    withSeeds(
        routers,
        run -> {
          for (int step = 0; step < 120; step++) {
            run.step();
          }
          run.engine.commit();
          for (int cut = 0; cut < 5; cut++) {
            NeighborConfig neighbor = run.neighbor();
            WhatIf answer =
                run.engine.whatIf(List.of(new WhatIf.Change.CutNeighbor(neighbor.name())));
            Map<String, String> before = bestOf(run);
            for (Family family : Family.values()) {
              run.engine.setSession(
                  run.engine.neighbor(neighbor.name()), family, SessionLiveness.down());
            }
            run.engine.commit();
            assertThat(shifts(before, bestOf(run))).isEqualTo(shifts(answer));
          }
        });
  }

  private static Map<String, Long> shifts(WhatIf answer) {
    Map<String, Long> shifts = new HashMap<>();
    for (WhatIf.Shift shift : answer.shifts()) {
      shifts.put(shift.router() + ":" + shift.from() + ">" + shift.to(), shift.prefixes());
    }
    return shifts;
  }

  private static Map<String, Long> shifts(Map<String, String> before, Map<String, String> after) {
    Map<String, Long> shifts = new HashMap<>();
    before.forEach((where, from) -> {
      String to = after.getOrDefault(where, "");
      if (!to.equals(from)) {
        String router = where.substring(0, where.indexOf(' '));
        shifts.merge(router + ":" + from + ">" + to, 1L, Long::sum);
      }
    });
    return shifts;
  }

  /// The neighbor used, by router and prefix; empty when a route is accepted and not forwarded.
  private static Map<String, String> bestOf(Run run) {
    Map<String, String> best = new HashMap<>();
    for (String router : run.naive.routers()) {
      for (Prefix prefix : RandomNetwork.prefixes()) {
        for (Explanation.Covering covering : run.engine.explain(prefix.address(), router).chain()) {
          if (covering.prefix().equals(prefix) && covering.classId() != 0) {
            String neighbor =
                covering.hops().isEmpty()
                    ? ""
                    : covering.paths().stream()
                        .filter(PathView::isBest)
                        .map(PathView::neighbor)
                        .findFirst()
                        .orElse("");
            best.put(router + " " + prefix, neighbor);
          }
        }
      }
    }
    return best;
  }

  private static void checkLeaves(Run run, Prefix prefix, String from, String cut) {
    List<String> visited = new ArrayList<>();
    String at = from;
    while (!at.isEmpty()) {
      assertThat(visited).as("%s from %s without %s", prefix, from, cut).doesNotContain(at);
      visited.add(at);
      String here = at;
      at =
          run.mirror.router(at).hops(prefix).stream()
              .filter(hop -> !isCut(hop, here, cut))
              .findFirst()
              .map(hop -> hop instanceof Hop.Via via ? via.router() : "")
              .orElse("");
    }
  }

  private static boolean isCut(Hop hop, String router, String cut) {
    return switch (hop) {
      case Hop.Local local -> cut.equals(router + "/" + local.interfaceName());
      case Hop.Via via -> cut.equals(via.link());
      case Hop.Discard _ -> false;
    };
  }
}

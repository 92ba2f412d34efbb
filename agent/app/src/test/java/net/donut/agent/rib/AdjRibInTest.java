package net.donut.agent.rib;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.EnumMap;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import net.donut.model.Family;
import net.donut.model.PathAttributes;
import net.donut.model.Prefix;
import net.donut.model.Prefixes;
import net.donut.model.queue.Owner;
import net.donut.wire.bgp.BgpMessage;
import org.junit.jupiter.api.Test;

class AdjRibInTest {
  private static final List<String> NAMES = List.of("a/ipv4", "b", "c/ipv6");

  /// The routes of one session, in the plainest form.
  private static final class Naive {
    final Map<Family, Map<Prefix, PathAttributes>> routes = new EnumMap<>(Family.class);
    final Map<Family, Set<Prefix>> stale = new EnumMap<>(Family.class);
    boolean up;
    long number;

    Map<Prefix, PathAttributes> of(Family family) {
      return routes.computeIfAbsent(family, _ -> new HashMap<>());
    }

    Set<Prefix> staleOf(Family family) {
      return stale.computeIfAbsent(family, _ -> new HashSet<>());
    }
  }

  @Test
  void subscribers_however_slow_end_with_exactly_the_routes_of_a_naive_model() {
    for (long seed = 1; seed <= 40; seed++) {
      new Walk(seed).run();
    }
  }

  /// One random sequence of session events, with subscribers that come, read slowly, and go.
  private static final class Walk {
    private final long seed;
    private final Random random;
    private final FakePort port = new FakePort();
    private final AgentRib rib = new AgentRib(new Owner("test"), port);
    private final Map<String, Naive> naive = new HashMap<>();
    private final List<FakeSubscriber> subscribers = new ArrayList<>();
    private long now = 1;

    Walk(long seed) {
      this.seed = seed;
      this.random = new Random(seed);
      configure(NAMES);
    }

    private void configure(List<String> names) {
      rib.configure(names.stream().map(SessionSettings::of).toList());
      naive.keySet().retainAll(names);
      names.forEach(name -> naive.computeIfAbsent(name, _ -> new Naive()));
    }

    void run() {
      for (int step = 0; step < 600; step++) {
        step();
        for (FakeSubscriber subscriber : subscribers) {
          subscriber.credit = random.nextInt(3) == 0 ? random.nextInt(3) : 0;
        }
        rib.tell();
      }
      settle();
      for (FakeSubscriber subscriber : subscribers) {
        for (String name : naive.keySet()) {
          for (Family family : Family.values()) {
            assertThat(subscriber.routes(name, family))
                .as("seed %d session %s %s", seed, name, family)
                .isEqualTo(naive.get(name).of(family));
          }
        }
      }
      assertThat(rib.waiting()).as("seed %d", seed).isZero();
    }

    /// Every session comes up and completes, every subscriber reads to the end.
    private void settle() {
      for (String name : naive.keySet()) {
        Naive session = naive.get(name);
        if (!session.up) {
          establish(name, session);
        }
        for (Family family : Family.values()) {
          sweep(name, session, family);
          rib.apply(new RibEvent.EndOfRib(name, family));
        }
      }
      subscribers.add(new FakeSubscriber());
      rib.subscribe(subscribers.getLast());
      subscribers.forEach(subscriber -> subscriber.credit = Integer.MAX_VALUE);
      while (rib.tell()) {
        now++;
      }
      for (FakeSubscriber subscriber : subscribers) {
        assertThat(subscriber.completed("b", Family.IPV4)).as("seed %d", seed).isPositive();
      }
    }

    private void step() {
      rib.at(now += 1000);
      String name = NAMES.get(random.nextInt(NAMES.size()));
      Naive session = naive.get(name);
      if (session == null) {
        configure(NAMES);
        return;
      }
      Family family = random.nextBoolean() ? Family.IPV4 : Family.IPV6;
      switch (random.nextInt(24)) {
        case 0 -> lose(name, session);
        case 1 -> rib.apply(new RibEvent.EndOfRib(name, family));
        case 2 -> {
          if (session.up) {
            rib.apply(new RibEvent.MarkStale(name, family));
            session.staleOf(family).addAll(session.of(family).keySet());
          }
        }
        case 3 -> sweep(name, session, family);
        case 4 -> {
          if (subscribers.size() < 4) {
            subscribers.add(new FakeSubscriber());
            rib.subscribe(subscribers.getLast());
          } else {
            rib.unsubscribe(subscribers.removeFirst());
          }
        }
        case 5 -> {
          if (random.nextInt(10) == 0) {
            configure(NAMES.stream().filter(other -> !other.equals(name)).toList());
          }
        }
        default -> update(name, session, family);
      }
    }

    private void establish(String name, Naive session) {
      session.up = true;
      session.number++;
      rib.apply(
          new RibEvent.Established(
              name, Sessions.info(session.number, Set.of()), Sessions.outbox(session.number)));
    }

    private void lose(String name, Naive session) {
      if (!session.up) {
        establish(name, session);
        return;
      }
      session.up = false;
      Set<Family> kept = EnumSet.noneOf(Family.class);
      for (Family family : Family.values()) {
        if (random.nextBoolean()) {
          kept.add(family);
          session.staleOf(family).addAll(session.of(family).keySet());
        } else {
          session.of(family).clear();
          session.staleOf(family).clear();
        }
      }
      rib.apply(new RibEvent.Lost(name, Sessions.down(session.number, kept)));
    }

    private void sweep(String name, Naive session, Family family) {
      rib.apply(new RibEvent.SweepStale(name, family));
      if (session.up) {
        session.of(family).keySet().removeAll(session.staleOf(family));
      } else {
        session.of(family).clear();
      }
      session.staleOf(family).clear();
    }

    private void update(String name, Naive session, Family family) {
      if (!session.up) {
        return;
      }
      Prefixes.Builder prefixes = new Prefixes.Builder(family);
      for (int i = 1 + random.nextInt(60); i > 0; i--) {
        prefixes.add(Sessions.prefix(family, random.nextInt(300)));
      }
      Prefixes built = prefixes.build();
      if (random.nextInt(3) == 0) {
        rib.apply(new RibEvent.Updated(name, BgpMessage.Update.withdraw(built)));
        built.forEach(session.of(family)::remove);
        built.forEach(session.staleOf(family)::remove);
      } else {
        PathAttributes attributes = Sessions.attributes(random, 20);
        rib.apply(new RibEvent.Updated(name, BgpMessage.Update.announce(built, attributes)));
        built.forEach(prefix -> session.of(family).put(prefix, attributes));
        built.forEach(session.staleOf(family)::remove);
      }
    }
  }

  @Test
  void the_end_marker_waits_for_end_of_rib_and_follows_the_routes() {
    Fixture fixture = new Fixture(SessionSettings.of("a"));
    fixture.establish(1);
    fixture.announce(10);

    fixture.tell();
    assertThat(fixture.subscriber.completed("a", Family.IPV4)).isZero();
    fixture.rib.apply(new RibEvent.EndOfRib("a", Family.IPV4));
    fixture.tell();

    assertThat(fixture.subscriber.completed("a", Family.IPV4)).isOne();
    assertThat(fixture.subscriber.deltas.getLast())
        .isEqualTo(new RouteDelta.Completed("a", Family.IPV4, 1));
    assertThat(fixture.subscriber.routes("a", Family.IPV4)).hasSize(10);
  }

  @Test
  void without_end_of_rib_the_snapshot_is_complete_after_ten_quiet_seconds() {
    Fixture fixture = new Fixture(SessionSettings.of("a"));
    fixture.establish(1);
    fixture.at(6);
    fixture.announce(10);

    fixture.at(15);
    fixture.tell();
    assertThat(fixture.subscriber.completed("a", Family.IPV4)).isZero();
    fixture.at(17);
    fixture.tell();

    assertThat(fixture.subscriber.completed("a", Family.IPV4)).isOne();
  }

  @Test
  void a_first_table_is_told_in_batches_and_what_comes_after_it_at_once() {
    Fixture fixture = new Fixture(SessionSettings.of("a"));
    fixture.establish(1);
    fixture.announceOne(0, 1);
    fixture.tell();
    assertThat(fixture.subscriber.routes("a", Family.IPV4)).hasSize(1);

    fixture.announceOne(1, 1);
    fixture.announceOne(2, 2);
    fixture.tell();
    assertThat(fixture.subscriber.routes("a", Family.IPV4)).hasSize(1);
    assertThat(fixture.rib.rest(Long.MAX_VALUE)).isEqualTo(RouteFlow.GATHER_NANOS);
    fixture.rib.at(1 + RouteFlow.GATHER_NANOS);
    fixture.tell();
    assertThat(fixture.subscriber.routes("a", Family.IPV4)).hasSize(3);

    fixture.announceOne(3, 1);
    fixture.rib.apply(new RibEvent.EndOfRib("a", Family.IPV4));
    fixture.tell();
    assertThat(fixture.subscriber.completed("a", Family.IPV4)).isOne();
    fixture.announceOne(4, 1);
    fixture.tell();
    assertThat(fixture.subscriber.routes("a", Family.IPV4)).hasSize(5);
    assertThat(fixture.rib.rest(Long.MAX_VALUE)).isEqualTo(Long.MAX_VALUE);
  }

  @Test
  void a_session_that_is_down_sends_no_end_marker() {
    Fixture fixture = new Fixture(SessionSettings.of("a"));

    fixture.at(1000);
    fixture.tell();

    assertThat(fixture.subscriber.deltas).isEmpty();
  }

  @Test
  void a_session_lost_without_graceful_restart_is_cleared_before_anything_else_is_told() {
    Fixture fixture = new Fixture(SessionSettings.of("a"));
    fixture.establish(1);
    fixture.announce(10);
    fixture.rib.apply(new RibEvent.EndOfRib("a", Family.IPV4));
    fixture.tell();
    fixture.subscriber.deltas.clear();

    fixture.rib.apply(new RibEvent.Lost("a", Sessions.down(1, Set.of())));
    fixture.establish(2);
    fixture.announce(3);
    fixture.rib.apply(new RibEvent.EndOfRib("a", Family.IPV4));
    fixture.tell();

    assertThat(fixture.subscriber.deltas)
        .first()
        .isEqualTo(new RouteDelta.Cleared("a", Family.IPV4, 2));
    assertThat(fixture.subscriber.deltas)
        .last()
        .isEqualTo(new RouteDelta.Completed("a", Family.IPV4, 2));
    assertThat(fixture.subscriber.routes("a", Family.IPV4)).hasSize(3);
  }

  @Test
  void routes_repeated_after_a_graceful_restart_are_not_told_again() {
    Fixture fixture = new Fixture(SessionSettings.of("a"));
    fixture.establish(1);
    fixture.announce(10);
    fixture.rib.apply(new RibEvent.EndOfRib("a", Family.IPV4));
    fixture.tell();
    fixture.subscriber.deltas.clear();

    fixture.rib.apply(new RibEvent.Lost("a", Sessions.down(1, Set.of(Family.IPV4))));
    fixture.establish(2);
    fixture.announce(8);
    fixture.rib.apply(new RibEvent.EndOfRib("a", Family.IPV4));
    fixture.rib.apply(new RibEvent.SweepStale("a", Family.IPV4));
    fixture.tell();

    assertThat(fixture.subscriber.deltas)
        .filteredOn(delta ->
            !(delta instanceof RouteDelta.Cleared(_, var family, _) && family == Family.IPV6))
        .singleElement()
        .isInstanceOfSatisfying(
            RouteDelta.Withdrawn.class, delta -> assertThat(delta.prefixes().size()).isEqualTo(2));
    assertThat(fixture.subscriber.routes("a", Family.IPV4)).hasSize(8);
  }

  @Test
  void a_slow_subscriber_costs_one_entry_a_prefix_and_hears_of_withdrawals_first() {
    Fixture fixture = new Fixture(SessionSettings.of("a"));
    fixture.establish(1);
    fixture.announce(100);
    fixture.rib.apply(new RibEvent.EndOfRib("a", Family.IPV4));
    fixture.tell();
    fixture.subscriber.deltas.clear();
    fixture.subscriber.credit = 0;

    for (int round = 0; round < 1000; round++) {
      fixture.announce(100, 1 + round % 7);
    }
    fixture.rib.apply(
        new RibEvent.Updated(
            "a", BgpMessage.Update.withdraw(Prefixes.of(Sessions.prefix(Family.IPV4, 99)))));
    assertThat(fixture.rib.waiting()).isLessThanOrEqualTo(101);
    fixture.subscriber.credit = Integer.MAX_VALUE;
    fixture.tell();

    assertThat(fixture.subscriber.deltas.getFirst()).isInstanceOf(RouteDelta.Withdrawn.class);
    assertThat(fixture.subscriber.deltas).hasSize(2);
    assertThat(fixture.subscriber.routes("a", Family.IPV4)).hasSize(99);
  }

  @Test
  void a_session_over_its_limit_is_reported_once_and_not_listened_to() {
    Fixture fixture = new Fixture(new SessionSettings("a", 20, 0, null, null));
    fixture.establish(1);

    fixture.announce(18);
    fixture.announce(20);
    fixture.announce(25);
    fixture.announce(40);

    assertThat(fixture.port.limits).containsExactly("near a IPV4 18/20", "over a IPV4 25/20");
    fixture.rib.apply(new RibEvent.Lost("a", Sessions.down(1, Set.of())));
    fixture.establish(2);
    fixture.announce(5);
    fixture.tell();
    assertThat(fixture.subscriber.routes("a", Family.IPV4)).hasSize(5);
  }

  @Test
  void a_limit_lowered_below_what_is_there_acts_at_once() {
    Fixture fixture = new Fixture(new SessionSettings("a", 20, 0, null, null));
    fixture.establish(1);
    fixture.announce(10);

    fixture.rib.configure(List.of(new SessionSettings("a", 11, 0, null, null)));
    fixture.rib.configure(List.of(new SessionSettings("a", 9, 0, null, null)));
    fixture.rib.configure(List.of(new SessionSettings("a", 8, 0, null, null)));

    assertThat(fixture.port.limits).containsExactly("near a IPV4 10/11", "over a IPV4 10/9");
  }

  @Test
  void a_raised_limit_is_reported_and_counts_from_then_on() {
    Fixture fixture = new Fixture(new SessionSettings("a", 20, 0, null, null));
    fixture.establish(1);
    fixture.announce(19);

    fixture.rib.configure(List.of(new SessionSettings("a", 40, 7, null, null)));
    fixture.announce(30);
    fixture.rib.configure(List.of(new SessionSettings("a", 0, 7, null, null)));
    fixture.announce(60);

    assertThat(fixture.port.limits)
        .containsExactly("near a IPV4 19/20", "raised a IPV4", "raised a IPV4");
  }

  @Test
  void what_was_received_is_remembered_after_the_end_and_not_what_is_kept_from_before() {
    Fixture fixture = new Fixture(SessionSettings.of("a"));
    fixture.establish(1);
    fixture.announce(10);
    fixture.rib.apply(new RibEvent.Lost("a", Sessions.down(1, Set.of(Family.IPV4))));
    fixture.at(1);
    assertThat(fixture.received()).isEqualTo("heard 10, received 10");

    fixture.establish(2);
    fixture.announce(4);
    fixture.at(2);

    assertThat(fixture.received()).isEqualTo("heard 10, received 4");
  }

  @Test
  void many_withdrawals_at_once_are_reported_and_so_is_their_end() {
    Fixture fixture = new Fixture(SessionSettings.of("a"));
    fixture.establish(1);
    fixture.announce(2_000);
    fixture.at(10);

    fixture.withdraw(0, 1_499);
    assertThat(fixture.port.bursts).isEmpty();
    fixture.withdraw(0, 1_499);
    assertThat(fixture.port.bursts).as("routes withdrawn twice count once").isEmpty();
    fixture.withdraw(1_499, 1_500);
    assertThat(fixture.port.bursts).containsExactly("a true");
    fixture.at(11);
    fixture.at(12);
    assertThat(fixture.port.bursts).as("not all is told").containsExactly("a true");
    fixture.tell();
    fixture.at(13);
    assertThat(fixture.port.bursts).containsExactly("a true", "a false");

    fixture.announce(2_000);
    fixture.withdraw(0, 2_000);
    fixture.rib.apply(new RibEvent.Lost("a", Sessions.down(1, Set.of())));
    assertThat(fixture.port.bursts).containsExactly("a true", "a false", "a true", "a false");
  }

  @Test
  void digests_depend_on_the_routes_and_not_on_their_order() {
    Fixture forwards = new Fixture(SessionSettings.of("a"));
    Fixture backwards = new Fixture(SessionSettings.of("a"));
    forwards.establish(1);
    backwards.establish(1);
    for (int i = 0; i < 50; i++) {
      forwards.announceOne(i, i % 5);
      backwards.announceOne(49 - i, (49 - i) % 5);
    }

    List<RibDigest> digests = forwards.rib.digests();

    assertThat(digests).hasSize(1).isEqualTo(backwards.rib.digests());
    backwards.announceOne(7, 3);
    assertThat(backwards.rib.digests()).isNotEqualTo(digests);
  }

  /// A RIB with one session and a subscriber that reads everything.
  private static final class Fixture {
    final FakePort port = new FakePort();
    final AgentRib rib = new AgentRib(new Owner("test"), port);
    final FakeSubscriber subscriber = new FakeSubscriber();

    Fixture(SessionSettings settings) {
      rib.at(1);
      rib.configure(List.of(settings));
      rib.subscribe(subscriber);
    }

    String received() {
      SessionCounts counts = Objects.requireNonNull(port.counts.get("a"));
      return "heard " + counts.heardIpv4() + ", received " + counts.receivedIpv4();
    }

    void at(long seconds) {
      rib.at(TimeUnit.SECONDS.toNanos(seconds));
    }

    void establish(long number) {
      rib.apply(
          new RibEvent.Established("a", Sessions.info(number, Set.of()), Sessions.outbox(number)));
    }

    void announce(int count) {
      announce(count, 1);
    }

    void announce(int count, int kind) {
      Prefixes.Builder prefixes = new Prefixes.Builder(Family.IPV4);
      for (int i = 0; i < count; i++) {
        prefixes.add(Sessions.prefix(Family.IPV4, i));
      }
      rib.apply(
          new RibEvent.Updated("a", BgpMessage.Update.announce(prefixes.build(), kind(kind))));
    }

    void announceOne(int number, int kind) {
      rib.apply(
          new RibEvent.Updated(
              "a",
              BgpMessage.Update.announce(
                  Prefixes.of(Sessions.prefix(Family.IPV4, number)), kind(kind))));
    }

    void withdraw(int from, int to) {
      Prefixes.Builder prefixes = new Prefixes.Builder(Family.IPV4);
      for (int i = from; i < to; i++) {
        prefixes.add(Sessions.prefix(Family.IPV4, i));
      }
      rib.apply(new RibEvent.Updated("a", BgpMessage.Update.withdraw(prefixes.build())));
    }

    private static PathAttributes kind(int kind) {
      return Sessions.attributes(new Random(kind), 1_000_000);
    }

    void tell() {
      while (rib.tell()) {
        Thread.onSpinWait();
      }
    }
  }
}

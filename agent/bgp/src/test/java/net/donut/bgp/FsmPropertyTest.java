package net.donut.bgp;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import net.donut.bgp.BgpNeighborConfig.Connect;
import net.donut.model.Family;
import net.donut.model.IpAddress;
import net.donut.wire.bgp.BgpMessage;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// Any sequence of events keeps the invariants of [SessionFsm]. The seed is the parameter.
class FsmPropertyTest {
  private static final int STEPS = 20_000;

  /// Sees the actions and knows what is legal.
  private static final class World {
    final BgpNeighborConfig config;
    final SessionFsm fsm;
    final Random random;
    final Set<Integer> connecting = new HashSet<>();
    final Set<Integer> open = new HashSet<>();
    final Set<FsmTimer> armed = new HashSet<>();
    final Map<Integer, Integer> opens = new HashMap<>();
    final Set<Family> stale = new HashSet<>();
    int established;
    int largest;
    long session;
    boolean started;

    World(long seed) {
      random = new Random(seed);
      config =
          FsmFixture.config()
              .connect(random.nextBoolean() ? Connect.ACTIVE : Connect.PASSIVE)
              .routerId(IpAddress.parse(random.nextBoolean() ? "10.0.0.1" : "10.0.0.9"))
              .build();
      fsm = new SessionFsm(config, SpeakerConfig.Start.FRESH, 0);
    }

    FsmEvent next() {
      int connection = pickConnection();
      return switch (random.nextInt(24)) {
        case 0 -> start();
        case 1 -> random.nextInt(10) == 0 ? stop() : new FsmEvent.Kick();
        case 2 -> new FsmEvent.Reset(pick(CeaseReason.values()));
        case 3, 4, 5 -> connected();
        case 6 -> failed();
        case 7, 8 -> accepted();
        case 9 -> closed(connection);
        case 10, 11, 12 -> new FsmEvent.Received(connection, open());
        case 13, 14, 15 -> new FsmEvent.Received(connection, FsmFixture.KEEPALIVE);
        case 16 -> new FsmEvent.Received(connection, FsmFixture.UPDATE);
        case 17 -> new FsmEvent.Received(connection, new BgpMessage.EndOfRib(Family.IPV4));
        case 18 -> new FsmEvent.Received(connection, new BgpMessage.RouteRefresh(1, 0, 1));
        case 19 ->
            random.nextInt(4) == 0
                ? new FsmEvent.Received(
                    connection, FsmFixture.notification(random.nextInt(9), random.nextInt(12)))
                : new FsmEvent.Kick();
        case 20 ->
            random.nextInt(4) == 0
                ? new FsmEvent.Malformed(connection, FsmFixture.notification(1, 1), "garbage")
                : new FsmEvent.SendStalled(-1);
        default -> expired();
      };
    }

    private FsmEvent start() {
      started = true;
      return new FsmEvent.Start();
    }

    private FsmEvent stop() {
      started = false;
      return new FsmEvent.Stop(CeaseReason.SHUTDOWN);
    }

    private FsmEvent connected() {
      int number = connecting.isEmpty() ? -5 : connecting.iterator().next();
      if (connecting.remove(number)) {
        open.add(number);
      }
      return new FsmEvent.Connected(number, FsmFixture.LOCAL);
    }

    private FsmEvent failed() {
      int number = connecting.isEmpty() ? -5 : connecting.iterator().next();
      return new FsmEvent.ConnectFailed(number, "refused");
    }

    private FsmEvent accepted() {
      int number = fsm.nextConnection();
      open.add(number);
      largest = Math.max(largest, number);
      return new FsmEvent.Accepted(number, FsmFixture.LOCAL);
    }

    private FsmEvent closed(int connection) {
      return new FsmEvent.Closed(connection, "reset");
    }

    private FsmEvent expired() {
      List<FsmTimer> timers = new ArrayList<>(armed);
      if (timers.isEmpty()) {
        return new FsmEvent.Expired(new FsmTimer.Hold(largest));
      }
      timers.sort(java.util.Comparator.comparing(Object::toString));
      FsmTimer timer = timers.get(random.nextInt(timers.size()));
      armed.remove(timer);
      return new FsmEvent.Expired(timer);
    }

    private BgpMessage.Open open() {
      return switch (random.nextInt(6)) {
        case 0 -> new BgpMessage.Open(4, 1, 30, FsmFixture.REMOTE, List.of());
        case 1 -> FsmFixture.open(List.of());
        case 2 ->
            FsmFixture.open(
                FsmFixture.capabilities(FsmFixture.gracefulRestart(90, Family.IPV4, Family.IPV6)));
        case 3 ->
            FsmFixture.open(FsmFixture.capabilities(FsmFixture.gracefulRestart(90, Family.IPV4)));
        default -> FsmFixture.open();
      };
    }

    /// Mostly one that is open, at times one that is gone or never was.
    private int pickConnection() {
      List<Integer> numbers = new ArrayList<>(open);
      return numbers.isEmpty() || random.nextInt(20) == 0
          ? random.nextInt(largest + 2)
          : numbers.get(random.nextInt(numbers.size()));
    }

    private <T> T pick(T[] values) {
      return values[random.nextInt(values.length)];
    }

    void check(FsmAction action, FsmEvent event) {
      switch (action) {
        case FsmAction.Connect(int number) -> {
          assertThat(config.connect()).isEqualTo(Connect.ACTIVE);
          assertThat(number).isGreaterThan(largest);
          largest = number;
          connecting.add(number);
        }
        case FsmAction.Send(int number, var message) -> {
          assertThat(open).contains(number);
          if (message instanceof BgpMessage.Open) {
            assertThat(opens.merge(number, 1, Integer::sum)).isEqualTo(1);
          } else {
            assertThat(opens).containsKey(number);
          }
        }
        case FsmAction.Close(int number) -> {
          open.remove(number);
          connecting.remove(number);
          armed.remove(new FsmTimer.Hold(number));
        }
        case FsmAction.Arm(var timer, long millis) -> {
          assertThat(millis).isPositive();
          armed.add(timer);
        }
        case FsmAction.Disarm(var timer) -> armed.remove(timer);
        case FsmAction.Use(int number, var _) -> assertThat(open).contains(number);
        case FsmAction.Establish(int number, var info) -> {
          assertThat(established).isZero();
          assertThat(open).contains(number);
          assertThat(info.session()).isEqualTo(++session);
          established = number;
        }
        case FsmAction.Lost(var down) -> {
          assertThat(established).isNotZero();
          assertThat(down.session()).isEqualTo(session);
          established = 0;
          stale.clear();
          stale.addAll(down.stale());
        }
        case FsmAction.Deliver() ->
            assertThat(event).isInstanceOf(FsmEvent.Received.class).satisfies(this::established);
        case FsmAction.EndOfRib(var _), FsmAction.Refresh(var _), FsmAction.MarkStale(var _) ->
            established(event);
        case FsmAction.SweepStale(var family) -> assertThat(stale.remove(family)).isTrue();
        case FsmAction.Report(var text) -> assertThat(text).isNotBlank();
      }
    }

    private void established(FsmEvent event) {
      assertThat(((FsmEvent.Received) event).connection()).isEqualTo(established);
    }

    void checkState() {
      assertThat(fsm.connectionCount()).isLessThanOrEqualTo(3);
      assertThat(connecting.size()).isLessThanOrEqualTo(1);
      assertThat(fsm.stale()).isEqualTo(stale);
      assertThat(open.size() + connecting.size()).isEqualTo(fsm.connectionCount());
      assertThat(fsm.state() == SessionState.ESTABLISHED).isEqualTo(established != 0);
      for (FsmTimer timer : armed) {
        if (timer instanceof FsmTimer.Hold(int number)) {
          assertThat(open).contains(number);
        } else if (timer instanceof FsmTimer.Keepalive(int number)) {
          assertThat(open).contains(number);
        }
      }
      // Nothing gets stuck: every connection has a hold timer, every other state a way on.
      for (int number : open) {
        assertThat(armed).contains(new FsmTimer.Hold(number));
      }
      if (started && open.isEmpty() && fsm.state() != SessionState.ACTIVE) {
        assertThat(armed).containsAnyOf(new FsmTimer.IdleHold(), new FsmTimer.ConnectRetry());
      }
      if (started && fsm.state() == SessionState.ACTIVE && config.connect() == Connect.ACTIVE) {
        assertThat(armed).contains(new FsmTimer.ConnectRetry());
      }
      if (!started) {
        assertThat(fsm.state()).isEqualTo(SessionState.IDLE);
        assertThat(armed).isEmpty();
      }
    }
  }

  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8})
  void any_sequence_of_events_keeps_the_invariants(long seed) {
    World world = new World(seed);
    Set<SessionState> reached = new HashSet<>();

    for (int step = 0; step < STEPS; step++) {
      FsmEvent event = world.next();
      if (event instanceof FsmEvent.Closed(int number, var _)) {
        world.open.remove(number);
        world.connecting.remove(number);
      } else if (event instanceof FsmEvent.ConnectFailed(int number, var _)) {
        world.connecting.remove(number);
      }
      for (FsmAction action : world.fsm.handle(event)) {
        world.check(action, event);
      }
      world.checkState();
      reached.add(world.fsm.state());
    }

    assertThat(reached).contains(SessionState.ESTABLISHED, SessionState.IDLE);
  }
}

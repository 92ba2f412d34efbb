package net.donut.bfd;

import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.PriorityQueue;
import java.util.SplittableRandom;
import net.donut.wire.bfd.ControlPacket;

/// Two sessions that speak with each other over a path of 1 ms that loses packets, on a clock of
/// their own. Left wants 80 ms and multiplier 3, right 50 ms and multiplier 5.
final class TwoSessions {
  private static final long NEVER = Long.MAX_VALUE;
  private static final long DELAY_MICROS = 1000;

  private final SplittableRandom random;
  private final BfdSession left;
  private final BfdSession right;
  private final Map<BfdSession, long[]> timers = new HashMap<>();
  private final Map<BfdSession, Long> lostAt = new HashMap<>();
  private final PriorityQueue<Flight> flights =
      new PriorityQueue<>(Comparator.comparingLong(Flight::arrival));
  private long now;

  private record Flight(long arrival, BfdSession to, ControlPacket packet) {}

  TwoSessions(SplittableRandom random) {
    this.random = random;
    left = session(BfdFixture.settings(80, 3), 1);
    right = session(BfdFixture.settings(50, 5), 2);
    start(left);
    start(right);
  }

  private BfdSession session(BfdSettings settings, int discriminator) {
    return new BfdSession(settings, discriminator, BfdSession.ControlPlane.INDEPENDENT, random);
  }

  private void start(BfdSession session) {
    timers.put(session, new long[] {NEVER, NEVER});
    act(session, session.handle(new BfdEvent.Configured(session.settings())), 0);
  }

  BfdSession left() {
    return left;
  }

  BfdSession right() {
    return right;
  }

  long micros() {
    return now;
  }

  long lostAt(BfdSession session) {
    return lostAt.getOrDefault(session, -1L);
  }

  /// Lets time pass while the path loses so many packets of a hundred.
  void run(long micros, int lossPercent) {
    long end = now + micros;
    while (true) {
      long next = end;
      for (long[] timer : timers.values()) {
        next = Math.min(next, Math.min(timer[0], timer[1]));
      }
      Flight flight = flights.peek();
      if (flight != null && flight.arrival() <= next) {
        flights.remove();
        now = flight.arrival();
        hand(flight.to(), new BfdEvent.Received(flight.packet()), lossPercent);
      } else if (next >= end) {
        now = end;
        return;
      } else {
        now = next;
        expire(lossPercent);
      }
    }
  }

  private void expire(int lossPercent) {
    for (BfdSession session : List.of(left, right)) {
      long[] timer = Objects.requireNonNull(timers.get(session));
      if (timer[0] <= now) {
        timer[0] = NEVER;
        hand(session, new BfdEvent.TransmitDue(), lossPercent);
      }
      if (timer[1] <= now) {
        timer[1] = NEVER;
        hand(session, new BfdEvent.DetectionExpired(), lossPercent);
      }
    }
  }

  private void hand(BfdSession session, BfdEvent event, int lossPercent) {
    long losses = session.status().losses();
    act(session, session.handle(event), lossPercent);
    if (session.status().losses() > losses) {
      lostAt.put(session, now);
    }
  }

  private void act(BfdSession session, List<BfdAction> actions, int lossPercent) {
    long[] timer = Objects.requireNonNull(timers.get(session));
    for (BfdAction action : actions) {
      switch (action) {
        case BfdAction.Send(var packet) -> {
          if (random.nextInt(100) >= lossPercent) {
            flights.add(new Flight(now + DELAY_MICROS, session == left ? right : left, packet));
          }
        }
        case BfdAction.ArmTransmit(long micros) -> timer[0] = now + micros;
        case BfdAction.DisarmTransmit() -> timer[0] = NEVER;
        case BfdAction.ArmDetection(long micros) -> timer[1] = now + micros;
        case BfdAction.DisarmDetection() -> timer[1] = NEVER;
        case BfdAction.Report _ -> {}
      }
    }
  }
}

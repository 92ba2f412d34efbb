package net.donut.lab.impair;

import java.time.Duration;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ThreadFactory;
import net.donut.lab.net.Impairment;
import net.donut.lab.net.LabWire;
import net.donut.lab.net.Pause;
import net.donut.lab.net.ProcessPriority;

/// The two relays of a wire, one a direction, on threads of this process.
public final class RelayPair {
  private static final String THREADS = "relay";
  private static final Duration LIMIT = Duration.ofSeconds(10);

  private final List<Thread> threads;

  private RelayPair(List<Thread> threads) {
    this.threads = threads;
  }

  /// Starts them and returns when both relay. The calling thread and those of the factory must be
  /// in the namespace of the wire.
  public static RelayPair start(LabWire wire, Impairment asked, ThreadFactory inside) {
    CountDownLatch ready = new CountDownLatch(2);
    // What the first end sends goes in at its relay port and comes out at the other.
    List<Thread> threads =
        List.of(
            inside.newThread(relay(wire.relayB(), wire.b(), asked, ready)),
            inside.newThread(relay(wire.relayA(), wire.a(), asked, ready)));
    for (Thread thread : threads) {
      thread.setName(THREADS);
      thread.start();
    }
    Pause.until("relays of wire " + wire.number(), LIMIT, () -> ready.getCount() == 0);
    ProcessPriority.realTimeThreads(THREADS);
    return new RelayPair(threads);
  }

  private static Relay relay(String from, String to, Impairment asked, CountDownLatch ready) {
    return new Relay(from, to, asked.delay(), asked.jitter(), ready::countDown);
  }

  /// Waits until both have ended because their ports are gone.
  public void join() {
    threads.forEach(Pause::join);
  }
}

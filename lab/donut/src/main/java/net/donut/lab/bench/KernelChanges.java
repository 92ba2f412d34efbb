package net.donut.lab.bench;

import java.time.Duration;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.locks.LockSupport;
import net.donut.lab.net.Namespace;
import net.donut.lab.net.Pause;
import net.donut.model.Family;
import net.donut.model.Prefix;
import net.donut.netlink.NetlinkMonitor;
import net.donut.netlink.NetworkNamespace;
import net.donut.netlink.RouteTally;
import net.donut.netlink.Subscription;

/// When the kernel of the router under test changes: its links, next hops and routes, as it reports
/// them itself.
///
/// Routes are looked at every millisecond by a thread of its own; any thread may ask.
final class KernelChanges implements AutoCloseable {
  private static final long STEP_NANOS = Duration.ofMillis(1).toNanos();
  private static final int BUFFER_BYTES = 512 << 20;

  private final NetworkNamespace inside;
  private final NetlinkMonitor monitor;
  private final Thread watching;
  private final AtomicBoolean ended = new AtomicBoolean();
  private long first;
  private long last = System.nanoTime();
  private long routes;
  private long present;
  private Prefix latest;

  /// What changed since a moment; times by `System.nanoTime`, 0 for never.
  ///
  /// @param routes routes added, replaced or deleted
  /// @param latest the prefix of the last of them
  record Seen(long firstNanos, long lastNanos, long routes, Prefix latest) {}

  KernelChanges(Namespace router, Family family, int protocol) {
    latest = Prefix.parse(family == Family.IPV4 ? "0.0.0.0/0" : "::/0");
    inside = NetworkNamespace.open(router.name());
    monitor =
        NetlinkMonitor.start(
            NetlinkMonitor.Options.of("links", Subscription.LINK, Subscription.NEXT_HOP),
            inside.threadFactory("links"),
            _ -> changed());
    watching = inside.threadFactory("routes").newThread(() -> watch(family, protocol));
    watching.start();
  }

  private void watch(Family family, int protocol) {
    try (RouteTally tally = RouteTally.open(family, protocol, BUFFER_BYTES)) {
      while (!ended.get()) {
        long changes = tally.drain();
        if (changes > 0) {
          counted(changes, tally.added() - tally.deleted(), tally.latest());
        }
        LockSupport.parkNanos(STEP_NANOS);
      }
    }
  }

  private synchronized void counted(long changes, long now, Prefix prefix) {
    changed();
    routes += changes;
    present = now;
    latest = prefix;
  }

  private synchronized void changed() {
    last = System.nanoTime();
    first = first == 0 ? last : first;
  }

  /// Forgets what was seen.
  synchronized void arm() {
    first = 0;
    routes = 0;
  }

  /// What changed since [#arm].
  synchronized Seen seen() {
    return new Seen(first, first == 0 ? 0 : last, routes, latest);
  }

  /// Routes of the system in the kernel, by its notifications since this watch began.
  synchronized long present() {
    return present;
  }

  /// How long nothing has changed.
  synchronized Duration quiet() {
    return Duration.ofNanos(System.nanoTime() - last);
  }

  @Override
  public void close() {
    ended.set(true);
    Pause.join(watching);
    monitor.close();
    inside.close();
  }
}

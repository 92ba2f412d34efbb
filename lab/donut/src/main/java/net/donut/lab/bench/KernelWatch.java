package net.donut.lab.bench;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import net.donut.lab.net.Pause;
import net.donut.lab.net.ProcessId;
import net.donut.model.Family;
import net.donut.netlink.KernelRouteView;
import net.donut.netlink.NetlinkSocket;
import net.donut.netlink.RouteFilter;
import net.donut.netlink.RouteTally;
import net.donut.netlink.RouteVisitor;
import org.jspecify.annotations.Nullable;

/// Sees a kernel fill, by its notifications. The same for every system under test.
///
/// Owned by the thread that opened it, which must be in the router's network namespace.
final class KernelWatch implements AutoCloseable {
  /*
   * Every 5 ms the notifications that came are counted, so times are that exact. It is over when
   * the count has reached the table and nothing came for QUIET; a dump then says what is really
   * there. Notifications count changes of a route and not routes, so the count alone proves
   * nothing when a system deletes and adds.
   */
  private static final Duration STEP = Duration.ofMillis(5);
  private static final long QUIET_NANOS = Duration.ofSeconds(2).toNanos();
  private static final long GIVE_UP_QUIET_NANOS = Duration.ofSeconds(30).toNanos();
  private static final long SAMPLE_NANOS = Duration.ofMillis(200).toNanos();
  private static final int BUFFER_BYTES = 512 << 20;

  private final Family family;
  private final int protocol;
  private final RouteTally tally;

  KernelWatch(Family family, int protocol) {
    this.family = family;
    this.protocol = protocol;
    tally = RouteTally.open(family, protocol, BUFFER_BYTES);
  }

  /// How the table came into the kernel. Times in seconds since the start.
  ///
  /// @param firstSeconds the first route
  /// @param completeSeconds as many routes as the table has prefixes
  /// @param lastSeconds the last change of any route: the end
  /// @param changes added, replaced and deleted routes
  /// @param usage of the system right after the last change
  /// @param curve routes in the kernel, every 200 ms
  record Filling(
      double firstSeconds,
      double completeSeconds,
      double lastSeconds,
      long changes,
      boolean overrun,
      ProcessUsage usage,
      List<Point> curve) {
    Filling {
      curve = List.copyOf(curve);
    }
  }

  /// So many routes at a time since the start.
  record Point(double seconds, long routes) {}

  /// Watches until `routes` are there and nothing changes any more, or until the limit.
  Filling await(long start, long routes, List<ProcessId> system, Duration limit) {
    long first = 0;
    long complete = 0;
    long last = start;
    long sampled = start;
    @Nullable ProcessUsage usage = null;
    List<Point> curve = new ArrayList<>();
    while (true) {
      long changes = tally.drain();
      long now = System.nanoTime();
      long present = tally.added() - tally.deleted();
      if (changes > 0) {
        first = first == 0 ? now : first;
        last = now;
        usage = null;
      }
      if (complete == 0 && present >= routes) {
        complete = now;
      }
      if (now - sampled >= SAMPLE_NANOS) {
        sampled = now;
        usage = usage == null ? ProcessUsage.of(system) : usage;
        curve.add(new Point(seconds(start, now), present));
      }
      long quiet = now - last;
      boolean over = complete > 0 ? quiet > QUIET_NANOS : quiet > GIVE_UP_QUIET_NANOS;
      if (usage != null && (over || now - start > limit.toNanos())) {
        return new Filling(
            seconds(start, first),
            seconds(start, complete),
            seconds(start, last),
            tally.added() + tally.replaced() + tally.deleted(),
            tally.overruns() > 0,
            usage,
            curve);
      }
      Pause.of(STEP);
    }
  }

  private static double seconds(long start, long end) {
    return end == 0 ? Double.NaN : (end - start) / 1e9;
  }

  /// How many routes of the system are in the kernel, by a dump.
  long dump() {
    return routesOf(family, protocol);
  }

  /// How many routes of a protocol are in the main table of this thread's namespace.
  static long routesOf(Family family, int protocol) {
    long[] count = new long[1];
    try (NetlinkSocket socket = NetlinkSocket.open()) {
      socket
          .view()
          .routes(
              new RouteFilter(family, 254, protocol),
              new RouteVisitor() {
                @Override
                public void route(KernelRouteView route) {
                  count[0] += route.length() > 0 ? 1 : 0;
                }

                @Override
                public void restart() {
                  count[0] = 0;
                }
              });
    }
    return count[0];
  }

  @Override
  public void close() {
    tally.close();
  }
}

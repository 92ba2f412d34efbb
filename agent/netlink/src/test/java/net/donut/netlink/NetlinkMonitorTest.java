package net.donut.netlink;

import static net.donut.netlink.TestNetwork.PROTOCOL;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.DatagramChannel;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;
import net.donut.fixtures.NeedsKernel;
import net.donut.model.Family;
import net.donut.model.IpAddress;
import net.donut.model.Prefix;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

@NeedsKernel
class NetlinkMonitorTest {
  private static final IpAddress GATEWAY = IpAddress.parse("10.9.1.2");

  @RegisterExtension final TestNetwork network = new TestNetwork();
  private final BlockingQueue<KernelEvent> events = new LinkedBlockingQueue<>();

  private NetlinkMonitor monitor(Subscription... subscriptions) {
    return NetlinkMonitor.start(
        NetlinkMonitor.Options.of("test-monitor", subscriptions),
        network.namespace().threadFactory("test-monitor"),
        events::add);
  }

  private KernelEvent next(Predicate<KernelEvent> wanted) throws InterruptedException {
    long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(10);
    while (true) {
      KernelEvent event = events.poll(deadline - System.nanoTime(), TimeUnit.NANOSECONDS);
      assertThat(event).as("an event within 10 s").isNotNull();
      if (wanted.test(event)) {
        return event;
      }
    }
  }

  private static KernelNextHop.Gateway hop(int id) {
    return new KernelNextHop.Gateway(id, 101, GATEWAY, KernelNextHop.Reach.SUBNET, PROTOCOL);
  }

  @Test
  void carrier_loss_is_reported_once_the_next_hops_are_gone_and_these_are_not() throws Exception {
    network.inside(socket -> {
      socket.execute(new Request.PutNextHop(hop(1), WriteMode.CREATE)).orThrow();
      socket.execute(new Request.PutNextHop(discard(2), WriteMode.CREATE)).orThrow();
      try (NetlinkMonitor _ = monitor(Subscription.LINK, Subscription.NEXT_HOP)) {
        network.ipThere("link", "set", "b1", "down");

        KernelEvent link =
            next(event ->
                event instanceof KernelEvent.LinkChanged(var changed)
                    && changed.index() == 101
                    && !changed.hasCarrier());
        NextHopObject left = socket.view().nextHop(1);
        socket.execute(new Request.DeleteNextHop(2)).orThrow();
        KernelEvent deleted = next(event -> event instanceof KernelEvent.NextHopDeleted);

        assertThat(link)
            .isInstanceOfSatisfying(
                KernelEvent.LinkChanged.class,
                changed -> assertThat(changed.link().name()).isEqualTo("a1"));
        assertThat(left).isNull();
        assertThat(deleted).isEqualTo(new KernelEvent.NextHopDeleted(2));
      }
    });
  }

  @Test
  void next_hops_and_groups_are_reported_with_their_content() throws Exception {
    KernelGroup group = KernelGroup.protecting(100, PROTOCOL, 1, 2);
    network.inside(socket -> {
      try (NetlinkMonitor _ = monitor(Subscription.NEXT_HOP)) {
        socket
            .executeAll(
                List.of(
                    new Request.PutNextHop(hop(1), WriteMode.CREATE),
                    new Request.PutNextHop(onPair2(2), WriteMode.CREATE),
                    new Request.PutNextHop(group, WriteMode.CREATE),
                    new Request.DeleteNextHop(1)))
            .orThrow();

        assertThat(next(_ -> true)).isEqualTo(new KernelEvent.NextHopChanged(hop(1)));
        assertThat(next(_ -> true)).isEqualTo(new KernelEvent.NextHopChanged(onPair2(2)));
        assertThat(next(_ -> true)).isEqualTo(new KernelEvent.NextHopChanged(group));
        next(new KernelEvent.NextHopDeleted(1)::equals);
      }
    });
  }

  @Test
  void
      additions_through_a_silent_socket_are_not_reported_but_its_deletions_and_those_of_others_are()
          throws Exception {
    Prefix prefix = Prefix.parse("198.51.100.0/24");
    Prefix other = Prefix.parse("203.0.113.0/24");
    network.inside(socket -> {
      socket.execute(new Request.PutNextHop(discard(2), WriteMode.CREATE)).orThrow();
      NetlinkMonitor.Options options =
          new NetlinkMonitor.Options(
              "test-monitor", Set.of(Subscription.IPV4_ROUTE), 1 << 20, socket.port());
      try (NetlinkMonitor _ =
              NetlinkMonitor.start(
                  options, network.namespace().threadFactory("test-monitor"), events::add);
          NetlinkSocket another = NetlinkSocket.open()) {
        KernelRoute ours = KernelRoute.by(2, prefix, RoutePlace.main(PROTOCOL));
        KernelRoute others = KernelRoute.by(2, prefix, new RoutePlace(254, PROTOCOL, 77));
        KernelRoute oursToo = KernelRoute.by(2, other, RoutePlace.main(PROTOCOL));

        socket
            .executeAll(
                List.of(
                    new Request.PutRoute(ours, WriteMode.CREATE),
                    new Request.PutRoute(oursToo, WriteMode.CREATE)))
            .orThrow();
        another.execute(new Request.PutRoute(others, WriteMode.CREATE)).orThrow();
        socket
            .executeAll(List.of(new Request.DeleteRoute(ours), new Request.DeleteRoute(oursToo)))
            .orThrow();

        assertThat(next(_ -> true))
            .isInstanceOfSatisfying(
                KernelEvent.RouteChanged.class,
                changed -> assertThat(changed.route().metric()).isEqualTo(77));
        assertThat(List.of(next(_ -> true), next(_ -> true)))
            .hasOnlyElementsOfType(KernelEvent.RouteDeleted.class);
      }
    });
  }

  /// A packet in the very tick in which its bucket was filled does not count as use: the kernel
  /// compares the two instants, in ticks of up to 10 ms.
  private static final Duration TWO_TICKS = Duration.ofMillis(20);

  @Test
  void a_bucket_in_use_is_reported_when_the_idle_timer_moves_it() throws Exception {
    KernelRoute route =
        KernelRoute.by(100, Prefix.parse("198.51.100.0/24"), RoutePlace.main(PROTOCOL));
    network.inside(socket -> {
      socket
          .executeAll(
              List.of(
                  new Request.PutNextHop(hop(1), WriteMode.CREATE),
                  new Request.PutNextHop(onPair2(2), WriteMode.CREATE),
                  new Request.PutNextHop(timed(255, 1), WriteMode.CREATE),
                  new Request.PutRoute(route, WriteMode.CREATE)))
          .orThrow();
      try (NetlinkMonitor _ = monitor(Subscription.NEXT_HOP);
          DatagramChannel channel = DatagramChannel.open()) {
        Thread.sleep(TWO_TICKS);
        channel.send(ByteBuffer.allocate(1), new InetSocketAddress("198.51.100.1", 9));
        socket.execute(new Request.PutNextHop(timed(1, 255), WriteMode.REPLACE)).orThrow();

        KernelEvent moved = next(event -> event instanceof KernelEvent.BucketChanged);

        assertThat(moved)
            .isIn(
                new KernelEvent.BucketChanged(new GroupBucket(100, 0, 2)),
                new KernelEvent.BucketChanged(new GroupBucket(100, 1, 2)));
      }
    });
  }

  private static KernelGroup timed(int weight1, int weight2) {
    return new KernelGroup(
        100,
        List.of(new KernelGroup.Member(1, weight1), new KernelGroup.Member(2, weight2)),
        new KernelGroup.Resilient(2, Duration.ofSeconds(1), Duration.ZERO),
        PROTOCOL);
  }

  private static KernelNextHop onPair2(int id) {
    return new KernelNextHop.Gateway(
        id, 102, IpAddress.parse("10.9.2.2"), KernelNextHop.Reach.SUBNET, PROTOCOL);
  }

  private static KernelNextHop discard(int id) {
    return new KernelNextHop.Blackhole(id, Family.IPV4, PROTOCOL);
  }

  @Test
  void addresses_neighbors_and_routes_are_reported_with_their_content() throws Exception {
    network.inside(socket -> {
      socket.execute(new Request.PutNextHop(hop(1), WriteMode.CREATE)).orThrow();
      KernelRoute route =
          KernelRoute.by(1, Prefix.parse("198.51.100.0/24"), RoutePlace.main(PROTOCOL));
      try (NetlinkMonitor _ =
          monitor(
              Subscription.IPV4_ADDRESS,
              Subscription.IPV6_ADDRESS,
              Subscription.NEIGHBOR,
              Subscription.IPV4_ROUTE)) {
        network.ipHere("addr", "add", "10.77.0.1/30", "dev", "a3");
        socket.execute(new Request.PutRoute(route, WriteMode.CREATE)).orThrow();
        socket.execute(new Request.DeleteRoute(route)).orThrow();
        socket.keepResolved(101, GATEWAY);
        network.ipHere("addr", "del", "fd09:3::1/64", "dev", "a3");

        next(event ->
            event instanceof KernelEvent.AddressChanged(var address)
                && address.address().equals(IpAddress.parse("10.77.0.1"))
                && address.prefixLength() == 30
                && address.interfaceIndex() == 103);
        next(new KernelEvent.RouteChanged(route)::equals);
        next(new KernelEvent.RouteDeleted(route)::equals);
        next(event ->
            event instanceof KernelEvent.NeighborChanged(var neighbor)
                && neighbor.address().equals(GATEWAY));
        next(event ->
            event instanceof KernelEvent.AddressDeleted(var address)
                && address.address().equals(IpAddress.parse("fd09:3::1")));
      }
    });
  }

  @Test
  void an_overrun_is_reported_after_what_was_queued_and_later_events_follow() throws Exception {
    CountDownLatch release = new CountDownLatch(1);
    NetlinkMonitor.Options tiny =
        new NetlinkMonitor.Options("tiny", Set.of(Subscription.NEXT_HOP), 4096, 0);
    network.inside(socket -> {
      try (NetlinkMonitor _ =
          NetlinkMonitor.start(
              tiny,
              event -> {
                awaitRelease(release);
                events.add(event);
              })) {
        for (int id = 1; id <= 200; id++) {
          socket
              .execute(
                  new Request.PutNextHop(
                      new KernelNextHop.Blackhole(id, Family.IPV4, PROTOCOL), WriteMode.CREATE))
              .orThrow();
        }
        release.countDown();

        assertThat(next(_ -> true)).isInstanceOf(KernelEvent.NextHopChanged.class);
        next(new KernelEvent.Overrun()::equals);
        socket.execute(new Request.DeleteNextHop(200)).orThrow();
        assertThat(next(_ -> true)).isEqualTo(new KernelEvent.NextHopDeleted(200));
      } finally {
        release.countDown();
      }
    });
  }

  @Test
  void a_monitor_whose_thread_cannot_enter_its_namespace_does_not_start() {
    NetworkNamespace namespace = network.namespace();
    namespace.close();
    ThreadFactory threads =
        task -> {
          Thread thread = namespace.threadFactory("shut").newThread(task);
          thread.setUncaughtExceptionHandler((_, _) -> {});
          return thread;
        };

    assertThatThrownBy(() ->
            NetlinkMonitor.start(
                NetlinkMonitor.Options.of("shut", Subscription.LINK), threads, events::add))
        .isInstanceOf(NetlinkException.class)
        .hasMessage("netlink monitor shut-1: its thread ended before it could listen");
  }

  @Test
  void nothing_is_delivered_after_close() throws Exception {
    network.inside(socket -> {
      NetlinkMonitor monitor = monitor(Subscription.NEXT_HOP);
      monitor.close();
      monitor.close();

      socket.execute(new Request.PutNextHop(discard(1), WriteMode.CREATE)).orThrow();

      assertThat(events).isEmpty();
    });
  }

  private static void awaitRelease(CountDownLatch release) {
    try {
      assertThat(release.await(20, TimeUnit.SECONDS)).isTrue();
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }
}

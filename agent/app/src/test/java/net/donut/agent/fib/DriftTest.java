package net.donut.agent.fib;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ConcurrentLinkedQueue;
import net.donut.fixtures.Eventually;
import net.donut.fixtures.NeedsKernel;
import net.donut.model.Prefix;
import net.donut.netlink.KernelEvent;
import net.donut.netlink.NetlinkMonitor;
import net.donut.netlink.NetworkNamespace;
import net.donut.netlink.Subscription;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/// Hands that edit our kernel state: it is put right within a second, or reported, and nothing else
/// is touched.
@NeedsKernel
class DriftTest {
  private static final Duration BOUND = Duration.ofSeconds(1);
  private static final int GROUP_1 = 1_000_000_001;
  private static final int GROUP_2 = 1_000_000_002;
  private static final int HOP_1 = 1_200_000_001;
  private static final int HOP_2 = 1_200_000_002;
  private static final Prefix ELSEWHERE = Prefix.parse("30.0.0.0/8");

  private final ConcurrentLinkedQueue<KernelEvent> heard = new ConcurrentLinkedQueue<>();
  private final List<AutoCloseable> open = new ArrayList<>();
  private TestRouter router;

  @SuppressWarnings("NullAway.Init")
  DriftTest() {}

  /// Group 1 leads left, backed up by group 2, which leads right; 50 routes on the first, one on
  /// the second.
  @BeforeEach
  void start() throws InterruptedException {
    router = new TestRouter();
    router.gateway(1, TestRouter.LEFT);
    router.gateway(2, TestRouter.RIGHT);
    router.group(2, 0, 2);
    router.group(1, 2, 1);
    router.manyRoutes(50, 1);
    router.route(ELSEWHERE.toString(), 2);
    NetworkNamespace handle = NetworkNamespace.open(router.namespace().path());
    open.add(handle);
    open.add(
        NetlinkMonitor.start(
            NetlinkMonitor.Options.of(
                "test", Subscription.IPV4_ROUTE, Subscription.IPV6_ROUTE, Subscription.NEXT_HOP),
            handle.threadFactory("test"),
            heard::add));
  }

  @AfterEach
  void stop() throws Exception {
    for (AutoCloseable part : open.reversed()) {
      part.close();
    }
    router.close();
  }

  private void putRightWithinASecond(String what, java.util.function.BooleanSupplier right) {
    long start = System.nanoTime();
    Eventually.until(what, right);
    assertThat(Duration.ofNanos(System.nanoTime() - start)).as(what).isLessThan(BOUND);
  }

  private void onlyTouched(String... prefixes) {
    List<String> touched =
        heard.stream()
            .flatMap(event ->
                switch (event) {
                  case KernelEvent.RouteChanged(var route) ->
                      java.util.stream.Stream.of(route.prefix().toString());
                  case KernelEvent.RouteDeleted(var route) ->
                      java.util.stream.Stream.of(route.prefix().toString());
                  case KernelEvent.NextHopDeleted(int id) when id == GROUP_2 || id == HOP_2 ->
                      java.util.stream.Stream.of("next hop " + id);
                  default -> java.util.stream.Stream.empty();
                })
            .distinct()
            .toList();
    assertThat(touched).containsOnly(prefixes);
  }

  private String route(String prefix) {
    return router.ip("route show " + prefix);
  }

  @Test
  void a_route_moved_to_another_group_under_our_protocol_number_is_put_back() {
    router.ip("route replace 20.0.3.0/24 nhid " + GROUP_2 + " metric 20 proto 64");

    putRightWithinASecond(
        "our group again", () -> route("20.0.3.0/24").contains("nhid " + GROUP_1));
    Eventually.until("counted", () -> router.counters().repaired() == 1);
    onlyTouched("20.0.3.0/24");
  }

  @Test
  void a_route_without_next_hop_object_under_our_protocol_number_is_put_back() {
    router.ip("route replace 20.0.3.0/24 via 10.0.2.2 metric 20 proto 64");

    putRightWithinASecond(
        "our group again", () -> route("20.0.3.0/24").contains("nhid " + GROUP_1));
    Eventually.until("counted", () -> router.counters().repaired() == 1);
    Eventually.until("installed", () -> router.counters().installed() == 51);
    onlyTouched("20.0.3.0/24");
  }

  @Test
  void a_route_under_our_protocol_number_that_nobody_intends_goes() {
    router.fib().sweepUnclaimed();

    router.ip("route add 40.0.0.0/8 nhid " + GROUP_2 + " metric 20 proto 64");

    putRightWithinASecond("gone", () -> route("40.0.0.0/8").isBlank());
    onlyTouched("40.0.0.0/8");
  }

  @Test
  void a_deleted_next_hop_is_put_back_and_meanwhile_the_backup_carries() {
    router.ip("nexthop del id " + HOP_1);

    putRightWithinASecond("primary again", () -> router.buckets(GROUP_1).equals(HOP_1 + " x8"));
    assertThat(router.kernelRoutes()).isEqualTo(51);
    Eventually.until("counted", () -> router.counters().repaired() >= 1);
    assertThat(heard)
        .noneMatch(event ->
            event instanceof KernelEvent.RouteChanged || event instanceof KernelEvent.RouteDeleted);
    assertThat(heard)
        .doesNotContain(
            new KernelEvent.NextHopDeleted(GROUP_1), new KernelEvent.NextHopDeleted(GROUP_2));
  }

  @Test
  void what_a_foreign_daemon_replaced_is_listed_with_its_owner_until_it_leaves()
      throws InterruptedException {
    router.ip("route replace 20.0.3.0/24 via 10.0.2.2 metric 20 proto bird");

    Eventually.until("a conflict", () -> router.counters().conflicts() == 1);
    List<InspectEntry> entries = new ArrayList<>();
    InspectSummary summary = router.inspect(new InspectQuery.Drift(), entries);

    assertThat(summary.missing()).isOne();
    assertThat(entries)
        .singleElement()
        .satisfies(entry -> {
          assertThat(entry.prefix()).isEqualTo(Prefix.parse("20.0.3.0/24"));
          assertThat(entry.status()).isEqualTo(InspectEntry.Status.CONFLICT);
          assertThat(entry.owner()).isEqualTo("bird");
        });

    router.ip("route del 20.0.3.0/24 proto bird metric 20");

    putRightWithinASecond("ours again", () -> route("20.0.3.0/24").contains("nhid " + GROUP_1));
    Eventually.until("no conflict", () -> router.counters().conflicts() == 0);
    onlyTouched("20.0.3.0/24");
  }
}

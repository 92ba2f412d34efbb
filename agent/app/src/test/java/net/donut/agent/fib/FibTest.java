package net.donut.agent.fib;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import net.donut.fixtures.Eventually;
import net.donut.fixtures.NeedsKernel;
import net.donut.model.IpAddress;
import net.donut.model.Prefix;
import net.donut.netlink.KernelEvent;
import net.donut.netlink.NetlinkMonitor;
import net.donut.netlink.NetworkNamespace;
import net.donut.netlink.Subscription;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

@NeedsKernel
class FibTest {
  private static final int GROUP_1 = 1_000_000_001;
  private static final int GROUP_1_IPV6 = 1_100_000_001;
  private static final String HOP_1 = "1200000001";
  private static final String HOP_2 = "1200000002";

  private TestRouter router;

  @SuppressWarnings("NullAway.Init")
  FibTest() {}

  @BeforeEach
  void start() throws InterruptedException {
    router = new TestRouter();
  }

  @AfterEach
  void stop() {
    router.close();
  }

  /// Group 1 leads left and, when that is gone, right.
  private void protectedGroup() throws InterruptedException {
    router.gateway(1, TestRouter.LEFT);
    router.gateway(2, TestRouter.RIGHT);
    router.group(2, 0, 2);
    router.group(1, 2, 1);
  }

  @Test
  void a_protected_group_gives_every_bucket_to_its_primary() throws InterruptedException {
    protectedGroup();

    assertThat(router.route("20.0.0.0/24", 1)).isNull();

    assertThat(router.buckets(GROUP_1)).isEqualTo(HOP_1 + " x8");
    assertThat(router.ip("nexthop show id " + GROUP_1)).contains("group " + HOP_1 + ",16/" + HOP_2);
    assertThat(router.ip("route show 20.0.0.0/24"))
        .contains("nhid " + GROUP_1, "proto donut".substring(0, 5), "metric 20");
  }

  @Test
  void carrier_loss_moves_the_buckets_and_the_agent_writes_nothing() throws InterruptedException {
    protectedGroup();
    assertThat(router.manyRoutes(200, 1)).isZero();
    long writes = router.counters().kernelWrites();

    router.cutLeft();

    Eventually.until(
        "buckets on the backup",
        () -> router.buckets(GROUP_1),
        () -> router.buckets(GROUP_1).equals(HOP_2 + " x8"));
    Eventually.until(
        "the agent has heard of it",
        () ->
            router.events().stream()
                .anyMatch(event ->
                    event instanceof FibEvent.LinkChanged(var link)
                        && link.name().equals("left")
                        && !link.carrier()));
    assertThat(router.kernelRoutes()).isEqualTo(200);
    assertThat(router.counters().installed()).isEqualTo(200);
    // Group 2 is of the right alone and group 1 as the kernel left it: nothing to write.
    assertThat(router.counters().kernelWrites()).isEqualTo(writes);
  }

  @Test
  void a_returned_link_is_first_a_backup_and_after_the_hold_primary_again()
      throws InterruptedException {
    protectedGroup();
    router.manyRoutes(50, 1);
    router.cutLeft();
    Eventually.until("backup", () -> router.buckets(GROUP_1).equals(HOP_2 + " x8"));
    long cut = System.nanoTime();

    router.restoreLeft();

    Eventually.until(
        "a member again, behind the backup",
        () -> router.ip("nexthop show id " + GROUP_1).contains("group " + HOP_2));
    Eventually.until("primary", () -> router.buckets(GROUP_1).equals(HOP_1 + " x8"));
    assertThat(Duration.ofNanos(System.nanoTime() - cut)).isGreaterThan(TestRouter.HOLD);
    assertThat(router.kernelRoutes()).isEqualTo(50);
    assertThat(router.ip("neigh show dev left")).contains("10.0.1.2").contains("managed");
  }

  @Test
  void routes_go_with_the_last_member_and_return_with_the_first() throws InterruptedException {
    protectedGroup();
    router.manyRoutes(3000, 1);

    router.cutLeft();
    router.cutRight();

    Eventually.until("no routes", () -> router.kernelRoutes() == 0);
    Eventually.until("pending", router::counters, () -> router.counters().pending() == 3000);

    router.restoreRight();

    Eventually.until("routes", () -> router.kernelRoutes() == 3000);
    Eventually.until("installed", () -> router.counters().installed() == 3000);
    assertThat(router.buckets(GROUP_1)).isEqualTo(HOP_2 + " x8");
  }

  @Test
  void a_foreign_route_is_a_conflict_until_it_goes() throws InterruptedException {
    protectedGroup();
    router.ip("route add 20.0.0.0/24 via 10.0.2.2 metric 20 proto static");

    String answer = router.route("20.0.0.0/24", 1);

    assertThat(answer).contains("20.0.0.0/24", "static", "metric 20");
    assertThat(router.ip("route show 20.0.0.0/24")).contains("via 10.0.2.2").doesNotContain("nhid");
    assertThat(router.counters().conflicts()).isEqualTo(1);

    router.ip("route del 20.0.0.0/24 via 10.0.2.2 metric 20");

    Eventually.until(
        "our route", () -> router.ip("route show 20.0.0.0/24").contains("nhid " + GROUP_1));
    Eventually.until("no conflict", () -> router.counters().conflicts() == 0);
  }

  @Test
  void a_route_replaced_by_others_is_left_to_them_and_reported() throws InterruptedException {
    protectedGroup();
    router.route("20.0.0.0/24", 1);

    router.ip("route replace 20.0.0.0/24 via 10.0.2.2 metric 20 proto bird");

    Eventually.until("a conflict", () -> router.counters().conflicts() == 1);
    Eventually.until(
        "a notice",
        () ->
            router.events().stream()
                .anyMatch(event ->
                    event instanceof FibEvent.Notice(var text)
                        && text.contains("20.0.0.0/24")
                        && text.contains("bird")));
    assertThat(router.ip("route show 20.0.0.0/24")).contains("proto bird");
  }

  @Test
  void a_restarted_agent_adopts_and_writes_nothing() throws InterruptedException {
    protectedGroup();
    router.manyRoutes(1000, 1);
    router.gateway(3, IpAddress.parse("fd00:1::2"));
    router.group(3, 0, 3);
    router.route("2001:db8::/32", 3);
    AtomicInteger changes = new AtomicInteger();

    try (NetworkNamespace handle = NetworkNamespace.open(router.namespace().path());
        NetlinkMonitor _ =
            NetlinkMonitor.start(
                NetlinkMonitor.Options.of(
                    "test",
                    Subscription.IPV4_ROUTE,
                    Subscription.IPV6_ROUTE,
                    Subscription.NEXT_HOP),
                handle.threadFactory("test"),
                event -> countOurs(event, changes))) {
      router.restart();
      protectedGroup();
      assertThat(router.manyRoutes(1000, 1)).isZero();
      router.gateway(3, IpAddress.parse("fd00:1::2"));
      router.group(3, 0, 3);
      router.route("2001:db8::/32", 3);

      assertThat(router.counters().kernelWrites()).isZero();
      assertThat(router.counters().unclaimed()).isZero();
      assertThat(router.counters().installed()).isEqualTo(1001);
    }
    assertThat(changes).hasValue(0);
  }

  /// The agent tries out on temporary objects what the kernel can do; those do not count.
  private static void countOurs(KernelEvent event, AtomicInteger changes) {
    boolean ours =
        switch (event) {
          case KernelEvent.NextHopChanged(var object) -> KernelIds.isOurs(object.id());
          case KernelEvent.NextHopDeleted(int id) -> KernelIds.isOurs(id);
          case KernelEvent.RouteChanged(var route) -> route.protocol() == 64;
          case KernelEvent.RouteDeleted(var route) -> route.protocol() == 64;
          default -> false;
        };
    if (ours) {
      changes.incrementAndGet();
    }
  }

  @Test
  void a_sweep_removes_only_what_nobody_claimed() throws InterruptedException {
    protectedGroup();
    router.manyRoutes(100, 1);
    router.gateway(7, IpAddress.parse("10.0.1.77"));
    router.group(7, 0, 7);
    router.route("30.0.0.0/8", 7);
    router.restart();
    protectedGroup();
    router.manyRoutes(40, 1);
    assertThat(router.counters().unclaimed()).isEqualTo(61);
    assertThat(router.kernelRoutes()).isEqualTo(101);

    router.fib().sweepUnclaimed();

    Eventually.until("a sweep", () -> router.kernelRoutes() == 40);
    Eventually.until("group 7 gone", () -> !router.ip("nexthop show").contains("1000000007"));
    assertThat(router.ip("nexthop show")).doesNotContain("10.0.1.77").contains("10.0.1.2");
    assertThat(router.counters().unclaimed()).isZero();
  }

  @Test
  void a_deleted_route_is_put_back_within_a_second() throws InterruptedException {
    protectedGroup();
    router.manyRoutes(10, 1);
    long start = System.nanoTime();

    router.ip("route del 20.0.3.0/24 metric 20");

    Eventually.until("the route", () -> router.kernelRoutes() == 10);
    assertThat(Duration.ofNanos(System.nanoTime() - start)).isLessThan(Duration.ofSeconds(1));
    Eventually.until("counted", () -> router.counters().repaired() == 1);
  }

  @Test
  void a_deleted_group_is_put_back_with_its_routes() throws InterruptedException {
    protectedGroup();
    router.manyRoutes(500, 1);

    router.ip("nexthop del id " + GROUP_1);

    Eventually.until("routes", () -> router.kernelRoutes() == 500);
    assertThat(router.buckets(GROUP_1)).isEqualTo(HOP_1 + " x8");
    Eventually.until("installed", () -> router.counters().installed() == 500);
  }

  @Test
  void an_edited_group_is_put_right() throws InterruptedException {
    protectedGroup();
    router.manyRoutes(5, 1);

    router.ip("nexthop replace id " + GROUP_1 + " group " + HOP_2 + " type resilient buckets 8");

    Eventually.until(
        "the primary",
        () -> router.ip("nexthop show id " + GROUP_1),
        () -> router.ip("nexthop show id " + GROUP_1).contains("group " + HOP_1));
    assertThat(router.kernelRoutes()).isEqualTo(5);
  }

  @Test
  void lost_notifications_are_answered_with_a_comparison() throws InterruptedException {
    protectedGroup();
    router.manyRoutes(20, 1);
    // Under our own protocol number: no notification tells it from our own writes.
    router.ip("nexthop add id 77 via 10.0.2.2 dev right proto 64");
    router.ip("route replace 20.0.3.0/24 nhid 77 metric 20 proto 64");

    router
        .fib()
        .ask(plane -> {
          plane.handle(new KernelEvent.Overrun());
          return true;
        });

    Eventually.until(
        "our group",
        () -> router.ip("route show 20.0.3.0/24"),
        () -> router.ip("route show 20.0.3.0/24").contains("nhid " + GROUP_1));
    Eventually.until("counted", () -> router.counters().repaired() >= 1);
  }

  @Test
  void fifty_thousand_prefixes_are_in_the_kernel_as_intended() throws InterruptedException {
    protectedGroup();

    assertThat(router.manyRoutes(50_000, 1)).isZero();

    InspectSummary summary = router.inspect(new InspectQuery.Summary(), new ArrayList<>());
    assertThat(summary.installed()).isEqualTo(50_000);
    assertThat(summary.missing() + summary.unexpected()).isZero();
    assertThat(router.kernelRoutes()).isEqualTo(50_000);
    List<InspectEntry> drift = new ArrayList<>();
    router.inspect(new InspectQuery.Drift(), drift);
    assertThat(drift).isEmpty();
  }

  @Test
  void ipv4_goes_over_an_ipv6_next_hop() throws InterruptedException {
    router.gateway(1, IpAddress.parse("fd00:1::2"), "left");
    router.group(1, 0, 1);

    assertThat(router.route("20.0.0.0/24", 1)).isNull();
    assertThat(router.route("2001:db8::/32", 1)).isNull();

    assertThat(router.ip("route get 20.0.0.1")).contains("via inet6 fd00:1::2");
    assertThat(router.buckets(GROUP_1)).isEqualTo("1300000001 x8");
    assertThat(router.buckets(GROUP_1_IPV6)).isEqualTo("1300000001 x8");
  }

  @Test
  void ipv6_over_an_ipv4_next_hop_is_discarded() throws InterruptedException {
    protectedGroup();

    assertThat(router.route("2001:db8::/32", 1)).isNull();

    assertThat(router.ip("nexthop show id " + GROUP_1_IPV6)).contains("group 1400000006");
  }

  @Test
  void a_gateway_is_followed_when_its_subnet_goes_and_comes() throws InterruptedException {
    protectedGroup();
    router.manyRoutes(10, 1);

    router.ip("addr del 10.0.1.1/24 dev left");

    Eventually.until("the backup", () -> router.buckets(GROUP_1).equals(HOP_2 + " x8"));
    assertThat(router.ip("nexthop show")).doesNotContain("10.0.1.2");

    router.ip("addr add 10.0.1.1/24 dev left");

    Eventually.until("the primary", () -> router.buckets(GROUP_1).equals(HOP_1 + " x8"));
    assertThat(router.kernelRoutes()).isEqualTo(10);
  }

  @Test
  void a_discard_becomes_a_gateway_and_back_in_place() throws InterruptedException {
    router.hop(1, new HopSpec.Discard());
    router.group(1, 0, 1);
    assertThat(router.route("20.0.0.0/24", 1)).isNull();
    assertThat(router.ip("route show 20.0.0.0/24")).contains("blackhole");

    router.gateway(1, TestRouter.LEFT);
    assertThat(router.ip("route get 20.0.0.1")).contains("via 10.0.1.2");

    router.hop(1, new HopSpec.Discard());
    assertThat(router.ip("route show 20.0.0.0/24")).contains("blackhole");
    assertThat(router.kernelRoutes()).isEqualTo(1);
  }

  @Test
  void equals_share_the_buckets_and_the_backup_has_none() throws InterruptedException {
    router.gateway(1, TestRouter.LEFT);
    router.gateway(2, TestRouter.RIGHT);
    router.gateway(3, IpAddress.parse("10.0.2.3"));
    router.group(3, 0, 3);
    router.group(1, 3, 1, 2);

    assertThat(router.buckets(GROUP_1)).isEqualTo(HOP_1 + " x4, " + HOP_2 + " x4");

    router.cutLeft();

    Eventually.until("one of the equals", () -> router.buckets(GROUP_1).equals(HOP_2 + " x8"));
  }

  @Test
  void an_inspection_tells_where_an_address_goes_and_by_which_next_hop()
      throws InterruptedException {
    protectedGroup();
    router.route("20.0.0.0/8", 1);
    router.route("20.0.0.0/24", 2);
    router.ip("route add 20.0.0.0/16 via 10.0.2.2 proto static");
    List<InspectEntry> chain = new ArrayList<>();

    InspectSummary summary =
        router.inspect(new InspectQuery.Address(IpAddress.parse("20.0.0.9")), chain);

    assertThat(summary.intended()).isEqualTo(2);
    assertThat(chain)
        .extracting(entry -> entry.prefix() + " " + entry.status().word() + entry.owner())
        .containsExactly(
            "20.0.0.0/24 installed", "20.0.0.0/16 foreignstatic", "20.0.0.0/8 installed");
    assertThat(chain.getLast().nextHops())
        .containsExactly(
            new InspectEntry.NextHop(1, "10.0.1.2", "left", 0, 8, true),
            new InspectEntry.NextHop(2, "10.0.2.2", "right", 1, 0, true));
    assertThat(chain.getLast().kernelGroup()).isEqualTo(GROUP_1);
  }

  @Test
  void an_inspection_finds_what_is_unexpected() throws InterruptedException {
    protectedGroup();
    router.route("20.0.0.0/8", 1);
    router.ip("route add 40.0.0.0/8 nhid " + GROUP_1 + " metric 20 proto 64");
    List<InspectEntry> drift = new ArrayList<>();

    InspectSummary summary = router.inspect(new InspectQuery.Drift(), drift);

    assertThat(summary.unexpected()).isEqualTo(1);
    assertThat(drift)
        .singleElement()
        .satisfies(entry -> {
          assertThat(entry.prefix()).isEqualTo(Prefix.parse("40.0.0.0/8"));
          assertThat(entry.status()).isEqualTo(InspectEntry.Status.UNEXPECTED);
        });
  }

  @Test
  void ipv6_routes_move_between_groups_and_go_and_return_with_their_links()
      throws InterruptedException {
    router.gateway(3, IpAddress.parse("fd00:1::2"));
    router.gateway(4, IpAddress.parse("fd00:2::2"));
    router.group(3, 0, 3);
    router.group(4, 0, 4);
    assertThat(router.route("2001:db8::/32", 3)).isNull();
    assertThat(router.ip("-6 route get 2001:db8::1")).contains("via fd00:1::2");

    assertThat(router.route("2001:db8::/32", 4)).isNull();
    assertThat(router.ip("-6 route get 2001:db8::1")).contains("via fd00:2::2");

    router.cutRight();
    Eventually.until("no route", () -> router.kernelRoutes() == 0);
    router.restoreRight();
    Eventually.until(
        "the route",
        () -> router.ip("-6 route show table all") + router.ip("route show table all proto 64"),
        () -> router.kernelRoutes() == 1);
    assertThat(router.counters().repaired()).isZero();
  }

  @Test
  void a_group_of_another_kind_is_built_anew_with_its_routes() throws InterruptedException {
    router.fib().close();
    router.ip("nexthop add id " + HOP_1 + " via 10.0.1.2 dev left onlink proto 64");
    router.ip("nexthop add id " + GROUP_1 + " group " + HOP_1 + " proto 64");
    router.ip("route add 20.0.0.0/24 nhid " + GROUP_1 + " metric 20 proto 64");
    router.restart();

    protectedGroup();
    router.manyRoutes(10, 1);

    Eventually.until("routes", () -> router.kernelRoutes() == 10);
    assertThat(router.buckets(GROUP_1)).isEqualTo(HOP_1 + " x8");
  }

  @Test
  void an_id_that_somebody_else_has_is_left_alone() throws InterruptedException {
    router.ip("nexthop add id " + GROUP_1 + " blackhole proto static");
    router.restart();

    protectedGroup();

    assertThat(router.route("20.0.0.0/24", 1)).isNull();
    assertThat(router.ip("nexthop show id " + GROUP_1)).contains("blackhole", "proto static");
    assertThat(router.ip("route get 20.0.0.1")).contains("via 10.0.1.2");
  }

  @Test
  void what_the_kernel_refuses_is_told_to_the_client() throws InterruptedException {
    // The router's own address cannot be a gateway.
    String answer = router.gateway(1, IpAddress.parse("10.0.1.1"), "left");

    assertThat(answer).contains("RTM_NEWNEXTHOP").contains("EINVAL");
  }

  @Test
  void settings_the_agent_needs_are_in_force() {
    assertThat(router.fib().capabilities().nexthopCompatOff()).isTrue();
    assertThat(router.fib().capabilities().resilientGroups()).isTrue();
    assertThat(router.namespace().exec("sysctl", "-n", "net.ipv4.nexthop_compat_mode").strip())
        .isEqualTo("0");
  }
}

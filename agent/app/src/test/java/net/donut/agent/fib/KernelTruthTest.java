package net.donut.agent.fib;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.BooleanSupplier;
import net.donut.fixtures.Eventually;
import net.donut.fixtures.NeedsKernel;
import net.donut.model.IpAddress;
import net.donut.model.Prefix;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/// What the kernel does to routes after their acknowledgement is told, and so is its end.
@NeedsKernel
class KernelTruthTest {
  private static final String PREFIX = "20.0.3.0/24";
  private static final String PREFIX6 = "2001:db8:3::/48";

  private TestRouter router;

  @SuppressWarnings("NullAway.Init")
  KernelTruthTest() {}

  @BeforeEach
  void start() throws InterruptedException {
    router = new TestRouter();
    router.gateway(1, TestRouter.LEFT);
    router.gateway(2, TestRouter.RIGHT);
    router.gateway(11, IpAddress.parse("fd00:1::2"));
    router.group(2, 0, 2);
    router.group(1, 2, 1);
    router.group(11, 0, 11);
    assertThat(router.manyRoutes(50, 1)).isZero();
    assertThat(router.route(PREFIX6, 11)).isNull();
  }

  @AfterEach
  void stop() {
    router.close();
  }

  /// The latest that was told of each prefix; those in trouble only.
  private Map<String, RouteTrouble> troubles() {
    Map<String, RouteTrouble> latest = new HashMap<>();
    for (FibEvent event : router.events()) {
      if (event instanceof FibEvent.RoutesChanged(var routes)) {
        routes.forEach(route -> latest.put(route.prefix().toString(), route));
      }
    }
    latest.values().removeIf(RouteTrouble::isOver);
    return latest;
  }

  private RouteTrouble trouble(String prefix) {
    return Objects.requireNonNull(troubles().get(prefix));
  }

  private void until(String what, BooleanSupplier condition) {
    Eventually.until(what, this::troubles, condition);
  }

  private void untilWell() {
    until("no trouble", () -> troubles().isEmpty() && router.counters().failed() == 0);
  }

  private static String family(String prefix) {
    return prefix.contains(":") ? "-6 " : "";
  }

  private boolean isOurs(String prefix) {
    String found = router.ip(family(prefix) + "route show " + prefix);
    return found.contains("nhid") && found.contains("proto 64");
  }

  @ParameterizedTest
  @CsvSource({
    "20.0.3.0/24, via 10.0.2.2, a route of static",
    "20.0.3.0/24, dev right, a route of static",
    "2001:db8:3::/48, via fd00:2::2, a route of static",
  })
  void a_route_that_another_program_replaced_is_told_with_its_holder(
      String prefix, String where, String holder) {
    router.ip(family(prefix) + "route replace " + prefix + " " + where + " proto static metric 20");

    until("told", () -> troubles().containsKey(prefix));
    assertThat(trouble(prefix).state()).isEqualTo(RouteTable.State.CONFLICT);
    assertThat(trouble(prefix).error()).startsWith(holder + " with metric 20 holds");

    router.ip(family(prefix) + "route del " + prefix + " proto static metric 20");

    untilWell();
    assertThat(isOurs(prefix)).isTrue();
  }

  @ParameterizedTest
  @ValueSource(strings = {"blackhole", "unreachable", "prohibit"})
  void a_route_replaced_by_one_that_discards_is_told(String type) {
    router.ip("route replace " + type + " " + PREFIX + " proto static metric 20");

    until("told", () -> troubles().containsKey(PREFIX));
    assertThat(trouble(PREFIX).error()).contains("of static with metric 20 holds");

    router.ip("route del " + type + " " + PREFIX + " proto static metric 20");

    untilWell();
    assertThat(isOurs(PREFIX)).isTrue();
  }

  @Test
  void a_foreign_route_that_goes_without_a_word_with_its_link_gives_ours_back() {
    router.ip("route replace " + PREFIX + " via 10.0.3.2 proto static metric 20");
    until("told", () -> troubles().containsKey(PREFIX));

    router.ip("link set third down");

    untilWell();
    assertThat(isOurs(PREFIX)).isTrue();
  }

  @Test
  void a_route_that_was_only_deleted_is_back_without_trouble() {
    router.ip("route del " + PREFIX + " metric 20");

    Eventually.until("back", () -> isOurs(PREFIX));
    assertThat(router.counters().failed()).isZero();
    Eventually.until("counted", () -> router.counters().repaired() == 1);
    assertThat(troubles()).isEmpty();
  }

  @Test
  void a_foreign_route_behind_ours_is_no_trouble() {
    router.ip("route append " + PREFIX + " via 10.0.2.2 proto static metric 20");
    router.ip("route replace 20.0.4.0/24 via 10.0.2.2 proto static metric 20");

    until("the other told", () -> troubles().containsKey("20.0.4.0/24"));
    assertThat(troubles()).doesNotContainKey(PREFIX);
    assertThat(isOurs(PREFIX)).isTrue();
  }

  @Test
  void a_trouble_ends_when_nobody_wants_the_route_any_more() throws InterruptedException {
    router.ip("route replace " + PREFIX + " via 10.0.2.2 proto static metric 20");
    until("told", () -> troubles().containsKey(PREFIX));

    router.removeRoute(PREFIX);

    until("over", () -> troubles().isEmpty());
  }

  @Test
  void many_at_once_are_all_told_and_all_over_in_the_end() throws Exception {
    assertThat(router.manyRoutes(5000, 1)).isZero();

    router.batch("route replace", 5000, "via 10.0.2.2 proto static metric 20");
    until("all told", () -> troubles().size() == 5000);
    router.batch("route del", 5000, "proto static metric 20");

    untilWell();
    assertThat(router.counters().installed()).isEqualTo(5001);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "nexthop replace id 1200000001 via 10.0.2.2 dev right",
        "nexthop replace id 1000000001 group 1200000002",
        "nexthop del id 1200000001",
        "nexthop del id 1000000001",
        "nexthop replace id 1200000001 blackhole",
      })
  void a_next_hop_or_group_changed_by_hand_is_put_back_with_its_routes(String command) {
    try {
      router.ip(command);
    } catch (IllegalStateException e) {
      return; // The kernel itself refuses it.
    }

    Eventually.until(
        "primary again",
        () -> router.ip("nexthop") + router.buckets(1_000_000_001),
        () ->
            router.ip("nexthop show id 1200000001").contains("via 10.0.1.2")
                && router.buckets(1_000_000_001).equals("1200000001 x8"));
    Eventually.until("routes", () -> router.counters().installed() == 51);
    Eventually.until("in the kernel", () -> router.kernelRoutes() == 51);
    untilWell();
  }

  @Test
  void what_the_kernel_does_with_a_packet_is_told() throws InterruptedException {
    IpAddress address = IpAddress.parse("20.0.3.9");
    List<InspectEntry> entries = new ArrayList<>();
    InspectQuery query = new InspectQuery.Covering(Prefix.parse(PREFIX));

    assertThat(router.fib().inspect(query, address, entries::addAll).lookup())
        .isEqualTo("goes to next-hop group 1000000001 by 20.0.3.0/24 of donut, metric 20");

    router.ip("route replace " + PREFIX + " via 10.0.2.2 proto static metric 20");
    until("told", () -> troubles().containsKey(PREFIX));
    assertThat(router.fib().inspect(query, address, entries::addAll).lookup())
        .isEqualTo("goes to 10.0.2.2 on right by 20.0.3.0/24 of static, metric 20");
    assertThat(router.fib().inspect(query, address, entries::addAll).found())
        .isEqualTo(
            new InspectSummary.FoundRoute(Prefix.parse(PREFIX), "static", "10.0.2.2", "right", 20));

    router.ip("route replace blackhole " + PREFIX + " proto static metric 20");
    assertThat(router.fib().inspect(query, address, entries::addAll).lookup())
        .isEqualTo("is discarded without a word (blackhole)");
  }

  @Test
  void a_default_route_of_another_program_that_wins_over_ours_is_a_fault_until_it_goes()
      throws InterruptedException {
    assertThat(router.route("0.0.0.0/0", 1)).isNull();
    router.ip("route add default via 10.0.2.2 dev right proto dhcp");

    String fault =
        "0.0.0.0/0: a default route of another program wins over ours: via 10.0.2.2 on right (dhcp,"
            + " metric 0)";
    Eventually.until("told", router::events, () -> latestFaults().contains(fault));
    router.ip("route del default via 10.0.2.2 dev right proto dhcp");
    Eventually.until("over", router::events, () -> !latestFaults().contains(fault));
  }

  /// What is wrong with the kernel as it was told last: whether it forwards is the machine's
  /// matter.
  private List<String> latestFaults() {
    return router.events().stream()
        .filter(FibEvent.FaultsChanged.class::isInstance)
        .map(event -> ((FibEvent.FaultsChanged) event).faults())
        .reduce(List.of(), (_, latest) -> latest);
  }

  @Test
  void a_setting_that_another_program_changed_is_set_back_and_said() {
    router.namespace().exec("sysctl", "-qw", "net.ipv4.nexthop_compat_mode=1");

    Eventually.until(
        "set back",
        () ->
            router
                .namespace()
                .exec("sysctl", "-n", "net.ipv4.nexthop_compat_mode")
                .strip()
                .equals("0"));
    Eventually.until(
        "said",
        router::events,
        () ->
            router
                .events()
                .contains(
                    new FibEvent.Notice(
                        "sysctl net.ipv4.nexthop_compat_mode: another program set it to 1, set"
                            + " back to 0")));
  }

  @Test
  void forwarding_that_is_off_is_a_fault_as_long_as_it_is() {
    router.namespace().exec("sysctl", "-qw", "net.ipv4.conf.all.forwarding=0");
    Eventually.until(
        "a fault", this::faults, () -> faults().contains("net.ipv4.conf.all.forwarding"));

    router.namespace().exec("sysctl", "-qw", "net.ipv4.conf.all.forwarding=1");

    Eventually.until(
        "none", this::faults, () -> !faults().contains("net.ipv4.conf.all.forwarding"));
  }

  private String faults() {
    String latest = "";
    for (FibEvent event : router.events()) {
      if (event instanceof FibEvent.FaultsChanged(var faults)) {
        latest = faults.toString();
      }
    }
    return latest;
  }

  @Test
  void routes_of_an_earlier_run_are_counted_and_not_listed_until_the_client_has_spoken()
      throws InterruptedException {
    router.restart();
    List<InspectEntry> entries = new ArrayList<>();

    InspectSummary summary = router.inspect(new InspectQuery.Drift(), entries);

    assertThat(entries).isEmpty();
    assertThat(summary.unclaimed()).isEqualTo(51);
    assertThat(summary.unexpected()).isZero();
  }
}

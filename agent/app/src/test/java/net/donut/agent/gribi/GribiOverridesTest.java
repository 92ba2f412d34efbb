package net.donut.agent.gribi;

import static net.donut.agent.gribi.AftOperations.delete;
import static net.donut.agent.gribi.AftOperations.group;
import static net.donut.agent.gribi.AftOperations.ipv4;
import static net.donut.agent.gribi.AftOperations.ipv6;
import static net.donut.agent.gribi.AftOperations.nextHop;
import static net.donut.agent.gribi.AftOperations.replace;
import static org.assertj.core.api.Assertions.assertThat;

import gribi.Gribi.AFTOperation;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import net.donut.agent.fib.RouteTable;
import net.donut.model.Prefix;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/// Overrides in a RIB without kernel, under a clock that the test sets.
class GribiOverridesTest {
  private static final String PREFIX = "203.0.113.0/24";
  private static final String OTHER_PREFIX = "198.51.100.0/24";
  private static final String OVER = "203.0.113.0/24: its override is over, back on group 7";

  private final MemoryForwarding forwarding = new MemoryForwarding("DEFAULT", "OTHER");
  private final Results results = new Results();
  private GribiRib rib = new GribiRib(forwarding, ForwardReferences.REJECT);
  private long nowMillis = 1_000_000;

  private static final class Results implements OperationSink {
    private final List<String> lines = new ArrayList<>();

    @Override
    public void failed(long id, String message) {
      lines.add(message);
    }

    @Override
    public void programmed(long id, @Nullable String error) {
      lines.add(error == null ? "ok" : "fib " + error);
    }
  }

  /// Group 9 is where overrides send traffic, 7 and 8 where it is otherwise.
  @BeforeEach
  void groups() {
    run(nextHop(1, "192.0.2.1"), group(7, 1), group(8, 1), group(9, 1));
  }

  private List<String> run(AFTOperation.Builder... operations) {
    results.lines.clear();
    for (AFTOperation.Builder operation : operations) {
      rib.execute(operation.build(), results, TimeUnit.MILLISECONDS.toNanos(nowMillis));
    }
    rib.flush();
    return List.copyOf(results.lines);
  }

  /// Lets time pass; gives milliseconds until the next deadline.
  private long pass(long millis) {
    nowMillis += millis;
    long untilNext = rib.overrides().runTimers(TimeUnit.MILLISECONDS.toNanos(nowMillis));
    return TimeUnit.NANOSECONDS.toMillis(untilNext);
  }

  private long groupOf(String text) {
    Prefix prefix = Prefix.parse(text);
    RouteTable table =
        Objects.requireNonNull(forwarding.instance("DEFAULT")).routes(prefix.family());
    int slot = table.findIntended(prefix.high(), prefix.low(), prefix.length());
    return slot < 0 ? 0 : forwarding.group(table.intent(slot)).id();
  }

  private @Nullable Object messageOf(String text) {
    Prefix prefix = Prefix.parse(text);
    RibInstance instance = Objects.requireNonNull(rib.instance("DEFAULT"));
    int slot = instance.instance().routes(prefix.family()).prefixes().find(prefix);
    return text.contains(":") ? instance.ipv6Message(slot) : instance.ipv4Message(slot);
  }

  @Test
  void a_prefix_goes_back_when_its_time_is_over_and_not_before() {
    assertThat(run(ipv4(PREFIX, 9, "override ms=5000 then=7"))).containsExactly("ok");

    assertThat(pass(4999)).isEqualTo(1);
    assertThat(groupOf(PREFIX)).isEqualTo(9);
    assertThat(messageOf(PREFIX)).isNotNull();
    pass(1);

    assertThat(groupOf(PREFIX)).isEqualTo(7);
    assertThat(messageOf(PREFIX)).isNull();
    assertThat(forwarding.notices()).containsExactly(OVER);
  }

  @Test
  void an_ipv6_prefix_goes_back_as_well() {
    run(ipv6("2001:db8::/32", 9, "override ms=5 then=7"));

    pass(5);

    assertThat(groupOf("2001:db8::/32")).isEqualTo(7);
    assertThat(messageOf("2001:db8::/32")).isNull();
  }

  @Test
  void an_override_by_replace_counts_as_one_by_add() {
    run(ipv4(PREFIX, 7), replace(ipv4(PREFIX, 9, "override ms=5 then=7")));

    pass(5);

    assertThat(groupOf(PREFIX)).isEqualTo(7);
  }

  @Test
  void the_same_again_renews_it_by_the_new_time() {
    run(ipv4(PREFIX, 9, "override ms=5000 then=7"));
    pass(4000);
    run(ipv4(PREFIX, 9, "override ms=3000 then=8"));

    assertThat(pass(2999)).isEqualTo(1);
    assertThat(groupOf(PREFIX)).isEqualTo(9);
    pass(1);

    assertThat(groupOf(PREFIX)).isEqualTo(8);
    assertThat(forwarding.notices()).hasSize(1);
  }

  @Test
  void several_end_each_in_its_own_time() {
    run(
        ipv4(PREFIX, 9, "override ms=3000 then=7"),
        ipv4(OTHER_PREFIX, 9, "override ms=1000 then=8"),
        ipv4("192.0.2.0/24", 9, "override ms=1000 then=7"));

    assertThat(pass(1000)).isEqualTo(2000);

    assertThat(groupOf(OTHER_PREFIX)).isEqualTo(8);
    assertThat(groupOf("192.0.2.0/24")).isEqualTo(7);
    assertThat(groupOf(PREFIX)).isEqualTo(9);
  }

  @Test
  void a_later_add_or_replace_of_the_prefix_ends_it() {
    run(
        ipv4(PREFIX, 9, "override ms=5 then=7"),
        ipv4(PREFIX, 9),
        ipv4(OTHER_PREFIX, 9, "override ms=5 then=7"),
        replace(ipv4(OTHER_PREFIX, 9, "of another meaning")));

    assertThat(rib.overrides().size()).isZero();
    pass(1000);

    assertThat(groupOf(PREFIX)).isEqualTo(9);
    assertThat(groupOf(OTHER_PREFIX)).isEqualTo(9);
    assertThat(forwarding.notices()).isEmpty();
  }

  @Test
  void a_delete_of_the_prefix_ends_it() {
    run(
        ipv4(PREFIX, 9, "override ms=5 then=7"),
        ipv4(OTHER_PREFIX, 9, "override ms=5 then=7"),
        delete(ipv4(PREFIX, 0)),
        delete(ipv4(OTHER_PREFIX, 0)));

    assertThat(rib.overrides().size()).isZero();
    run(ipv4(OTHER_PREFIX, 8));
    pass(1000);

    assertThat(groupOf(PREFIX)).isZero();
    assertThat(groupOf(OTHER_PREFIX)).isEqualTo(8);
    assertThat(forwarding.notices()).isEmpty();
  }

  @Test
  void a_flush_of_its_instance_ends_it() {
    run(
        ipv4(PREFIX, 9, "override ms=5 then=7"),
        nextHop(1, "192.0.2.1").setNetworkInstance("OTHER"),
        group(7, 1).setNetworkInstance("OTHER"),
        ipv4(PREFIX, 7, "override ms=5 then=7").setNetworkInstance("OTHER"));

    rib.flushInstances(List.of(Objects.requireNonNull(rib.instance("DEFAULT"))));

    assertThat(rib.overrides().size()).isEqualTo(1);
    pass(5);
    assertThat(groupOf(PREFIX)).isZero();
    assertThat(forwarding.notices()).hasSize(1);
  }

  @Test
  void a_refused_operation_leaves_it_as_it_is() {
    run(ipv4(PREFIX, 9, "override ms=5000 then=7"));

    assertThat(run(ipv4(PREFIX, 8, "override ms=5000"), ipv4(PREFIX, 99)))
        .containsExactly(
            "203.0.113.0/24: 'override ms=5000' (expected: override ms=MILLIS then=GROUP)",
            "next-hop group 99 of DEFAULT: missing");
    pass(5000);

    assertThat(groupOf(PREFIX)).isEqualTo(7);
  }

  @Test
  void the_group_after_it_must_be_there_and_of_the_same_instance() {
    run(nextHop(1, "192.0.2.1").setNetworkInstance("OTHER"));
    run(group(70, 1).setNetworkInstance("OTHER"));

    assertThat(run(ipv4(PREFIX, 9, "override ms=5000 then=70")))
        .containsExactly(
            "203.0.113.0/24: override then: next-hop group 70 of DEFAULT: missing"
                + " (expected: a group that is there)");
    assertThat(groupOf(PREFIX)).isZero();
  }

  @Test
  void without_the_group_after_it_the_prefix_stays_and_one_notice_says_so() {
    run(ipv4(PREFIX, 9, "override ms=5 then=7"), delete(group(7)));

    pass(5);
    pass(1000);

    assertThat(groupOf(PREFIX)).isEqualTo(9);
    assertThat(messageOf(PREFIX)).isNotNull();
    assertThat(forwarding.notices())
        .containsExactly(
            "203.0.113.0/24: its override is over, but next-hop group 7 of DEFAULT: missing;"
                + " it stays on group 9");
  }

  @Test
  void a_group_deleted_and_made_again_is_the_one_to_go_back_to() {
    run(ipv4(PREFIX, 9, "override ms=5 then=7"), delete(group(7)), group(7, 1));

    pass(5);

    assertThat(groupOf(PREFIX)).isEqualTo(7);
  }

  @Test
  void the_group_after_it_is_not_waited_for_where_forward_references_are() {
    rib = new GribiRib(forwarding, ForwardReferences.QUEUE);
    groups();

    assertThat(run(ipv4(PREFIX, 9, "override ms=5000 then=70")))
        .singleElement()
        .asString()
        .contains("70 of DEFAULT: missing");
  }

  @Test
  void time_that_an_operation_waits_for_its_group_counts() {
    rib = new GribiRib(forwarding, ForwardReferences.QUEUE);
    groups();
    run(ipv4(PREFIX, 90, "override ms=5000 then=7"));
    pass(4000);

    assertThat(run(group(90, 1))).containsExactly("ok", "ok");

    assertThat(pass(999)).isEqualTo(1);
    assertThat(groupOf(PREFIX)).isEqualTo(90);
    pass(1);
    assertThat(groupOf(PREFIX)).isEqualTo(7);
  }

  @Test
  void its_end_leaves_an_operation_that_waits_for_the_same_prefix_waiting() {
    rib = new GribiRib(forwarding, ForwardReferences.QUEUE);
    groups();
    run(ipv4(PREFIX, 9, "override ms=5 then=7"), ipv4(PREFIX, 90));

    pass(5);

    assertThat(groupOf(PREFIX)).isEqualTo(7);
    assertThat(run(group(90, 1))).containsExactly("ok", "ok");
    assertThat(groupOf(PREFIX)).isEqualTo(90);
  }

  @Test
  void without_overrides_there_is_no_next_deadline() {
    run(ipv4(PREFIX, 9));

    assertThat(rib.overrides().runTimers(0)).isEqualTo(Long.MAX_VALUE);
  }

  @Test
  void many_that_end_at_once_are_put_back_in_turns() {
    for (int i = 0; i < 600; i++) {
      run(ipv4("10." + i / 256 + "." + i % 256 + ".0/24", 9, "override ms=5 then=7"));
    }

    int turns = 1;
    while (pass(5) == 0) {
      turns++;
    }

    assertThat(turns).isEqualTo(3);
    assertThat(forwarding.notices()).hasSize(600);
  }
}

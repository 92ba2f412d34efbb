package net.donut.agent.gribi;

import static gribi.Gribi.SessionParameters.AFTResultStatusType.RIB_AND_FIB_ACK;
import static net.donut.agent.gribi.AftOperations.DEFAULT;
import static net.donut.agent.gribi.AftOperations.delete;
import static net.donut.agent.gribi.AftOperations.group;
import static net.donut.agent.gribi.AftOperations.ipv4;
import static net.donut.agent.gribi.AftOperations.ipv6;
import static net.donut.agent.gribi.AftOperations.nextHop;
import static org.assertj.core.api.Assertions.assertThat;

import gribi.Gribi.AFTEntry;
import gribi.Gribi.AFTOperation;
import gribi.Gribi.AFTResult;
import gribi.Gribi.AFTType;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import net.donut.agent.fib.FibCounters;
import net.donut.agent.fib.FibEvent;
import net.donut.agent.fib.TestNamespace;
import net.donut.fixtures.Eventually;
import net.donut.fixtures.NeedsKernel;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/// Overrides over gRIBI, in a kernel. A later one of the same time shows that the time of an
/// earlier is over: they end in order.
@NeedsKernel
class GribiOverrideTest {
  private static final String PREFIX = "203.0.113.0/24";
  private static final String OVER = PREFIX + ": its override is over, back on group 7";
  private static final String MARKER = "198.51.100.0/24";
  private static final String MARKER_OVER = MARKER + ": its override is over, back on group 7";
  private static final String ON_7 = "10.7.0.0/16";
  private static final String ON_9 = "10.9.0.0/16";
  private static final int OTHERS = 50;
  private static final Pattern GROUP = Pattern.compile("nhid ([0-9]+)");

  private final TestNamespace namespace = new TestNamespace();
  private final List<String> notices = new CopyOnWriteArrayList<>();
  private final TestAgent agent =
      new TestAgent(TestAgent.options(namespace), ForwardReferences.REJECT, this::heard);
  private final GribiClient client = new GribiClient(agent.channel());

  private void heard(FibEvent event) {
    if (event instanceof FibEvent.Notice(String text)) {
      notices.add(text);
    }
  }

  /// Traffic belongs on group 7, and an override sends it to 9.
  @BeforeEach
  void table() {
    client.sendParams(GribiClient.supported(RIB_AND_FIB_ACK)).announce(0, 1).awaitResponses(2);
    List<AFTOperation.Builder> operations =
        new ArrayList<>(
            List.of(nextHop(1, "192.0.2.1"), nextHop(2, "192.0.2.2"), group(7, 1), group(9, 2)));
    operations.addAll(List.of(ipv4(ON_7, 7), ipv4(ON_9, 9)));
    operations.addAll(List.of(ipv6("2001:db8:7::/48", 7), ipv6("2001:db8:9::/48", 9)));
    for (int i = 0; i < OTHERS; i++) {
      operations.add(ipv4("20.0." + i + ".0/24", 7 + 2 * (i & 1)));
    }
    assertThat(client.run(operations.toArray(AFTOperation.Builder[]::new)))
        .doesNotContain("FAILED");
  }

  @AfterEach
  void stop() {
    client.close();
    agent.close();
    namespace.close();
  }

  /// The kernel's group of a prefix.
  private String kernelGroup(String prefix) {
    String family = prefix.contains(":") ? "-6" : "-4";
    Matcher group = GROUP.matcher(namespace.ip(family + " route show " + prefix));
    return group.find() ? group.group(1) : "";
  }

  private void untilNoticed(String text) {
    Eventually.until(text, () -> notices, () -> notices.contains(text));
  }

  /// Counters of a moment when so many prefixes are installed, and nothing is on its way.
  private FibCounters countersWith(int installed) {
    Eventually.until(
        installed + " installed",
        () -> agent.fib().counters(),
        () -> agent.fib().counters().installed() == installed);
    return agent.fib().counters();
  }

  private AFTEntry entry(String prefix) {
    return client.get(DEFAULT, AFTType.IPV4).stream()
        .filter(entry -> entry.getIpv4().getPrefix().equals(prefix))
        .findAny()
        .orElseThrow();
  }

  @Test
  void its_end_moves_its_route_and_writes_no_other() {
    client.run(ipv4(PREFIX, 7), ipv6("2001:db8:1::/48", 7));
    FibCounters plain = countersWith(OTHERS + 6);
    client.run(
        ipv4(PREFIX, 9, "override ms=1000 then=7"),
        ipv6("2001:db8:1::/48", 9, "override ms=1000 then=7"));
    assertThat(kernelGroup(PREFIX)).isEqualTo(kernelGroup(ON_9));
    assertThat(kernelGroup("2001:db8:1::/48")).isEqualTo(kernelGroup("2001:db8:9::/48"));

    untilNoticed("2001:db8:1::/48: its override is over, back on group 7");

    assertThat(notices).contains(OVER);
    assertThat(kernelGroup(PREFIX)).isEqualTo(kernelGroup(ON_7)).isNotEqualTo(kernelGroup(ON_9));
    assertThat(kernelGroup("2001:db8:1::/48")).isEqualTo(kernelGroup("2001:db8:7::/48"));
    Eventually.until(
        "digest as before, four writes later",
        () -> agent.fib().counters(),
        () ->
            agent.fib().counters().intendedDigest() == plain.intendedDigest()
                && agent.fib().counters().kernelWrites() == plain.kernelWrites() + 4);
  }

  @Test
  void get_shows_the_override_while_it_stands_and_the_plain_entry_after() {
    AFTOperation.Builder override = ipv4(PREFIX, 9, "override ms=1000 then=7");
    client.run(override);

    assertThat(entry(PREFIX).getIpv4()).isEqualTo(override.getIpv4());
    untilNoticed(OVER);

    assertThat(entry(PREFIX).getIpv4()).isEqualTo(ipv4(PREFIX, 7).getIpv4());
    assertThat(entry(PREFIX).getFibStatus()).isEqualTo(AFTEntry.Status.PROGRAMMED);
  }

  @Test
  void the_same_again_renews_it_without_a_write() {
    client.run(ipv4(PREFIX, 9, "override ms=1000 then=7"));
    FibCounters before = countersWith(OTHERS + 5);

    assertThat(client.run(ipv4(PREFIX, 9, "override ms=600000 then=7")))
        .isEqualTo("FIB_PROGRAMMED");
    client.run(ipv4(MARKER, 9, "override ms=1000 then=7"));

    assertThat(countersWith(OTHERS + 6).kernelWrites()).isEqualTo(before.kernelWrites() + 1);
    untilNoticed(MARKER_OVER);
    assertThat(notices).doesNotContain(OVER);
    assertThat(kernelGroup(PREFIX)).isEqualTo(kernelGroup(ON_9));
  }

  @Test
  void a_delete_or_an_add_without_metadata_ends_it() {
    client.run(
        ipv4(PREFIX, 9, "override ms=1000 then=7"),
        ipv4("192.0.2.0/24", 9, "override ms=1000 then=7"),
        ipv4(MARKER, 9, "override ms=1000 then=7"));

    client.run(delete(ipv4(PREFIX, 9)), ipv4("192.0.2.0/24", 9));

    untilNoticed(MARKER_OVER);
    assertThat(kernelGroup(PREFIX)).isEmpty();
    assertThat(kernelGroup("192.0.2.0/24")).isEqualTo(kernelGroup(ON_9));
    assertThat(notices).containsOnlyOnce(MARKER_OVER).noneMatch(text -> text.startsWith("192.0.2"));
  }

  @Test
  void it_ends_when_no_client_is_there() {
    client.run(ipv4(PREFIX, 9, "override ms=1000 then=7"));

    client.close();

    assertThat(kernelGroup(PREFIX)).isEqualTo(kernelGroup(ON_9));
    untilNoticed(OVER);
    assertThat(kernelGroup(PREFIX)).isEqualTo(kernelGroup(ON_7));
  }

  @Test
  void a_flush_ends_it_with_its_prefix() {
    client.run(ipv4(PREFIX, 9, "override ms=1000 then=7"));

    client.flushAll();
    client.run(nextHop(1, "192.0.2.1"), group(7, 1), ipv4(MARKER, 7, "override ms=1000 then=7"));

    untilNoticed(MARKER_OVER);
    assertThat(notices).doesNotContain(OVER);
    assertThat(kernelGroup(PREFIX)).isEmpty();
  }

  @Test
  void an_unreadable_one_and_one_without_its_group_fail_with_the_reason() {
    long first =
        client.operate(
            ipv4(PREFIX, 9, "override for=1h"),
            ipv4(PREFIX, 9, "override ms=604800001 then=7"),
            ipv4(PREFIX, 9, "override ms=1000 then=8"),
            ipv4(PREFIX, 9, "overridden by hand"));

    assertThat(fault(first))
        .isEqualTo(
            "FAILED 203.0.113.0/24: 'override for=1h' (expected: override ms=MILLIS then=GROUP)");
    assertThat(fault(first + 1))
        .isEqualTo("FAILED 203.0.113.0/24: override ms: 604800001 (expected: 1..604800000)");
    assertThat(fault(first + 2))
        .isEqualTo(
            "FAILED 203.0.113.0/24: override then: next-hop group 8 of DEFAULT: missing"
                + " (expected: a group that is there)");
    assertThat(fault(first + 3)).isEqualTo("FIB_PROGRAMMED ");
  }

  private String fault(long id) {
    AFTResult result = client.awaitResult(id);
    return result.getStatus() + " " + result.getErrorDetails().getErrorMessage();
  }

  @Test
  void a_route_of_another_program_in_its_place_is_named_when_it_ends() {
    namespace.ip("route add 203.0.113.0/24 dev lo metric 20 proto static");

    client.run(ipv4(PREFIX, 9, "override ms=1000 then=7"));

    Eventually.until(
        "the end and the conflict",
        () -> notices,
        () ->
            notices.stream()
                .anyMatch(text ->
                    text.startsWith(OVER + ", not in the kernel: ") && text.contains("static")));
    assertThat(namespace.ip("route show 203.0.113.0/24")).contains("static").doesNotContain("nhid");
  }
}

package net.donut.lab.net;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.MulticastSocket;
import java.net.NetworkInterface;
import java.net.SocketTimeoutException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.TimeUnit;
import net.donut.fixtures.NeedsKernel;
import net.donut.lab.topology.DonutTopology;
import net.donut.lab.topology.Topology;
import net.donut.netlink.KernelEvent;
import net.donut.netlink.NetlinkMonitor;
import net.donut.netlink.NetworkNamespace;
import net.donut.netlink.Subscription;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Every kind of cut, against the real kernel; needs root, `ip` and `tc`.
@NeedsKernel
class CutsTest {
  private static final Topology DONUT = DonutTopology.create(Map.of());
  private static final String LINK = "edge1-tier2a";

  @TempDir private Path logs = Path.of("unset");

  private LabState state = LabState.claim("t-cuts" + ProcessHandle.current().pid());
  private LabNetwork network = LabNetwork.create(DONUT, state);

  @AfterEach
  void close() {
    state.remove();
  }

  private Namespace edge() {
    return network.namespace("edge1");
  }

  private Namespace tier2() {
    return network.namespace("tier2a");
  }

  /// The cuts as another process has them, which knows the lab by its state file only.
  private Cuts elsewhere() {
    return LabNetwork.attach(DONUT, LabState.read(state.lab()).orElseThrow()).cuts();
  }

  @Test
  void a_fibre_cut_takes_the_carrier_at_both_ends_and_keeps_the_addresses() {
    network.cuts().cut(LINK, Cut.Plain.FIBRE);

    assertThat(link(edge(), "tier2a")).contains("NO-CARRIER").contains(",UP>");
    assertThat(link(tier2(), "edge1")).contains("NO-CARRIER").contains(",UP>");
    assertThat(addresses(edge(), "tier2a")).contains("100.64.3.1/30").contains("fd00:3::1/64");
    assertThat(addresses(tier2(), "edge1")).contains("100.64.3.2/30").contains("fd00:3::2/64");
    assertThat(network.cuts().active()).containsOnly(Map.entry(LINK, Cut.Plain.FIBRE));

    elsewhere().restore(LINK);

    assertThat(link(edge(), "tier2a")).contains("LOWER_UP").doesNotContain("NO-CARRIER");
    assertThat(network.cuts().active()).isEmpty();
    assertThat(arrives()).containsExactly(true, true);
  }

  @Test
  void silent_and_one_way_cuts_keep_the_carrier_and_lose_what_is_sent() throws Exception {
    assertThat(arrives()).as("before").containsExactly(true, true);

    network.cuts().cut(LINK, Cut.Plain.SILENT);
    assertThat(link(edge(), "tier2a")).contains("LOWER_UP");
    assertThat(arrives()).as("silent").containsExactly(false, false);

    network.cuts().cut(LINK, Cut.Plain.ONE_WAY);
    assertThat(network.cuts().active()).containsOnly(Map.entry(LINK, Cut.Plain.ONE_WAY));
    assertThat(arrives()).as("one way").containsExactly(false, true);

    network.cuts().cut(LINK, Cut.Plain.FIBRE);
    elsewhere().restore(LINK);
    assertThat(arrives()).as("restored").containsExactly(true, true);
  }

  @Test
  void admin_down_is_known_at_the_neighbors_end_only_and_its_addresses_come_back() {
    network.cuts().cut(LINK, Cut.Plain.ADMIN_DOWN);

    assertThat(link(edge(), "tier2a")).contains("LOWER_UP");
    assertThat(link(tier2(), "edge1")).doesNotContain(",UP");
    assertThat(addresses(tier2(), "edge1")).doesNotContain("fd00:3::2");
    assertThat(arrives()).containsExactly(false, false);

    elsewhere().restore(LINK);

    assertThat(addresses(tier2(), "edge1")).contains("100.64.3.2/30").contains("fd00:3::2/64");
    assertThat(arrives()).containsExactly(true, true);
  }

  @Test
  void a_host_gets_its_routes_back_after_admin_down() {
    Namespace viewers = network.namespace("viewers");
    String before = defaultRoutes(viewers);
    network.cuts().cut("tier2a-viewers", Cut.Plain.ADMIN_DOWN);
    assertThat(defaultRoutes(viewers)).isBlank();

    elsewhere().restore("tier2a-viewers");

    assertThat(defaultRoutes(viewers)).isEqualTo(before).contains("192.0.2.1", "2001:db8:701::1");
  }

  private static String defaultRoutes(Namespace namespace) {
    return Command.run("ip", "-n", namespace.name(), "-4", "route", "show", "default")
        + Command.run("ip", "-n", namespace.name(), "-6", "route", "show", "default");
  }

  @Test
  void between_two_of_our_routers_the_second_sets_its_interface_down() {
    network.cuts().cut("edge1-edge2", Cut.Plain.ADMIN_DOWN);

    assertThat(link(edge(), "edge2")).contains("LOWER_UP");
    assertThat(link(network.namespace("edge2"), "edge1")).doesNotContain(",UP");
  }

  @Test
  void a_flap_takes_the_carrier_as_often_as_asked_and_leaves_the_link_up() throws Exception {
    List<Boolean> carriers =
        carriers("tier2a", () -> network.cuts().cut(LINK, new Cut.Flap(3, Duration.ofMillis(400))));

    assertThat(carriers).containsExactly(false, true, false, true, false, true);
    assertThat(network.cuts().active()).isEmpty();
    assertThat(link(edge(), "tier2a")).contains("LOWER_UP");
  }

  /// What the kernel of edge1 says of an interface's carrier, each change once, while a thing is
  /// done.
  private List<Boolean> carriers(String device, Runnable thing) throws Exception {
    ConcurrentLinkedQueue<Boolean> heard = new ConcurrentLinkedQueue<>();
    try (NetworkNamespace inside = NetworkNamespace.open(edge().name());
        NetlinkMonitor _ =
            NetlinkMonitor.start(
                NetlinkMonitor.Options.of("carrier", Subscription.LINK),
                inside.threadFactory("carrier"),
                event -> {
                  if (event instanceof KernelEvent.LinkChanged(var link)
                      && link.name().equals(device)) {
                    heard.add(link.hasCarrier());
                  }
                })) {
      thing.run();
      Pause.until("carrier", Duration.ofSeconds(10), () -> last(heard));
    }
    List<Boolean> changes = new ArrayList<>();
    for (boolean carrier : heard) {
      if (changes.isEmpty() || changes.getLast() != carrier) {
        changes.add(carrier);
      }
    }
    return changes;
  }

  private static boolean last(ConcurrentLinkedQueue<Boolean> heard) {
    return !heard.isEmpty() && List.copyOf(heard).getLast();
  }

  @Test
  void a_flap_that_is_interrupted_leaves_the_link_up() throws Exception {
    Thread flapping =
        Thread.ofPlatform()
            .start(() ->
                assertThatThrownBy(
                        () -> elsewhere().cut(LINK, new Cut.Flap(1000, Duration.ofMinutes(1))))
                    .hasMessage("interrupted"));
    Pause.until(
        "carrier gone",
        Duration.ofSeconds(10),
        () -> link(edge(), "tier2a").contains("NO-CARRIER"));

    flapping.interrupt();
    flapping.join();

    assertThat(network.cuts().active()).isEmpty();
    assertThat(link(edge(), "tier2a")).contains("LOWER_UP");
  }

  @Test
  void a_flap_ends_when_the_link_is_cut_in_another_way() throws Exception {
    Thread flapping =
        Thread.ofPlatform()
            .start(() -> elsewhere().cut(LINK, new Cut.Flap(1000, Duration.ofMillis(100))));
    Pause.until("flapping", Duration.ofSeconds(10), () -> !network.cuts().active().isEmpty());

    network.cuts().cut(LINK, Cut.Plain.SILENT);
    flapping.join();

    assertThat(network.cuts().active()).containsOnly(Map.entry(LINK, Cut.Plain.SILENT));
    assertThat(link(edge(), "tier2a")).contains("LOWER_UP");
  }

  @Test
  void a_brown_out_loses_the_share_asked_for_each_way() throws Exception {
    assertThat(counts(1000)).as("whole").containsExactly(1000, 1000);

    network.cuts().cut(LINK, new Cut.BrownOut(10));

    // 10,000 packets: the standard deviation is 30 of them.
    assertThat(counts(10_000))
        .as("10 %")
        .allSatisfy(count -> assertThat(count).isBetween(8_800, 9_200));
    assertThat(link(edge(), "tier2a")).contains("LOWER_UP");

    network.cuts().cut(LINK, new Cut.BrownOut(100));
    assertThat(counts(1000)).as("100 %").containsExactly(0, 0);

    elsewhere().restore(LINK);
    assertThat(counts(1000)).as("restored").containsExactly(1000, 1000);
  }

  /// How many packets of so many arrive from edge1 at tier2a, and back.
  private List<Integer> counts(int sent) throws Exception {
    List<DatagramSocket> ends = List.of(bound(edge(), "100.64.3.1"), bound(tier2(), "100.64.3.2"));
    try (DatagramSocket first = ends.get(0);
        DatagramSocket second = ends.get(1)) {
      return counts(first, second, sent);
    }
  }

  private static List<Integer> counts(DatagramSocket first, DatagramSocket second, int sent)
      throws IOException {
    int forth = 0;
    int back = 0;
    for (int i = 0; i < sent; i += 100) {
      send(first, second, Math.min(100, sent - i));
      send(second, first, Math.min(100, sent - i));
      forth += drain(second);
      back += drain(first);
    }
    return List.of(forth, back);
  }

  private static DatagramSocket bound(Namespace namespace, String address) throws IOException {
    try (NetworkNamespace inside = NetworkNamespace.open(namespace.name())) {
      return inside.call(() -> {
        DatagramSocket socket = new DatagramSocket(new InetSocketAddress(address, 0));
        socket.setReceiveBufferSize(1 << 20);
        return socket;
      });
    }
  }

  private static void send(DatagramSocket from, DatagramSocket to, int count) throws IOException {
    for (int i = 0; i < count; i++) {
      from.send(new DatagramPacket(new byte[8], 8, to.getLocalSocketAddress()));
    }
  }

  private static int drain(DatagramSocket socket) throws IOException {
    socket.setSoTimeout(1);
    int count = 0;
    try {
      while (true) {
        socket.receive(new DatagramPacket(new byte[8], 8));
        count++;
      }
    } catch (SocketTimeoutException e) {
      return count;
    }
  }

  @Test
  void a_killed_node_has_no_process_and_no_carrier_and_both_come_back() {
    Processes processes = new Processes(state, logs);
    ProcessId before = processes.start("tier2a", tier2(), List.of("sleep", "1000"));
    Process byHand = start(tier2(), "sleep", "1000");

    network.cuts().cut("tier2a", Cut.OfNode.NODE_KILL);

    assertThat(before.isAlive()).isFalse();
    // A child of ours: Java hears of its end a moment later than the kernel.
    assertThat(byHand.onExit().orTimeout(10, TimeUnit.SECONDS).join().isAlive()).isFalse();
    assertThat(processes.dead()).as("ended without being asked to").isEmpty();
    assertThat(link(edge(), "tier2a")).contains("NO-CARRIER");
    assertThat(link(network.namespace("viewers"), "tier2a")).contains("NO-CARRIER");
    assertThat(link(edge(), "tier1a")).contains("LOWER_UP");

    elsewhere().restore("tier2a");

    ProcessId after = state.processes().getFirst();
    assertThat(state.processes()).hasSize(1);
    Pause.until(
        "process inside",
        Duration.ofSeconds(10),
        () -> tier2().processes().equals(List.of(after.pid())));
    assertThat(link(edge(), "tier2a")).contains("LOWER_UP");
    processes.close();
    assertThat(after.isAlive()).isFalse();
  }

  private static Process start(Namespace namespace, String... command) {
    try {
      Process process = new ProcessBuilder(namespace.inside(List.of(command))).start();
      Pause.until(
          "process inside",
          Duration.ofSeconds(10),
          () -> namespace.processes().contains(process.pid()));
      return process;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Test
  void a_link_between_dead_nodes_has_carrier_when_both_are_back_and_it_is_not_cut_itself() {
    Processes processes = new Processes(state, logs);
    processes.start("tier2a", tier2(), List.of("sleep", "1000"));
    processes.start("edge1-agent", edge(), List.of("sleep", "1000"));
    network.cuts().cut("tier2a", Cut.OfNode.NODE_KILL);
    network.cuts().cut("edge1", Cut.OfNode.NODE_KILL);
    network.cuts().cut("edge1-tier1a", Cut.Plain.FIBRE);
    assertThat(link(edge(), "mgmt0")).contains("NO-CARRIER");

    elsewhere().restore("tier2a");
    assertThat(link(tier2(), "edge1")).contains("NO-CARRIER");
    elsewhere().restore("edge1");
    assertThat(link(tier2(), "edge1")).contains("LOWER_UP");
    assertThat(link(edge(), "mgmt0")).contains("LOWER_UP");
    assertThat(link(edge(), "tier1a")).contains("NO-CARRIER");

    elsewhere().restoreAll();
    assertThat(link(edge(), "tier1a")).contains("LOWER_UP");
    assertThat(network.cuts().active()).isEmpty();
  }

  @Test
  void the_processes_of_a_frozen_node_stand_still_until_it_is_restored() {
    Processes processes = new Processes(state, logs);
    ProcessId process = processes.start("tier2a", tier2(), List.of("sleep", "1000"));
    Pause.until("process inside", Duration.ofSeconds(10), () -> !tier2().processes().isEmpty());

    network.cuts().cut("tier2a", Cut.OfNode.NODE_FREEZE);

    // A process that was about to run stops when it does.
    Pause.until("it stands still", Duration.ofSeconds(10), () -> isStopped(process));
    assertThat(arrives()).as("the kernel goes on").containsExactly(true, true);

    elsewhere().restore("tier2a");
    Pause.until("it goes on", Duration.ofSeconds(10), () -> !isStopped(process));
  }

  @Test
  void a_frozen_process_ends_in_order_when_the_lab_ends() throws Exception {
    Path said = logs.resolve("said");
    String script =
        "trap 'echo end > "
            + said
            + "; exit' TERM; echo on > "
            + said
            + "; while :; do sleep 0.02; done";
    new Processes(state, logs).start("tier2a", tier2(), List.of("sh", "-c", script));
    Pause.until("script runs", Duration.ofSeconds(10), () -> Files.exists(said));
    network.cuts().cut("tier2a", Cut.OfNode.NODE_FREEZE);

    state.remove();

    assertThat(said).hasContent("end");
  }

  @Test
  void a_process_that_a_program_left_behind_ends_with_the_lab() throws Exception {
    Process left = start(tier2(), "sleep", "1000");

    state.remove();

    assertThat(left.waitFor(10, TimeUnit.SECONDS)).isTrue();
  }

  @Test
  void cutting_again_changes_nothing() {
    for (Cut cut :
        List.of(
            Cut.Plain.FIBRE,
            Cut.Plain.SILENT,
            Cut.Plain.ONE_WAY,
            Cut.Plain.ADMIN_DOWN,
            new Cut.BrownOut(100))) {
      network.cuts().cut(LINK, cut);
      elsewhere().cut(LINK, cut);
      assertThat(network.cuts().active()).containsOnly(Map.entry(LINK, cut));
      assertThat(arrives()).as(cut.toString()).first().isEqualTo(false);
    }
    elsewhere().restore(LINK);
    elsewhere().restore(LINK);
    assertThat(arrives()).containsExactly(true, true);
  }

  @Test
  void what_cannot_be_cut_is_refused_with_what_can() {
    assertThatThrownBy(() -> network.cuts().cut("viewers", Cut.OfNode.NODE_KILL))
        .isInstanceOf(LabException.class)
        .hasMessageContaining("node 'viewers' runs no process of its own");
    assertThatThrownBy(() -> network.cuts().cut("tier2a", Cut.Plain.FIBRE))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("link: 'tier2a' (expected one of: edge1-tier1a,");
    assertThatThrownBy(() -> network.cuts().restore("nowhere"))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("link or node: 'nowhere' (expected one of: edge1-tier1a,");
    assertThatThrownBy(() -> Cut.parse("sideways"))
        .hasMessage(
            "kind: 'sideways' (expected: fibre, silent, one-way, admin-down, node-kill,"
                + " node-freeze, brown-out, flap)");
    assertThat(network.cuts().active()).isEmpty();
  }

  private static boolean isStopped(ProcessId process) {
    return Command.run("cat", "/proc/" + process.pid() + "/status").contains("State:\tT");
  }

  /// Whether frames of edge1 arrive at tier2a, and those of tier2a at edge1, as counted at their
  /// interfaces.
  private List<Boolean> arrives() {
    return List.of(
        arrives(edge(), "tier2a", tier2(), "edge1"), arrives(tier2(), "edge1", edge(), "tier2a"));
  }

  private static boolean arrives(Namespace from, String device, Namespace to, String other) {
    long before = received(to, other);
    for (int i = 0; i < 20; i++) {
      send(from, device);
    }
    return received(to, other) - before >= 20;
  }

  /// One frame to all: IPv6 needs no answer to send to everybody on a link. An interface that is
  /// down sends nothing.
  private static void send(Namespace from, String device) {
    try (NetworkNamespace inside = NetworkNamespace.open(from.name())) {
      inside.run(() -> {
        try (MulticastSocket socket = new MulticastSocket()) {
          socket.setNetworkInterface(NetworkInterface.getByName(device));
          socket.send(new DatagramPacket(new byte[8], 8, InetAddress.getByName("ff02::1"), 9));
        } catch (IOException e) {
          assertThat(link(from, device)).as(e.toString()).doesNotContain("LOWER_UP");
        }
      });
    }
  }

  /// The packets an interface has received: the second number of its line.
  private static long received(Namespace namespace, String device) {
    String line =
        namespace
            .run("cat", "/proc/net/dev")
            .lines()
            .map(String::strip)
            .filter(text -> text.startsWith(device + ":"))
            .findFirst()
            .orElseThrow();
    return Long.parseLong(line.substring(line.indexOf(':') + 1).strip().split(" +")[1]);
  }

  private static String link(Namespace namespace, String device) {
    return Command.run("ip", "-n", namespace.name(), "link", "show", "dev", device);
  }

  private static String addresses(Namespace namespace, String device) {
    return Command.run("ip", "-n", namespace.name(), "address", "show", "dev", device);
  }
}

package net.donut.lab.clab.link;

import static net.donut.fixtures.Eventually.eventually;
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
import java.util.Optional;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.TimeUnit;
import net.donut.fixtures.NeedsKernel;
import net.donut.lab.clab.DeployedLab;
import net.donut.lab.clab.plan.Plan;
import net.donut.lab.clab.run.LabRecord;
import net.donut.lab.clab.run.LabRuntime;
import net.donut.lab.net.Command;
import net.donut.lab.net.Cut;
import net.donut.lab.net.Cuts;
import net.donut.lab.net.LabException;
import net.donut.lab.net.Namespace;
import net.donut.lab.net.Pause;
import net.donut.lab.net.ProcessId;
import net.donut.netlink.KernelEvent;
import net.donut.netlink.NetlinkMonitor;
import net.donut.netlink.NetworkNamespace;
import net.donut.netlink.Subscription;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/// Every kind of cut in a network of routers, against the real kernel; needs root, `ip` and `tc`.
@Timeout(value = 120, unit = TimeUnit.SECONDS)
@NeedsKernel
class CutsTest {
  private static final String LINK = "edge1:tier2a-tier2a:edge1";
  private static final String TOPOLOGY =
      """
      name: x
      topology:
        defaults: {kind: linux, image: alpine, cmd: sleep 1000, restart-policy: "no"}
        nodes:
          edge1:
            exec:
              - ip addr add 100.64.3.1/30 dev tier2a
              - ip addr add fd00:3::1/64 dev tier2a nodad
          edge2: {}
          tier1a: {}
          tier2a:
            exec:
              - ip addr add 100.64.3.2/30 dev edge1
              - ip addr add fd00:3::2/64 dev edge1 nodad
          viewers:
            network-mode: none
            exec:
              - ip addr add 192.0.2.10/24 dev tier2a
              - ip addr add 2001:db8:701::10/64 dev tier2a nodad
              - ip route add default via 192.0.2.1
              - ip -6 route add default via 2001:db8:701::1
        links:
          - endpoints: ["edge1:tier2a", "tier2a:edge1"]
          - endpoints: ["edge1:tier1a", "tier1a:edge1"]
          - endpoints: ["edge1:edge2", "edge2:edge1"]
          - endpoints: ["viewers:tier2a", "tier2a:viewers"]
      """;

  @TempDir private Path directory = Path.of("unset");

  private DeployedLab lab;

  @BeforeEach
  void deploy() throws IOException {
    Path file = Files.writeString(directory.resolve("lab.clab.yml"), TOPOLOGY);
    lab = DeployedLab.deploy(file, "tcuts" + ProcessHandle.current().pid(), directory);
  }

  @AfterEach
  void close() {
    lab.close();
  }

  private Namespace namespace(String node) {
    return new Namespace(lab.record().node(node).namespace());
  }

  private Namespace edge() {
    return namespace("edge1");
  }

  private Namespace tier2() {
    return namespace("tier2a");
  }

  private Cuts cuts() {
    return lab.cuts();
  }

  /// The cuts as another process has them, which knows the lab by its name only.
  private Cuts elsewhere() {
    return new CuttableLab(DeployedLab.RUNTIME, LabRecord.require(lab.record().lab())).cuts();
  }

  @Test
  void the_two_ends_of_every_pair_have_different_indexes() {
    String wire = Plan.wireNamespace(lab.record().lab());
    String links = Command.run("ip", "-n", wire, "-o", "link", "show");

    assertThat(links.lines().filter(line -> line.contains("@if")))
        .hasSizeGreaterThanOrEqualTo(8)
        .allSatisfy(line -> {
          String own = line.substring(0, line.indexOf(':'));
          String peer = line.substring(line.indexOf("@if") + 3).split(":")[0];
          assertThat(own).as(line).isNotEqualTo(peer);
        });
  }

  @Test
  void a_fibre_cut_takes_the_carrier_at_both_ends_and_keeps_the_addresses() {
    cuts().cut(LINK, Cut.Plain.FIBRE);

    assertThat(link(edge(), "tier2a")).contains("NO-CARRIER").contains(",UP>");
    assertThat(link(tier2(), "edge1")).contains("NO-CARRIER").contains(",UP>");
    assertThat(addresses(edge(), "tier2a")).contains("100.64.3.1/30").contains("fd00:3::1/64");
    assertThat(addresses(tier2(), "edge1")).contains("100.64.3.2/30").contains("fd00:3::2/64");
    assertThat(cuts().active()).containsOnly(Map.entry(LINK, Cut.Plain.FIBRE));

    elsewhere().restore(LINK);

    assertThat(link(edge(), "tier2a")).contains("LOWER_UP").doesNotContain("NO-CARRIER");
    assertThat(cuts().active()).isEmpty();
    assertThat(arrives()).containsExactly(true, true);
  }

  @Test
  void silent_and_one_way_cuts_keep_the_carrier_and_lose_what_is_sent() throws Exception {
    assertThat(arrives()).as("before").containsExactly(true, true);

    cuts().cut(LINK, Cut.Plain.SILENT);
    assertThat(link(edge(), "tier2a")).contains("LOWER_UP");
    assertThat(arrives()).as("silent").containsExactly(false, false);

    cuts().cut(LINK, Cut.Plain.ONE_WAY);
    assertThat(cuts().active()).containsOnly(Map.entry(LINK, Cut.Plain.ONE_WAY));
    assertThat(arrives()).as("one way").containsExactly(false, true);

    cuts().cut(LINK, Cut.Plain.FIBRE);
    elsewhere().restore(LINK);
    assertThat(arrives()).as("restored").containsExactly(true, true);
  }

  @Test
  void admin_down_takes_the_second_end_and_its_addresses_come_back() {
    cuts().cut(LINK, Cut.Plain.ADMIN_DOWN);

    // The kernel tells the other end of a pair a moment later.
    eventually(() -> assertThat(link(edge(), "tier2a")).contains("NO-CARRIER").contains(",UP>"));
    assertThat(link(tier2(), "edge1")).doesNotContain(",UP");
    assertThat(addresses(tier2(), "edge1")).doesNotContain("fd00:3::2");
    assertThat(arrives()).containsExactly(false, false);

    elsewhere().restore(LINK);

    assertThat(addresses(tier2(), "edge1")).contains("100.64.3.2/30").contains("fd00:3::2/64");
    assertThat(arrives()).containsExactly(true, true);
  }

  @Test
  void a_host_gets_its_routes_back_after_admin_down() {
    Namespace viewers = namespace("viewers");
    String before = defaultRoutes(viewers);
    cuts().cut("tier2a-viewers", Cut.Plain.FIBRE);
    cuts().cut("tier2a-viewers", Cut.Plain.ADMIN_DOWN);
    assertThat(link(tier2(), "viewers")).doesNotContain(",UP");

    elsewhere().restore("tier2a-viewers");

    assertThat(before).contains("192.0.2.1", "2001:db8:701::1");
    // `linkdown` goes a moment after the carrier is back.
    eventually(() -> assertThat(defaultRoutes(viewers)).isEqualTo(before));
  }

  private static String defaultRoutes(Namespace namespace) {
    return Command.run("ip", "-n", namespace.name(), "-4", "route", "show", "default")
        + Command.run("ip", "-n", namespace.name(), "-6", "route", "show", "default");
  }

  @Test
  void between_two_routers_the_second_sets_its_interface_down() {
    cuts().cut("edge1-edge2", Cut.Plain.ADMIN_DOWN);

    assertThat(link(namespace("edge2"), "edge1")).doesNotContain(",UP");
  }

  @Test
  void a_flap_takes_the_carrier_as_often_as_asked_and_leaves_the_link_up() throws Exception {
    List<Boolean> carriers =
        carriers("tier2a", () -> cuts().cut(LINK, new Cut.Flap(3, Duration.ofMillis(400))));

    assertThat(carriers).containsExactly(false, true, false, true, false, true);
    assertThat(cuts().active()).isEmpty();
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

    assertThat(cuts().active()).isEmpty();
    assertThat(link(edge(), "tier2a")).contains("LOWER_UP");
  }

  @Test
  void a_flap_ends_when_the_link_is_cut_in_another_way() throws Exception {
    Thread flapping =
        Thread.ofPlatform()
            .start(() -> elsewhere().cut(LINK, new Cut.Flap(1000, Duration.ofMillis(100))));
    Pause.until("flapping", Duration.ofSeconds(10), () -> !cuts().active().isEmpty());

    cuts().cut(LINK, Cut.Plain.SILENT);
    flapping.join();

    assertThat(cuts().active()).containsOnly(Map.entry(LINK, Cut.Plain.SILENT));
    assertThat(link(edge(), "tier2a")).contains("LOWER_UP");
  }

  @Test
  void a_brown_out_loses_the_share_asked_for_each_way() throws Exception {
    assertThat(counts(1000)).as("whole").containsExactly(1000, 1000);

    cuts().cut(LINK, new Cut.BrownOut(10));

    // 10,000 packets: the standard deviation is 30 of them.
    assertThat(counts(10_000))
        .as("10 %")
        .allSatisfy(count -> assertThat(count).isBetween(8_800, 9_200));
    assertThat(link(edge(), "tier2a")).contains("LOWER_UP");

    cuts().cut(LINK, new Cut.BrownOut(100));
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
  void a_killed_node_has_no_process_and_no_carrier_and_both_come_back() throws IOException {
    assertThat(tier2().processes()).isNotEmpty();
    Process byHand = startByHand("tier2a", "sleep", "1000");

    cuts().cut("tier2a", Cut.OfNode.NODE_KILL);

    // A child of ours: Java hears of its end a moment later than the kernel.
    assertThat(byHand.onExit().orTimeout(10, TimeUnit.SECONDS).join().isAlive()).isFalse();
    assertThat(tier2().processes()).isEmpty();
    assertThat(link(edge(), "tier2a")).contains("NO-CARRIER");
    assertThat(link(namespace("viewers"), "tier2a")).contains("NO-CARRIER");
    assertThat(link(edge(), "tier1a")).contains("LOWER_UP");

    elsewhere().restore("tier2a");

    Pause.until("process inside", Duration.ofSeconds(10), () -> isSleeping("tier2a"));
    assertThat(link(edge(), "tier2a")).contains("LOWER_UP");
  }

  /// Whether the program of a node runs.
  private boolean isSleeping(String node) {
    return program(node).isPresent();
  }

  private Optional<ProcessId> program(String node) {
    return namespace(node).processes().stream()
        .filter(pid ->
            Command.tryRun(List.of("cat", "/proc/" + pid + "/comm"), "")
                .output()
                .strip()
                .equals("sleep"))
        .flatMap(pid -> ProcessId.of(node, pid).stream())
        .findFirst();
  }

  /// As a shell that somebody has opened in a node.
  private Process startByHand(String node, String... command) throws IOException {
    LabRecord record = lab.record();
    List<Long> before = namespace(node).processes();
    Process process =
        new ProcessBuilder(
                DeployedLab.RUNTIME.inside(
                    record, record.node(node), List.of(command), LabRuntime.Attachment.PIPE))
            .start();
    Pause.until(
        "process inside",
        Duration.ofSeconds(10),
        () -> namespace(node).processes().size() > before.size());
    return process;
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
    cuts().cut("tier2a", Cut.OfNode.NODE_KILL);
    cuts().cut("edge1", Cut.OfNode.NODE_KILL);
    cuts().cut("edge1-tier1a", Cut.Plain.FIBRE);
    assertThat(link(edge(), "eth0")).contains("NO-CARRIER");

    elsewhere().restore("tier2a");
    assertThat(link(tier2(), "edge1")).contains("NO-CARRIER");
    elsewhere().restore("edge1");
    assertThat(link(tier2(), "edge1")).contains("LOWER_UP");
    assertThat(link(edge(), "eth0")).contains("LOWER_UP");
    assertThat(link(edge(), "tier1a")).contains("NO-CARRIER");

    elsewhere().restoreAll();
    assertThat(link(edge(), "tier1a")).contains("LOWER_UP");
    assertThat(cuts().active()).isEmpty();
  }

  @Test
  void the_processes_of_a_frozen_node_stand_still_until_it_is_restored() {
    ProcessId process = program("tier2a").orElseThrow();

    cuts().cut("tier2a", Cut.OfNode.NODE_FREEZE);

    // A process that was about to run stops when it does.
    Pause.until("it stands still", Duration.ofSeconds(10), () -> isStopped(process));
    assertThat(arrives()).as("the kernel goes on").containsExactly(true, true);

    elsewhere().restore("tier2a");
    Pause.until("it goes on", Duration.ofSeconds(10), () -> !isStopped(process));
  }

  @Test
  void a_frozen_process_ends_with_the_lab() {
    ProcessId process = program("tier2a").orElseThrow();
    cuts().cut("tier2a", Cut.OfNode.NODE_FREEZE);

    lab.close();

    assertThat(process.isAlive()).isFalse();
  }

  @Test
  void a_process_that_a_program_left_behind_ends_with_the_lab() throws Exception {
    Process left = start(tier2(), "sleep", "1000");

    lab.close();

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
      cuts().cut(LINK, cut);
      elsewhere().cut(LINK, cut);
      assertThat(cuts().active()).containsOnly(Map.entry(LINK, cut));
      assertThat(arrives()).as(cut.toString()).first().isEqualTo(false);
    }
    elsewhere().restore(LINK);
    elsewhere().restore(LINK);
    assertThat(arrives()).containsExactly(true, true);
  }

  @Test
  void what_cannot_be_cut_is_refused_with_what_can() {
    assertThatThrownBy(() -> cuts().cut("tier2a", Cut.Plain.FIBRE))
        .isInstanceOf(LabException.class)
        .hasMessageContaining("link: 'tier2a' is none of this lab (expected one of: edge1:tier2a-");
    assertThatThrownBy(() -> cuts().restore("nowhere"))
        .isInstanceOf(LabException.class)
        .hasMessageContaining(
            "link: 'nowhere' is none of this lab (expected one of: edge1:tier2a-");
    assertThatThrownBy(() -> Cut.parse("sideways"))
        .hasMessage(
            "kind: 'sideways' (expected: fibre, silent, one-way, admin-down, node-kill,"
                + " node-freeze, brown-out, flap)");
    assertThat(cuts().active()).isEmpty();
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

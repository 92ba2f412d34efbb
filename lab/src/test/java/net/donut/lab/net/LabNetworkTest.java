package net.donut.lab.net;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.net.DatagramPacket;
import java.net.InetAddress;
import java.net.MulticastSocket;
import java.net.NetworkInterface;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import net.donut.lab.topology.DonutTopology;
import net.donut.lab.topology.Topology;
import net.donut.netlink.NetworkNamespace;
import org.junit.jupiter.api.Test;

/// Against the real kernel; needs root, `ip` and `tc`.
class LabNetworkTest {
  private static final Topology DONUT = DonutTopology.create(Map.of());

  private static String labName(String test) {
    return "t-" + test + ProcessHandle.current().pid();
  }

  @Test
  void a_cut_takes_the_carrier_at_both_ends_and_keeps_the_addresses() {
    LabState state = LabState.claim(labName("cut"));
    try (LabNetwork network = LabNetwork.create(DONUT, state)) {
      Namespace edge = network.namespace("edge1");
      Namespace tier2 = network.namespace("tier2a");

      network.cut("edge1-tier2a");

      assertThat(link(edge, "tier2a")).contains("NO-CARRIER").contains(",UP>");
      assertThat(link(tier2, "edge1")).contains("NO-CARRIER").contains(",UP>");
      assertThat(addresses(edge, "tier2a")).contains("100.64.3.1/30").contains("fd00:3::1/64");
      assertThat(addresses(tier2, "edge1")).contains("100.64.3.2/30").contains("fd00:3::2/64");
      assertThat(network.cuts()).containsOnly(Map.entry("edge1-tier2a", CutKind.FIBRE));

      network.restore("edge1-tier2a");

      assertThat(link(edge, "tier2a")).contains("LOWER_UP").doesNotContain("NO-CARRIER");
      assertThat(network.cuts()).isEmpty();
    } finally {
      state.remove();
    }
    assertThat(Files.exists(Path.of("/run/netns", LabNetwork.nameOf(state.lab(), "edge1"))))
        .isFalse();
    assertThat(Files.exists(state.directory())).isFalse();
  }

  @Test
  void silent_and_one_way_cuts_keep_the_carrier_and_lose_what_is_sent() throws Exception {
    LabState state = LabState.claim(labName("quiet"));
    try (LabNetwork network = LabNetwork.create(DONUT, state)) {
      Namespace edge = network.namespace("edge1");
      assertThat(arrives(network)).as("before").containsExactly(true, true);

      network.cut("edge1-tier2a", CutKind.SILENT);
      assertThat(link(edge, "tier2a")).contains("LOWER_UP");
      assertThat(network.cuts()).containsOnly(Map.entry("edge1-tier2a", CutKind.SILENT));
      assertThat(arrives(network)).as("silent").containsExactly(false, false);

      network.cut("edge1-tier2a", CutKind.ONE_WAY);
      assertThat(network.cuts()).containsOnly(Map.entry("edge1-tier2a", CutKind.ONE_WAY));
      assertThat(arrives(network)).as("one way").containsExactly(false, true);

      network.cut("edge1-tier2a", CutKind.FIBRE);
      network.restore("edge1-tier2a");
      assertThat(network.cuts()).isEmpty();
      assertThat(arrives(network)).as("restored").containsExactly(true, true);
    } finally {
      state.remove();
    }
  }

  /// Whether frames of edge1 arrive at tier2a, and those of tier2a at edge1, as counted at their
  /// interfaces while each asks for the other's hardware address.
  private static List<Boolean> arrives(LabNetwork network) throws IOException {
    return List.of(
        arrives(network.namespace("edge1"), "tier2a", network.namespace("tier2a"), "edge1"),
        arrives(network.namespace("tier2a"), "edge1", network.namespace("edge1"), "tier2a"));
  }

  private static boolean arrives(Namespace from, String device, Namespace to, String other)
      throws IOException {
    long before = received(to, other);
    for (int i = 0; i < 20; i++) {
      send(from, device);
    }
    return received(to, other) - before >= 20;
  }

  /// One frame to all: IPv6 needs no answer to send to everybody on a link.
  private static void send(Namespace from, String device) throws IOException {
    try (NetworkNamespace inside = NetworkNamespace.open(from.name())) {
      inside.run(() -> {
        try (MulticastSocket socket = new MulticastSocket()) {
          socket.setNetworkInterface(NetworkInterface.getByName(device));
          socket.send(new DatagramPacket(new byte[8], 8, InetAddress.getByName("ff02::1"), 9));
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

  @Test
  void the_two_ends_of_every_pair_have_different_indexes() {
    LabState state = LabState.claim(labName("idx"));
    try (LabNetwork network = LabNetwork.create(DONUT, state)) {
      String links = Command.run("ip", "-n", network.wire().name(), "-o", "link", "show");

      assertThat(links.lines().filter(line -> line.contains("@if")))
          .hasSizeGreaterThan(30)
          .allSatisfy(line -> {
            String own = line.substring(0, line.indexOf(':'));
            String peer = line.substring(line.indexOf("@if") + 3).split(":")[0];
            assertThat(own).as(line).isNotEqualTo(peer);
          });
    } finally {
      state.remove();
    }
  }

  @Test
  void a_lab_that_runs_is_not_taken_over() throws Exception {
    String lab = labName("held");
    Process holder = new ProcessBuilder("sleep", "60").start();
    try {
      Path directory = Files.createDirectories(LabState.directoryOf(lab));
      ProcessId id = ProcessId.of("lab", holder.pid()).orElseThrow();
      Files.writeString(
          directory.resolve("state.json"),
          """
          {"lab": "%s", "owner": {"name": "lab", "pid": %d, "start": %d}}
          """
              .formatted(lab, id.pid(), id.start()));

      assertThatThrownBy(() -> LabState.claim(lab))
          .isInstanceOf(LabException.class)
          .hasMessage(
              "lab '%s' is running (process %d): end it with: donut lab down --name %s"
                  .formatted(lab, id.pid(), lab));
    } finally {
      holder.destroyForcibly();
      LabState.read(lab).orElseThrow().remove();
    }
  }

  @Test
  void what_a_killed_lab_left_is_removed_by_the_next_of_its_name() throws Exception {
    String lab = labName("left");
    String namespace = LabNetwork.nameOf(lab, "edge1");
    Process owner = new ProcessBuilder("sleep", "60").start();
    Process child = new ProcessBuilder("sleep", "60").start();
    Path directory = Files.createDirectories(LabState.directoryOf(lab));
    ProcessId ownerId = ProcessId.of("lab", owner.pid()).orElseThrow();
    ProcessId childId = ProcessId.of("bird", child.pid()).orElseThrow();
    Command.run("ip", "netns", "add", namespace);
    Files.writeString(
        directory.resolve("state.json"),
        """
        {"lab": "%s", "owner": {"name": "lab", "pid": %d, "start": %d},
         "namespaces": ["%s"], "processes": [{"name": "bird", "pid": %d, "start": %d}]}
        """
            .formatted(
                lab, ownerId.pid(), ownerId.start(), namespace, childId.pid(), childId.start()));
    owner.destroyForcibly().waitFor(5, TimeUnit.SECONDS);

    LabState state = LabState.claim(lab);

    assertThat(child.waitFor(5, TimeUnit.SECONDS)).isTrue();
    assertThat(Files.exists(Path.of("/run/netns", namespace))).isFalse();
    assertThat(state.processes()).isEmpty();
    state.remove();
    assertThat(Files.exists(directory)).isFalse();
  }

  @Test
  void a_process_of_the_same_number_but_another_start_is_left_alone() throws Exception {
    Process bystander = new ProcessBuilder("sleep", "60").start();
    ProcessId real = ProcessId.of("x", bystander.pid()).orElseThrow();

    LabState.terminate(List.of(new ProcessId("x", real.pid(), real.start() - 1)));

    assertThat(bystander.isAlive()).isTrue();
    bystander.destroyForcibly().waitFor(5, TimeUnit.SECONDS);
  }
}

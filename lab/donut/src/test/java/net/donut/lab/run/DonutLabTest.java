package net.donut.lab.run;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import net.donut.fixtures.NeedsPrograms;
import net.donut.lab.neighbor.LabNeighbors;
import net.donut.lab.net.Command;
import net.donut.lab.net.Cut;
import net.donut.lab.net.Pause;
import net.donut.lab.probe.PathTrace;
import net.donut.lab.probe.Probes;
import net.donut.lab.probe.StreamResult;
import net.donut.lab.table.RoutingTable;
import net.donut.lab.table.TableSize;
import net.donut.lab.topology.DonutTopology;
import net.donut.lab.topology.Topology;
import net.donut.model.Family;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// One lab with real BIRD and FRR, which every test leaves as it found it: what it survives. Needs
/// root, BIRD and FRR.
@NeedsPrograms
class DonutLabTest {
  private static final Duration LIMIT = Duration.ofSeconds(60);
  private static final String PEER = "tier2a";
  private static final List<String> PEERED = List.of("babulous", "edge2", "edge1", PEER, "viewers");
  private static final Narration STORY =
      new Narration(new PrintWriter(System.out, true, StandardCharsets.UTF_8));

  @TempDir private static Path out = Path.of("unset");
  private static DonutLab lab;

  @BeforeAll
  static void up() {
    assertThat(LabNeighbors.missing(DonutTopology.create(Map.of())))
        .as("needs bird and frr: apt-get install bird2 frr, or run ./donut setup")
        .isEmpty();
    LabOptions options =
        new LabOptions(
            "t-lab" + ProcessHandle.current().pid(),
            out,
            LabNeighbors.Choice.REAL,
            5,
            new TableSize(800, 200),
            List.of(),
            Map.of());
    lab = DonutLab.up(options, STORY);
    lab.awaitTable();
  }

  @AfterAll
  static void down() {
    lab.close();
  }

  @BeforeEach
  void settle() {
    lab.network().cuts().restoreAll();
    lab.awaitStable(LIMIT);
    Pause.until("BFD is up with every neighbor", LIMIT, DonutLabTest::isBfdUp);
  }

  /// The flows of the topology, to be probed.
  static List<Probes.Flow> flows(DonutLab lab) {
    return lab.topology().flows().stream()
        .map(flow ->
            new Probes.Flow(
                flow.name(),
                new Probes.End(flow.from().node(), flow.from().address()),
                new Probes.End(flow.to().node(), flow.to().address())))
        .toList();
  }

  @Test
  void nothing_is_lost_when_controller_and_agents_are_killed_and_come_back() {
    assertThat(lab.operator().status().getWarningsList()).as("hops without TLS").isEmpty();
    try (Probes probes = Probes.start(lab.network(), flows(lab), 1000)) {
      Pause.of(Duration.ofSeconds(1));

      assertThat(losses(probes, () -> restart(DonutLab.CONTROLLER))).isEmpty();
      assertThat(losses(probes, () -> restart(DonutLab.agentOf("edge1")))).isEmpty();
      assertThat(losses(probes, () -> restart(DonutLab.agentOf("edge2")))).isEmpty();
    }
    lab.topology()
        .edges()
        .forEach(edge ->
            assertThat(lab.operator().drift(edge.name()).equalsIntent()).as(edge.name()).isTrue());
  }

  @Test
  void an_override_ends_by_itself_at_routers_without_controller_and_costs_no_packet() {
    String direct = wayToViewers();
    assertThat(direct).contains("dev tier2a");
    try (Probes probes = Probes.start(lab.network(), flows(lab), 1000)) {
      Pause.of(Duration.ofSeconds(1));
      Probes.Mark start = probes.mark();

      lab.operator().override("192.0.2.0/24", "tier1a", 10);
      Pause.until("by tier1a", LIMIT, () -> wayToViewers().contains("dev tier1a"));
      lab.kill(DonutLab.CONTROLLER);
      Pause.until("direct again", LIMIT, () -> wayToViewers().equals(direct));

      List<StreamResult> streams = probes.between(start, probes.mark());
      assertThat(streams).extracting(StreamResult::lost).containsOnly(0L);
    }
    lab.restart(DonutLab.CONTROLLER);
    Pause.until("controller answers", LIMIT, () -> lab.operator().tryStatus().isPresent());
    lab.awaitTable();
    lab.awaitStable(LIMIT);
    assertThat(wayToViewers()).isEqualTo(direct);
    assertThat(lab.operator().status().getWarningsList()).isEmpty();
  }

  private static String wayToViewers() {
    return lab.network().namespace("edge1").run("ip", "route", "get", "192.0.2.10");
  }

  /// Without BFD the streams would stand still until a hold time of 15 s or more is over.
  @Test
  void a_silent_cut_is_found_by_bfd_and_costs_a_fraction_of_a_second() {
    try (Probes probes = Probes.start(lab.network(), flows(lab), 1000)) {
      Pause.of(Duration.ofSeconds(1));

      Probes.Mark start = probes.mark();
      lab.network().cuts().cut("edge1-tier2a", Cut.Plain.SILENT);
      Pause.of(Duration.ofSeconds(4));
      List<StreamResult> cut = probes.between(start, probes.mark());

      assertThat(cut).allSatisfy(stream -> assertThat(stream.lost()).isLessThan(2000));
      assertThat(cut)
          .filteredOn(stream -> stream.flow().equals("viewers"))
          .hasSize(2)
          .allSatisfy(stream -> {
            STORY.tell(
                "silent cut, %s to %s: %d lost, longest gap %.0f ms"
                    .formatted(stream.from(), stream.to(), stream.lost(), stream.maxGapMs()));
            assertThat(stream.lost()).as("it led over the link").isPositive();
          });
    }
  }

  private static boolean isBfdUp() {
    return lab.operator().neighbors().getNeighborsList().stream()
        .allMatch(neighbor -> neighbor.getSession().getBfd().getState().equals("Up"));
  }

  /// The streams that lost something while a thing was done, with how much.
  private static List<String> losses(Probes probes, Runnable thing) {
    Probes.Mark start = probes.mark();
    thing.run();
    List<String> losses = new ArrayList<>();
    for (StreamResult result : probes.between(start, probes.mark())) {
      if (result.lost() > 0) {
        losses.add(
            "%s to %s %s lost %d of %d"
                .formatted(
                    result.from(), result.to(), result.family(), result.lost(), result.sent()));
      }
    }
    return losses;
  }

  /// Kills a program, waits as long as an operator would need to notice, starts it again and waits
  /// until all is in order.
  private static void restart(String program) {
    lab.kill(program);
    Pause.of(Duration.ofSeconds(2));
    lab.restart(program);
    Pause.until("controller answers", LIMIT, () -> lab.operator().tryStatus().isPresent());
    lab.awaitTable();
    lab.awaitStable(LIMIT);
  }

  @Test
  void bird_and_frr_take_their_feeds_and_forward_for_each_other() {
    int expected =
        lab.table().count("tier2a", Family.IPV4)
            + withoutLoop(lab.table(), "tier1a", 64701)
            + withoutLoop(lab.table(), "tier1b", 64701);
    Pause.until(
        expected + " routes at tier2a, from its own feed and from both Tier 1s",
        LIMIT,
        () -> birdPaths() >= expected);
    assertThat(lab.ask("tier1b", "vtysh", "-c", "show bgp ipv4 unicast statistics"))
        .contains("Total Prefixes");
    assertThat(kernelRoutes("tier1b")).isLessThan(20);
    assertThat(kernelRoutes("tier2a")).isLessThan(20);
    assertThat(lab.dead()).isEmpty();
  }

  /// How many IPv4 routes of a feed a network of that number does not refuse as its own.
  private static int withoutLoop(RoutingTable table, String feed, long asn) {
    return table.feed(feed).stream()
        .filter(announcement -> announcement.prefixes().family() == Family.IPV4)
        .filter(announcement -> !announcement.attributes().asPath().contains(asn))
        .mapToInt(announcement -> announcement.prefixes().size())
        .sum();
  }

  private static int birdPaths() {
    Matcher count =
        Pattern.compile("of ([0-9]+) routes for [0-9]+ networks in table master4")
            .matcher(lab.ask("tier2a", "birdc", "show", "route", "count"));
    return count.find() ? Integer.parseInt(count.group(1)) : 0;
  }

  private static long kernelRoutes(String node) {
    return Command.run("ip", "-n", lab.network().namespace(node).name(), "route").lines().count();
  }

  @Test
  void traffic_leaves_a_neighbor_that_withdraws_and_returns_to_it_without_a_loss()
      throws IOException {
    String usual = Files.readString(lab.files().configuration(PEER));
    String ipv4Withdrawn = silent(usual, "ipv4");
    try (Probes probes = Probes.start(lab.network(), flows(lab), 1000)) {
      assertThat(nodes(0)).isEqualTo(PEERED);
      assertThat(nodes(1)).isEqualTo(PEERED);
      Probes.Mark start = probes.mark();

      configure(ipv4Withdrawn);
      awaitPeered(false, true);
      configure(silent(ipv4Withdrawn, "ipv6"));
      awaitPeered(false, false);
      configure(usual);
      awaitPeered(true, true);

      assertThat(probes.between(start, probes.mark()))
          .extracting(StreamResult::lost)
          .containsOnly(0L);
    }
  }

  /// A configuration of BIRD that announces nothing of a family to us.
  private static String silent(String configuration, String family) {
    String session = "protocol bgp edge1_" + family + " {";
    int from = configuration.indexOf(session);
    assertThat(from).as(session).isPositive();
    String rest = configuration.substring(from);
    return configuration.substring(0, from)
        + rest.replaceFirst("export filter to_\\w+;", "export none;");
  }

  private static void configure(String configuration) throws IOException {
    Files.writeString(lab.files().configuration(PEER), configuration);
    assertThat(lab.ask(PEER, "birdc", "configure")).contains("Reconfigured");
  }

  /// Waits until each family goes by the peer or does not, and all kernels are as intended.
  private static void awaitPeered(boolean ipv4, boolean ipv6) {
    Pause.until(
        "IPv4 by the peer: " + ipv4 + ", IPv6: " + ipv6,
        LIMIT,
        () ->
            nodes(0).equals(PEERED) == ipv4
                && nodes(1).equals(PEERED) == ipv6
                && nodes(0).getLast().equals("viewers")
                && nodes(1).getLast().equals("viewers"));
    lab.awaitStable(LIMIT);
    assertThat(lab.topology().edges())
        .allSatisfy(edge ->
            assertThat(lab.operator().drift(edge.name()).equalsIntent()).as(edge.name()).isTrue());
  }

  private static List<String> nodes(int flow) {
    Topology.Flow it = lab.topology().flows().get(flow);
    return PathTrace.trace(lab.network(), it.from().node(), it.from().address(), it.to().address())
        .nodes();
  }
}

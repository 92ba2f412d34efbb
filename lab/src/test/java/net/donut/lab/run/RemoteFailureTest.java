package net.donut.lab.run;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import net.donut.lab.neighbor.Neighbors;
import net.donut.lab.net.Pause;
import net.donut.lab.probe.PathTrace;
import net.donut.lab.probe.Probes;
import net.donut.lab.probe.StreamResult;
import net.donut.lab.table.TableSize;
import net.donut.lab.topology.Topology;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// A real BIRD that withdraws a part of its table, then all of it, and announces it again, while
/// its session with us stays. Needs root.
class RemoteFailureTest {
  private static final Duration LIMIT = Duration.ofSeconds(30);
  private static final String PEER = "tier2a";
  private static final List<String> PEERED = List.of("babulous", "edge2", "edge1", PEER, "viewers");

  @TempDir private Path logs = Path.of("unset");

  @Test
  void traffic_leaves_a_neighbor_that_withdraws_and_returns_to_it_without_a_loss()
      throws IOException {
    String name = "t-remote" + ProcessHandle.current().pid();
    LabOptions options =
        new LabOptions(
            name, logs, Neighbors.Choice.REAL, 5, new TableSize(800, 200), List.of(), Map.of());
    Story story = new Story(new PrintWriter(System.out, true, StandardCharsets.UTF_8));
    try (DonutLab lab = DonutLab.up(options, story)) {
      lab.awaitTable();
      lab.awaitStable(LIMIT);
      String usual = Files.readString(lab.files().configuration(PEER));
      String ipv4Withdrawn = silent(usual, "ipv4");
      try (Probes probes = Probes.start(lab.network(), DonutLabTest.flows(lab), 1000)) {
        assertThat(nodes(lab, 0)).isEqualTo(PEERED);
        assertThat(nodes(lab, 1)).isEqualTo(PEERED);
        Probes.Mark start = probes.mark();

        configure(lab, ipv4Withdrawn);
        awaitPeered(lab, false, true);
        configure(lab, silent(ipv4Withdrawn, "ipv6"));
        awaitPeered(lab, false, false);
        configure(lab, usual);
        awaitPeered(lab, true, true);

        assertThat(probes.between(start, probes.mark()))
            .extracting(StreamResult::lost)
            .containsOnly(0L);
      }
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

  private static void configure(DonutLab lab, String configuration) throws IOException {
    Files.writeString(lab.files().configuration(PEER), configuration);
    assertThat(lab.ask(PEER, "birdc", "configure")).contains("Reconfigured");
  }

  /// Waits until each family goes by the peer or does not, and all kernels are as intended.
  private static void awaitPeered(DonutLab lab, boolean ipv4, boolean ipv6) {
    Pause.until(
        "IPv4 by the peer: " + ipv4 + ", IPv6: " + ipv6,
        LIMIT,
        () ->
            nodes(lab, 0).equals(PEERED) == ipv4
                && nodes(lab, 1).equals(PEERED) == ipv6
                && nodes(lab, 0).getLast().equals("viewers")
                && nodes(lab, 1).getLast().equals("viewers"));
    lab.awaitStable(LIMIT);
    assertThat(lab.topology().edges())
        .allSatisfy(edge ->
            assertThat(lab.operator().drift(edge.name()).equalsIntent()).as(edge.name()).isTrue());
  }

  private static List<String> nodes(DonutLab lab, int flow) {
    Topology.Flow it = lab.topology().flows().get(flow);
    return PathTrace.trace(lab.network(), it.from().node(), it.from().address(), it.to().address())
        .nodes();
  }
}

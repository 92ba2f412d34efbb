package net.donut.lab.run;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import net.donut.fixtures.NeedsKernel;
import net.donut.lab.clab.DeployedLab;
import net.donut.lab.clab.model.RuntimeKind;
import net.donut.lab.net.Cut;
import net.donut.lab.probe.PathTrace;
import net.donut.lab.probe.Probes;
import net.donut.lab.topology.DonutTopology;
import net.donut.lab.topology.Topology;
import net.donut.model.IpAddress;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Over a wire of the real kernel.
@NeedsKernel
class ProbesTest {
  private static final Topology DONUT = DonutTopology.create(Map.of());
  private static final IpAddress EDGE = IpAddress.parse("100.64.3.1");
  private static final IpAddress TIER2 = IpAddress.parse("100.64.3.2");

  private static final String TOPOLOGY =
      """
      name: x
      topology:
        defaults:
          kind: linux
          image: alpine
          network-mode: none
          sysctls:
            net.ipv4.conf.all.ignore_routes_with_linkdown: 1
            net.ipv6.conf.all.ignore_routes_with_linkdown: 1
        nodes:
          edge1:
            exec:
              - ip addr add 100.64.3.1/30 dev tier2a
              - ip addr add fd00:3::1/64 dev tier2a nodad
          tier2a:
            exec:
              - ip addr add 100.64.3.2/30 dev edge1
              - ip addr add fd00:3::2/64 dev edge1 nodad
        links:
          - endpoints: ["edge1:tier2a", "tier2a:edge1"]
      """;

  @TempDir private Path directory = Path.of("unset");

  private DeployedLab deploy() throws IOException {
    Path file = Files.writeString(directory.resolve("lab.clab.yml"), TOPOLOGY);
    String name = "tprobe" + ProcessHandle.current().pid();
    return DeployedLab.deploy(DeployedLab.plan(file, RuntimeKind.NETNS, name, directory));
  }

  @Test
  void a_stream_counts_what_a_cut_costs_and_the_trace_sees_the_link_gone() throws IOException {
    try (DeployedLab lab = deploy()) {
      measure(new DeployedNetwork(DONUT, DeployedLab.RUNTIME, lab.record()));
    }
  }

  private static void measure(DeployedNetwork network) {
    try (Probes probes =
        Probes.start(
            network,
            List.of(
                flow("four", "100.64.3.1", "100.64.3.2"), flow("six", "fd00:3::1", "fd00:3::2")),
            1000)) {
      probes.between(probes.mark(), markAfter(probes, 200));
      Probes.Mark start = probes.mark();
      Probes.Mark quiet = markAfter(probes, 300);
      PathTrace before = PathTrace.trace(network, "edge1", EDGE, TIER2);
      network.cuts().cut("edge1-tier2a", Cut.Plain.FIBRE);
      Probes.Mark cut = probes.mark();
      Probes.Mark still = markAfter(probes, 200);
      PathTrace during = PathTrace.trace(network, "edge1", EDGE, TIER2);
      network.cuts().restore("edge1-tier2a");

      assertThat(probes.between(start, quiet))
          .hasSize(4)
          .allSatisfy(result -> {
            assertThat(result.sent()).isBetween(290L, 400L);
            assertThat(result.lost()).isZero();
          });
      assertThat(probes.between(cut, still))
          .allSatisfy(result -> {
            assertThat(result.lost()).isEqualTo(result.sent());
            assertThat(result.maxGapMs()).isGreaterThan(190);
            assertThat(result.gaps()).isEqualTo(1);
          });
      assertThat(before.toString()).isEqualTo("edge1 tier2a (AS 64500 64701)");
      assertThat(before.links(DONUT)).containsExactly("edge1-tier2a");
      assertThat(during.end()).isEqualTo(PathTrace.End.UNREACHABLE);
    }
  }

  private static Probes.Flow flow(String name, String edge, String tier2) {
    return new Probes.Flow(
        name,
        new Probes.End("edge1", IpAddress.parse(edge)),
        new Probes.End("tier2a", IpAddress.parse(tier2)));
  }

  private static Probes.Mark markAfter(Probes probes, long millis) {
    Probes.Mark start = probes.mark();
    Probes.Mark now = start;
    while (now.nanos() - start.nanos() < millis * 1_000_000) {
      now = probes.mark();
    }
    return now;
  }
}

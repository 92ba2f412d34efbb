package net.donut.lab.neighbor;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import net.donut.fixtures.NeedsPrograms;
import net.donut.lab.net.Cut;
import net.donut.lab.net.LiveNetwork;
import net.donut.lab.probe.PathTrace;
import net.donut.lab.run.DonutLab;
import net.donut.lab.run.LabOptions;
import net.donut.lab.run.Narration;
import net.donut.lab.table.TableSize;
import net.donut.lab.topology.DonutTopology;
import net.donut.lab.topology.Software;
import net.donut.lab.topology.Topology;
import net.donut.model.IpAddress;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// The networks around ours among themselves, without our routers. Needs root, BIRD and FRR.
@NeedsPrograms
class NeighborsTest {
  private static final Topology DONUT = DonutTopology.create(Map.of());
  private static final TableSize SMALL = new TableSize(2_000, 500);
  private static final IpAddress VIEWERS = IpAddress.parse("192.0.2.10");
  private static final IpAddress FAR = IpAddress.parse("198.18.100.10");
  private static final IpAddress VIEWERS_6 = IpAddress.parse("2001:db8:701::10");
  private static final IpAddress FAR_6 = IpAddress.parse("2001:db8:901::10");

  @TempDir private Path logs = Path.of("unset");

  private DonutLab up(String test, LabNeighbors.Choice choice) {
    String name = "t-" + test + ProcessHandle.current().pid();
    LabOptions options = new LabOptions(name, logs, choice, 7, SMALL, List.of(), Map.of());
    return DonutLab.up(
        options, new Narration(new PrintWriter(System.out, true, StandardCharsets.UTF_8)));
  }

  @Test
  void our_own_speakers_stand_in_and_reroute_around_a_cut() {
    try (DonutLab lab = up("own", LabNeighbors.Choice.OWN)) {
      LiveNetwork network = lab.network();
      assertThat(lab.software("tier1a")).isEqualTo(Software.DONUT);
      awaitPaths(network);
      PathTrace before = PathTrace.trace(network, "viewers", VIEWERS, FAR);

      network.cuts().cut(before.links(DONUT).get(1), Cut.Plain.FIBRE);

      await(
          "another way than " + before,
          () -> {
            PathTrace now = PathTrace.trace(network, "viewers", VIEWERS, FAR);
            return now.end() == PathTrace.End.ARRIVED && !now.nodes().equals(before.nodes());
          });
      network.cuts().restore(before.links(DONUT).get(1));
      await(
          "the old way again",
          () -> PathTrace.trace(network, "viewers", VIEWERS, FAR).nodes().equals(before.nodes()));
    }
  }

  private static void awaitPaths(LiveNetwork network) {
    await(
        "a way from viewers to far and back, both families",
        () ->
            arrives(network, "viewers", VIEWERS, FAR)
                && arrives(network, "far", FAR, VIEWERS)
                && arrives(network, "viewers", VIEWERS_6, FAR_6)
                && arrives(network, "far", FAR_6, VIEWERS_6));
  }

  private static boolean arrives(LiveNetwork network, String node, IpAddress from, IpAddress to) {
    return PathTrace.trace(network, node, from, to).end() == PathTrace.End.ARRIVED;
  }

  private static void await(String what, BooleanSupplier condition) {
    long deadline = System.nanoTime() + Duration.ofSeconds(40).toNanos();
    while (!condition.getAsBoolean()) {
      assertThat(System.nanoTime()).as("within 40 s: " + what).isLessThan(deadline);
      LockSupport.parkNanos(100_000_000);
    }
  }
}

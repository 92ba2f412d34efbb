package net.donut.lab.neighbor;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import net.donut.fixtures.NeedsPrograms;
import net.donut.lab.net.Command;
import net.donut.lab.table.TableGenerator;
import net.donut.lab.table.TableSize;
import net.donut.lab.topology.DonutTopology;
import net.donut.lab.topology.LabNode;
import net.donut.lab.topology.Topology;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Needs BIRD.
@NeedsPrograms
class FeedConfigTest {
  private static final Topology TOPOLOGY = DonutTopology.create(Map.of());
  private static final List<LabNode.Network> FED =
      TOPOLOGY.networkNodes().filter(network -> network.feed() > 0).toList();

  @Test
  void bird_reads_a_route_for_each_prefix_of_each_feed(@TempDir Path directory) throws Exception {
    var table = TableGenerator.generate(TOPOLOGY, new TableSize(400, 100), 3);

    String conf = FeedConfig.render(FED, table);

    long routes =
        FED.stream()
            .flatMap(network -> table.feed(network.name()).stream())
            .mapToLong(announcement -> announcement.prefixes().size())
            .sum();
    assertThat(conf.lines().filter(line -> line.startsWith("  route "))).hasSize((int) routes);
    Path file = Files.writeString(directory.resolve("bird.conf"), conf);
    Command.Result read = Command.tryRun(List.of("bird", "-p", "-c", file.toString()), "");
    assertThat(read.errors()).isEmpty();
    assertThat(read.exitCode()).isZero();
  }
}

package net.donut.lab.run;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import net.donut.fixtures.NeedsKernel;
import net.donut.lab.clab.PerLabRuntime;
import net.donut.lab.clab.model.RuntimeKind;
import net.donut.lab.clab.parse.TopologyReader;
import net.donut.lab.clab.plan.Images;
import net.donut.lab.clab.plan.Planner;
import net.donut.lab.clab.run.Deployment;
import net.donut.lab.clab.run.Labs;
import net.donut.lab.net.Command;
import net.donut.lab.topology.Topology;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Two nodes on a management network. Needs root.
@NeedsKernel
class DeployedNetworkTest {
  private static final String COUNTER = "/sys/class/net/eth0/statistics/rx_packets";

  private static final int TIMED_OUT = 124;

  private final String name = "t-mute" + ProcessHandle.current().pid();
  private final PerLabRuntime runtime = new PerLabRuntime();

  @TempDir private Path directory = Path.of("unset");

  private DeployedNetwork deploy() throws Exception {
    Path file = directory.resolve("two.clab.yml");
    Files.writeString(
        file,
        """
        name: %s
        mgmt: {ipv4-subnet: 10.255.0.0/24}
        topology:
          defaults: {kind: linux, image: alpine}
          nodes:
            one: {mgmt-ipv4: 10.255.0.11}
            two: {mgmt-ipv4: 10.255.0.12}
          links: []
        """
            .formatted(name));
    TopologyReader.Purpose purpose =
        new TopologyReader.Purpose("", RuntimeKind.NETNS, TopologyReader.Unsupported.REFUSE);
    Deployment.Result outcome =
        Deployment.deploy(
            runtime,
            Planner.plan(
                TopologyReader.read(file, purpose, Map.of()).orThrow(),
                Images.known(),
                RuntimeKind.NETNS,
                Map.of()),
            Deployment.Options.STANDARD,
            _ -> {},
            _ -> {});
    return new DeployedNetwork(
        new Topology(64500, List.of(), List.of(), List.of(), List.of()), runtime, outcome.lab());
  }

  @AfterEach
  void destroy() {
    Labs.destroyIfThere(runtime, name, Labs.Directory.DELETE);
  }

  @Test
  void a_muted_node_is_not_heard_and_still_hears() throws Exception {
    DeployedNetwork network = deploy();
    assertThat(answers(network)).isTrue();

    network.mute("one");
    long before = heard(network);
    assertThat(answers(network)).as("muted").isFalse();
    assertThat(heard(network)).isGreaterThan(before);

    network.unmute("one");
    assertThat(answers(network)).isTrue();
  }

  @Test
  void a_partitioned_node_neither_hears_nor_is_heard() throws Exception {
    DeployedNetwork network = deploy();
    network.partition("one");
    long before = heard(network);
    assertThat(answers(network)).isFalse();
    assertThat(heard(network)).isEqualTo(before);

    network.rejoin("one");
    assertThat(answers(network)).isTrue();
  }

  /// Whether `one` tells `two` that nothing listens at a port of its.
  private static boolean answers(DeployedNetwork network) {
    List<String> connect = List.of("timeout", "2", "bash", "-c", "exec 3<>/dev/tcp/10.255.0.11/9");
    return Command.tryRun(network.namespace("two").inside(connect), "").exitCode() != TIMED_OUT;
  }

  private static long heard(DeployedNetwork network) {
    return Long.parseLong(network.ask("one", List.of("cat", COUNTER)).strip());
  }
}

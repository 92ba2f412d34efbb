package net.donut.lab.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import net.donut.fixtures.NeedsKernel;
import net.donut.lab.clab.PerLabRuntime;
import net.donut.lab.clab.link.CuttableLab;
import net.donut.lab.clab.run.LabRecord;
import net.donut.lab.clab.run.Labs;
import net.donut.lab.net.Command;
import net.donut.lab.net.Cut;
import net.donut.lab.net.Cuts;
import net.donut.lab.net.Launcher;
import net.donut.lab.net.Namespace;
import net.donut.lab.net.Pause;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/// Links out of a lab, on a machine that is a namespace with a wire to another one. Needs root.
@Timeout(value = 120, unit = TimeUnit.SECONDS)
@NeedsKernel
class OutsideLinksTest {
  private static final Duration LIMIT = Duration.ofSeconds(10);
  private static final int TIMED_OUT = 124;
  private static final String BY_MACVLAN = "192.0.2.10";
  private static final String BY_VXLAN = "198.51.100.10";

  private final String name = "tout" + ProcessHandle.current().pid();
  private final Namespace machine = new Namespace(name + "-machine");
  private final Namespace far = new Namespace(name + "-far");
  private final PerLabRuntime runtime = new PerLabRuntime();

  @TempDir private Path directory = Path.of("unset");

  /// As any process has them, which knows the lab by its name only.
  private Cuts cuts() {
    return new CuttableLab(runtime, LabRecord.require(name)).cuts();
  }

  @BeforeEach
  void wire() {
    for (Namespace each : List.of(machine, far)) {
      Command.run("ip", "netns", "add", each.name());
    }
    machine.ip(
        List.of(
            "link set lo up",
            "link add name up0 type veth peer name up0 netns " + far.name(),
            "address add 10.99.0.1/24 dev up0",
            "link set up0 up"));
    far.ip(
        List.of(
            "address add 10.99.0.2/24 dev up0",
            "address add 192.0.2.1/24 dev up0",
            "link set up0 up",
            "link add name vx0 type vxlan id 42 remote 10.99.0.1 dstport 4789",
            "address add 198.51.100.1/24 dev vx0",
            "link set vx0 up"));
  }

  @AfterEach
  void unwire() {
    Labs.destroyIfThere(runtime, name, Labs.Directory.DELETE);
    machine.delete();
    far.delete();
  }

  private Command.Result deploy(String parent) throws IOException {
    Path file = directory.resolve("out.clab.yml");
    Files.writeString(
        file,
        """
        name: %s
        topology:
          defaults: {kind: linux, image: alpine}
          nodes:
            r1:
              exec:
                - ip address add %s/24 dev eth1
                - ip address add %s/24 dev eth2
          links:
            - endpoints: ["r1:eth1", "macvlan:%s"]
            - {type: vxlan, endpoint: {node: r1, interface: eth2}, remote: 10.99.0.2, vni: 42, dst-port: 4789, mtu: 1400}
        """
            .formatted(name, BY_MACVLAN, BY_VXLAN, parent));
    List<String> line = new ArrayList<>(List.of("env", "CLAB_LABDIR_BASE=" + directory));
    line.addAll(Launcher.command(List.of("lab", "deploy", "-t", file.toString())));
    return Command.tryRun(machine.inside(line), "", Duration.ofSeconds(60));
  }

  @Test
  void a_node_is_reached_by_an_interface_of_the_machine_and_by_a_tunnel_until_they_are_cut()
      throws IOException {
    Command.Result deployed = deploy("up0");
    assertThat(deployed.exitCode()).as(deployed.errors()).isZero();
    assertThat(deployed.errors()).contains("is on the interface up0 of this machine");
    await("by macvlan", BY_MACVLAN);
    await("by vxlan", BY_VXLAN);

    cuts().cut("r1:vxlan", Cut.Plain.FIBRE);
    assertThat(answers(BY_VXLAN)).isFalse();
    assertThat(answers(BY_MACVLAN)).isTrue();

    cuts().cut("r1:eth1", Cut.Plain.SILENT);
    assertThat(answers(BY_MACVLAN)).isFalse();

    cuts().restoreAll();
    await("by macvlan again", BY_MACVLAN);
    await("by vxlan again", BY_VXLAN);
  }

  @Test
  void an_interface_that_the_machine_lacks_is_named() throws IOException {
    Command.Result deployed = deploy("up7");

    assertThat(deployed.exitCode()).isPositive();
    assertThat(deployed.errors())
        .contains("out.clab.yml:10: link r1:eth1-macvlan:up7: this machine has no interface 'up7'");
    assertThat(LabRecord.read(name)).isEmpty();
  }

  private void await(String what, String address) {
    Pause.until(what, LIMIT, () -> answers(address));
  }

  /// Whether the node tells who is far that nothing listens at a port of its.
  private boolean answers(String address) {
    List<String> connect =
        List.of("timeout", "1", "bash", "-c", "exec 3<>/dev/tcp/" + address + "/9");
    Command.Result result = Command.tryRun(far.inside(connect), "");
    return result.exitCode() != TIMED_OUT && result.errors().contains("refused");
  }
}

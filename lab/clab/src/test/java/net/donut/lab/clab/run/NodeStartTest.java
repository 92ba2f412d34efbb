package net.donut.lab.clab.run;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import net.donut.fixtures.NeedsDocker;
import net.donut.lab.clab.DeployedLab;
import net.donut.lab.clab.model.RuntimeKind;
import net.donut.lab.clab.plan.Plan;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/// What nodes start with, and what is told of those that do not live, on both runtimes.
@Timeout(value = 180, unit = TimeUnit.SECONDS)
@NeedsDocker
class NodeStartTest {
  @TempDir private Path directory;

  private Plan plan(RuntimeKind runtime, String text) throws IOException {
    Path file = Files.writeString(directory.resolve("x.clab.yml"), text);
    String name = "tstart" + runtime.word() + ProcessHandle.current().pid();
    return DeployedLab.plan(file, runtime, name, directory);
  }

  @ParameterizedTest
  @EnumSource
  void a_default_route_of_the_labs_own_is_before_that_of_management(RuntimeKind runtime)
      throws IOException {
    Plan plan =
        plan(
            runtime,
            """
            name: x
            topology:
              defaults: {kind: linux, image: donut-lab}
              nodes:
                added: {exec: [ip address add 10.1.0.2/24 dev eth1, ip route add default via 10.1.0.1]}
                replaced: {exec: [ip address add 10.2.0.2/24 dev eth1, ip route replace default via 10.2.0.1]}
                metric: {exec: [ip address add 10.3.0.2/24 dev eth1, ip route replace default via 10.3.0.1 metric 1]}
                six: {exec: [ip address add fd04::2/64 dev eth1 nodad, ip -6 route add default via fd04::1]}
                r_1: {}
              links:
                - endpoints: ["added:eth1", "r_1:eth1"]
                - endpoints: ["replaced:eth1", "r_1:eth2"]
                - endpoints: ["metric:eth1", "r_1:eth3"]
                - endpoints: ["six:eth1", "r_1:eth4"]
            """);
    try (DeployedLab lab = DeployedLab.deploy(plan)) {
      assertThat(lab.outcome().failures()).isEmpty();
      for (String node : List.of("added", "replaced", "metric")) {
        assertThat(lab.exec(node, "ip route get 192.0.2.1").output()).as(node).contains("dev eth1");
        assertThat(lab.exec(node, "ip route").output())
            .contains("default via 172.20.20.1 dev eth0");
      }
      assertThat(lab.exec("six", "ip -6 route get 2001:db8::1").output()).contains("dev eth1");
      assertThat(lab.exec("r_1", "ip route get 192.0.2.1").output()).contains("dev eth0");
      assertThat(lab.exec("r_1", "hostname").output()).isEqualTo("r_1\n");
    }
  }

  @ParameterizedTest
  @EnumSource
  void the_daemons_of_a_configuration_start_and_frrs_own_start_script_is_there(RuntimeKind runtime)
      throws IOException {
    Files.writeString(
        directory.resolve("r1.conf"),
        "interface eth1\n ip address 10.0.0.1/30\nrouter bgp 65001\n neighbor 10.0.0.2 remote-as 65002\n");
    Files.writeString(directory.resolve("r2.conf"), "router ospf\n");
    Plan plan =
        plan(
            runtime,
            """
            name: x
            topology:
              defaults: {kind: linux, image: frrouting/frr}
              nodes:
                r1: {binds: ["r1.conf:/etc/frr/frr.conf"]}
                r2: {binds: ["r2.conf:/etc/frr/frr.conf"], entrypoint: /sbin/tini --, cmd: /usr/lib/frr/docker-start}
              links:
                - endpoints: ["r1:eth1", "r2:eth1"]
            """);
    try (DeployedLab lab = DeployedLab.deploy(plan)) {
      lab.await("r1", "vtysh -c 'show bgp summary'", "local AS number 65001");
      lab.await("r2", "vtysh -c 'show ip ospf'", "OSPF Routing Process");
      assertThat(Settling.failures(DeployedLab.RUNTIME, lab.record(), plan)).isEmpty();
    }
  }

  @ParameterizedTest
  @EnumSource
  void a_node_that_does_not_live_is_told_with_its_last_line(RuntimeKind runtime)
      throws IOException {
    Files.writeString(directory.resolve("empty.conf"), "");
    Plan plan =
        plan(
            runtime,
            """
            name: x
            topology:
              nodes:
                b1: {kind: linux, image: bird, binds: ["empty.conf:/etc/bird/bird.conf"]}
                h1: {kind: linux, image: donut-lab}
                once: {kind: linux, image: donut-lab, restart-policy: "no", cmd: "sh -c 'echo made; exit 0'"}
                wrong: {kind: linux, image: donut-lab, restart-policy: "no", cmd: "sh -c 'echo no way; exit 3'"}
            """);
    try (DeployedLab lab = DeployedLab.deploy(plan)) {
      List<String> failures = Settling.failures(DeployedLab.RUNTIME, lab.record(), plan);

      assertThat(failures).hasSize(2);
      assertThat(failures.getFirst())
          .startsWith("node b1 ends again and again: bird: /etc/bird/bird.conf:1")
          .endsWith("(all it wrote: donut lab logs b1 --name " + lab.record().lab() + ")");
      assertThat(failures.getLast()).startsWith("node wrong has ended with exit code 3: no way (");
    }
  }
}

package net.donut.lab.clab.run;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import net.donut.fixtures.NeedsDocker;
import net.donut.fixtures.NeedsPrograms;
import net.donut.lab.clab.DeployedLab;
import net.donut.lab.clab.model.RuntimeKind;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/// The topologies in `lab/topologies`, with this machine's FRR and BIRD. Those whose form is of
/// public labs on both runtimes; triangle and exchange as containers are in `ContainerLabTest`.
@Timeout(value = 120, unit = TimeUnit.SECONDS)
class ShippedTopologiesTest {
  @TempDir private Path directory;

  private DeployedLab deploy(String topology) {
    return deploy(topology, RuntimeKind.NETNS);
  }

  private DeployedLab deploy(String topology, RuntimeKind runtime) {
    String name = "t" + topology + ProcessHandle.current().pid();
    return DeployedLab.deploy(
        DeployedLab.plan(DeployedLab.shipped(topology), runtime, name, directory));
  }

  @NeedsPrograms
  @Test
  void the_triangle_learns_every_prefix_over_both_ways() throws IOException {
    try (DeployedLab lab = deploy("triangle")) {
      lab.await(
          "r1", "vtysh -c 'show ip bgp 198.51.100.48/28'", "2 available", "65003", "65002 65003");
      lab.await("r1", "ip route", "198.51.100.48/28", "198.51.100.32/28");
      assertThat(lab.exec("r1", "hostname").output()).isEqualTo("r1\n");
      assertThat(lab.exec("r1", "cat /etc/frr/frr.conf").output()).contains("hostname r1");
      assertThat(saved(lab, "r1")).startsWith("!\nfrr version").contains("router bgp 65001");
    }
  }

  /// The configuration of a node as `donut lab save` writes it.
  private static String saved(DeployedLab lab, String node) throws IOException {
    LabRecord record = lab.record();
    Path file =
        SavedConfiguration.save(DeployedLab.RUNTIME, record, record.node(node), List.of())
            .orElseThrow();
    assertThat(file).startsWith(Path.of(record.directory()).resolve(node));
    return Files.readString(file);
  }

  @NeedsDocker
  @ParameterizedTest
  @EnumSource
  void the_spine_leaf_fabric_carries_traffic_between_hosts(RuntimeKind runtime) {
    try (DeployedLab lab = deploy("spine-leaf", runtime)) {
      lab.await("leaf1", "ip route show 192.168.3.0/24", "eth1", "eth2");
      lab.await("leaf3", "ip route show 192.168.1.0/24", "eth1", "eth2");

      LabRuntime.ExecResult connection =
          lab.exec("host1", "timeout 10 bash -c 'exec 3<>/dev/tcp/192.168.3.1/179'");

      assertThat(connection.exitCode()).as(connection.errors()).isZero();
      assertThat(lab.record().node("spine1").ipv4()).isEqualTo("172.20.20.11");
      assertThat(lab.record().node("host1").ipv4()).isEqualTo("172.20.20.2");
    }
  }

  @NeedsPrograms
  @Test
  void the_fabric_of_a_template_has_every_leaf_at_every_spine() {
    Path file = DeployedLab.shipped("clos").resolveSibling("clos.clab.gotmpl");
    String name = "tclos" + ProcessHandle.current().pid();
    try (DeployedLab lab = DeployedLab.deploy(file, name, directory)) {
      assertThat(lab.outcome().failures()).isEmpty();
      assertThat(lab.record().links()).hasSize(6);
      assertThat(lab.exec("leaf1", "ip route show 192.168.0.0/16").output())
          .contains("via 10.1.1.0 dev eth1", "via 10.2.1.0 dev eth2");
      // Nobody listens there, and leaf3 says so.
      assertThat(lab.exec("leaf1", "timeout 10 bash -c 'exec 3<>/dev/tcp/192.168.3.1/9'").errors())
          .contains("Connection refused");
    }
  }

  @NeedsDocker
  @ParameterizedTest
  @EnumSource
  void the_branch_prefers_its_first_provider(RuntimeKind runtime) {
    try (DeployedLab lab = deploy("branch", runtime)) {
      lab.await("branch", "vtysh -c 'show ip bgp 198.51.100.0/24'", "2 available", "localpref 200");
      lab.await("branch", "ip route show 198.51.100.0/24", "via 10.1.1.1 dev eth1");
      lab.await("internet", "ip route show 203.0.113.0/24", "via 10.1.");
    }
  }

  @NeedsDocker
  @ParameterizedTest
  @EnumSource
  void the_diamond_has_two_ways_from_west_to_east(RuntimeKind runtime) {
    try (DeployedLab lab = deploy("diamond", runtime)) {
      lab.await(
          "west",
          "vtysh -c 'show ip bgp 198.51.100.128/25'",
          "2 available",
          "65011 65012 65002",
          "65021 65022 65002");
    }
  }

  @NeedsPrograms
  @Test
  void the_exchange_gives_every_member_the_others_prefixes_without_its_own_as() throws IOException {
    try (DeployedLab lab = deploy("exchange")) {
      lab.await("m1", "birdc show route all for 198.51.100.65", "65002", "via 192.0.2.12");
      lab.await("m1", "ip route show 198.51.100.128/26", "via 192.0.2.13 dev eth1");
      assertThat(lab.exec("m1", "birdc show route all for 198.51.100.65").output())
          .doesNotContain("65500");
      assertThat(saved(lab, "m1")).isEqualTo(lab.exec("m1", "cat /etc/bird/bird.conf").output());
    }
  }
}

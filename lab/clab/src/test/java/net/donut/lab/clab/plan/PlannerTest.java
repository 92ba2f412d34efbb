package net.donut.lab.clab.plan;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import net.donut.lab.clab.model.ClabTopology;
import net.donut.lab.clab.model.RuntimeKind;
import net.donut.lab.clab.parse.TopologyReader;
import net.donut.lab.net.LabException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class PlannerTest {
  private static final String NODES =
      """
      topology:
        defaults: {kind: linux, image: donut-lab}
        nodes:
          a: {aliases: [gateway, gw.example]}
          b: {mgmt-ipv4: 10.7.0.200}
          c: {network-mode: host}
      """;

  @TempDir private Path directory;

  private Plan plan(String management, String nodes) throws IOException {
    Path file =
        Files.writeString(
            directory.resolve("x.clab.yml"),
            "name: x\nmgmt: {%s}\n%s".formatted(management, nodes));
    TopologyReader.Purpose purpose =
        new TopologyReader.Purpose("", RuntimeKind.DOCKER, TopologyReader.Unsupported.REFUSE);
    return Planner.plan(
        TopologyReader.read(file, purpose, Map.of()).orThrow(),
        Images.known(),
        RuntimeKind.DOCKER,
        Map.of());
  }

  @Test
  void addresses_come_out_of_the_range() throws IOException {
    Plan plan =
        plan(
            "ipv4-subnet: 10.7.0.0/24, ipv4-range: 10.7.0.128/25, ipv6-subnet: 'fd07::/64',"
                + " ipv6-range: 'fd07::a:0/112'",
            NODES);

    assertThat(plan.management().ipv4().gateway()).hasToString("10.7.0.1");
    assertThat(plan.node("a").orElseThrow().ipv4()).hasToString("10.7.0.128");
    assertThat(plan.node("a").orElseThrow().ipv6()).hasToString("fd07::a:0");
    assertThat(plan.node("b").orElseThrow().ipv4()).hasToString("10.7.0.200");
    assertThat(plan.node("b").orElseThrow().ipv6()).hasToString("fd07::a:1");
  }

  @Test
  void a_range_at_the_beginning_or_the_end_of_the_subnet_leaves_out_what_is_no_nodes()
      throws IOException {
    String two = "topology: {defaults: {kind: linux, image: donut-lab}, nodes: {a: {}, b: {}}}\n";

    assertThat(
            plan("ipv4-subnet: 10.7.0.0/24, ipv4-range: 10.7.0.0/29", two).nodes().stream()
                .map(node -> String.valueOf(node.ipv4())))
        .containsExactly("10.7.0.2", "10.7.0.3");
    assertThatThrownBy(() -> plan("ipv4-subnet: 10.7.0.0/24, ipv4-range: 10.7.0.254/31", two))
        .isInstanceOf(LabException.class)
        .hasMessageContaining("topology.nodes.b: no management address is left in 10.7.0.0/24");
  }

  @Test
  void a_management_network_that_cannot_be_is_refused() {
    assertThatThrownBy(() -> plan("ipv4-subnet: 10.7.0.0/24, ipv4-range: 10.8.0.0/25", NODES))
        .hasMessageContaining("mgmt.ipv4: range 10.8.0.0/25 (expected: a part of 10.7.0.0/24)");
    assertThatThrownBy(() -> plan("ipv4-subnet: 10.7.0.0/24, ipv4-gw: 10.8.0.1", NODES))
        .hasMessageContaining("mgmt.ipv4: gateway 10.8.0.1 (expected: an address of 10.7.0.0/24)");
    assertThatThrownBy(() -> plan("ipv6-subnet: 10.7.0.0/24", NODES))
        .hasMessageContaining(
            "mgmt.ipv6: subnet 10.7.0.0/24 (expected: one such as 3fff:172:20:20::/64)");
  }

  @Test
  void a_bridge_in_the_network_of_another_node_is_refused() {
    assertThatThrownBy(() -> plan("", "topology: {nodes: {'br|a': {kind: bridge}}}\n"))
        .hasMessageContaining("topology.nodes.br|a: a bridge in another node's network");
  }

  @Test
  void aliases_are_names_of_both_addresses() throws IOException {
    List<Plan.Host> hosts =
        plan("ipv4-subnet: 10.7.0.0/24, ipv6-subnet: 'fd07::/64'", NODES).hosts();

    assertThat(hosts).hasSize(4);
    assertThat(hosts.subList(0, 2))
        .allSatisfy(host ->
            assertThat(host.names()).containsExactly("clab-x-a", "a", "gateway", "gw.example"));
  }

  @Test
  void a_node_in_the_hosts_network_is_told_whose_that_is() throws IOException {
    assertThat(plan("ipv4-subnet: 10.7.0.0/24", NODES).notes())
        .containsExactly(
            "host is the namespace donut-clab-x-host; this machine's own interfaces are not"
                + " touched");
  }

  @Test
  void a_management_network_of_an_ipv4_subnet_alone_has_no_ipv6() throws IOException {
    String two = "topology: {defaults: {kind: linux, image: donut-lab}, nodes: {a: {}, b: {}}}\n";

    assertThat(plan("ipv4-subnet: 10.7.0.0/24", two).nodes())
        .allSatisfy(node -> assertThat(node.ipv6()).isNull());
    assertThat(plan("ipv6-subnet: 'fd07::/64'", two).nodes())
        .allSatisfy(node -> assertThat(node.ipv6()).isNotNull());
    assertThat(plan("mtu: 1400", two).nodes())
        .allSatisfy(node -> assertThat(node.ipv6()).isNotNull());
    assertThatThrownBy(() ->
            plan(
                "ipv4-subnet: 10.7.0.0/24",
                "topology: {nodes: {a: {kind: linux, image: donut-lab, mgmt-ipv6: 'fd07::9'}}}\n"))
        .isInstanceOf(LabException.class)
        .hasMessageContaining(
            "topology.nodes.a: management address fd07::9 (expected: mgmt.ipv6-subnet too, as mgmt"
                + " gives an IPv4 subnet alone)");
  }

  @Test
  void what_containerlab_would_refuse_is_told() throws IOException {
    assertThat(
            plan(
                    "network: x",
                    """
                    topology:
                      defaults: {kind: linux, image: donut-lab}
                      nodes:
                        pki: {binds: ["__clabDir__/pki:/pki", "__clabDir__/topology-data.json:/t"]}
                        edge:
                          mgmt-ipv4: 172.20.20.9
                          stages: {create: {wait-for: [{node: pki, stage: exit}]}}
                        a: {stages: {create-links: {wait-for: [{node: b, stage: create}]}}}
                        b: {stages: {healthy: {wait-for: [{node: a, stage: create}]}}}
                        c: {stages: {create: {wait-for: [{node: a, stage: create}]}}}
                        ix: {kind: bridge}
                    """)
                .notes())
        .containsExactly(
            "bridge ix is made in a namespace; containerlab needs it before: ip link add ix type"
                + " bridge",
            "node pki binds pki of the lab directory: containerlab refuses a source that is not"
                + " there before the deployment (bind a folder beside the file that exists)",
            "node edge has a static management address and waits for pki, which has none:"
                + " containerlab makes nodes with one before all others, and refuses (give pki a"
                + " mgmt-ipv4 too)",
            "nodes a, b wait for stages of each other: containerlab refuses every circle of nodes");
  }

  @ParameterizedTest
  @MethodSource("shipped")
  void every_file_that_we_ship_deploys_with_containerlab_too(Path file) {
    TopologyReader.Purpose purpose =
        new TopologyReader.Purpose("", RuntimeKind.DOCKER, TopologyReader.Unsupported.REFUSE);

    Plan plan =
        Planner.plan(
            TopologyReader.read(file, purpose, Map.of()).orThrow(),
            Images.known(),
            RuntimeKind.DOCKER,
            Map.of());

    assertThat(plan.notes())
        .noneMatch(note -> note.contains("containerlab") && !note.startsWith("bridge "));
  }

  @Test
  void labs_with_addresses_of_their_own_can_stand_side_by_side() throws IOException {
    Map<String, String> subnets = new HashMap<>();
    for (Path file : shipped()) {
      TopologyReader.Purpose purpose =
          new TopologyReader.Purpose("", RuntimeKind.DOCKER, TopologyReader.Unsupported.REFUSE);
      ClabTopology topology = TopologyReader.read(file, purpose, Map.of()).orThrow();
      if (topology.nodes().stream().anyMatch(node -> !node.network().ipv4().isEmpty())) {
        String subnet = topology.management().ipv4().prefix();
        assertThat(subnets.put(subnet, topology.name())).as("another lab in %s", subnet).isNull();
      }
    }
  }

  private static List<Path> shipped() throws IOException {
    Path root = Path.of(System.getProperty("donut.root", ".."), "lab", "topologies");
    try (Stream<Path> files = Files.walk(root)) {
      return files
          .filter(file -> file.getFileName().toString().endsWith(".clab.yml"))
          .filter(file -> !file.toString().contains("/clab-"))
          .map(file -> file.toAbsolutePath().normalize())
          .sorted()
          .toList();
    }
  }
}

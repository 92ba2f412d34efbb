package net.donut.lab.clab.plan;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import net.donut.fixtures.NeedsPrograms;
import net.donut.lab.clab.model.ClabTopology;
import net.donut.lab.clab.model.NodeDefinition;
import net.donut.lab.clab.model.RuntimeKind;
import net.donut.lab.clab.parse.TopologyReader;
import net.donut.lab.clab.parse.TopologyReader.Unsupported;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// What would fail while a lab is made is refused before, with its line.
@NeedsPrograms
class PlanCheckTest {
  @TempDir private Path directory;

  private TopologyReader.Result read(String text, Unsupported unsupported) throws IOException {
    Path file = Files.writeString(directory.resolve("x.clab.yml"), text);
    return TopologyReader.read(
        file, new TopologyReader.Purpose("", RuntimeKind.NETNS, unsupported), Map.of());
  }

  private Plan plan(String text, Unsupported unsupported) throws IOException {
    ClabTopology topology = read(text, unsupported).orThrow();
    return Planner.plan(topology, Images.known(), RuntimeKind.NETNS, Map.of(), unsupported);
  }

  private Plan plan(String text) throws IOException {
    return plan(text, Unsupported.REFUSE);
  }

  @ParameterizedTest
  @CsvSource({"host", "mgmt-net", "macvlan"})
  void a_word_of_links_is_no_name_of_a_node(String word) throws IOException {
    String text =
        """
        name: x
        topology:
          nodes:
            %s: {kind: linux, image: alpine}
            b: {kind: linux, image: alpine}
          links:
            - endpoints: ["%s:eth1", "b:eth1"]
        """
            .formatted(word, word);

    assertThat(read(text, Unsupported.REFUSE).problems().errors())
        .extracting(Object::toString)
        .containsExactly(
            "x.clab.yml:4: topology.nodes."
                + word
                + ": in links this name means something else than a node (expected: another name"
                + " than host, mgmt-net and macvlan)");
  }

  @Test
  void every_interface_of_a_namespace_has_a_name_of_its_own() {
    assertThatThrownBy(() ->
            plan(
                """
                name: x
                topology:
                  defaults: {kind: linux, image: alpine}
                  nodes:
                    a: {}
                    b: {network-mode: "container:a"}
                    c: {network-mode: host}
                    d: {network-mode: host}
                    br: {kind: bridge}
                  links:
                    - endpoints: ["a:eth1", "c:eth1"]
                    - endpoints: ["b:eth1", "d:eth1"]
                    - endpoints: ["a:lo", "br:br"]
                    - endpoints: ["b:eth0", "br:m0"]
                """))
        .hasMessage(
            """
            x.clab.yml:12: b:eth1 of link b:eth1-d:eth1: an interface 'eth1' is there already: a:eth1 of link a:eth1-c:eth1 (expected: another name)
            x.clab.yml:12: d:eth1 of link b:eth1-d:eth1: an interface 'eth1' is there already: c:eth1 of link a:eth1-c:eth1 (expected: another name)
            x.clab.yml:13: a:lo of link a:lo-br:br: an interface 'lo' is there already: the loopback (expected: another name)
            x.clab.yml:13: br:br of link a:lo-br:br: an interface 'br' is there already: the bridge br (expected: another name)
            x.clab.yml:14: b:eth0 of link b:eth0-br:m0: an interface 'eth0' is there already: the management interface of a (expected: another name)
            x.clab.yml:14: br:m0 of link b:eth0-br:m0: an interface 'm0' is there already: the management port of a (expected: another name)\
            """
                .stripIndent());
  }

  @Test
  void what_no_kernel_takes_is_refused_with_its_line() {
    assertThatThrownBy(() ->
            plan(
                """
                name: x
                mgmt: {bridge: a-bridge-with-a-name, mtu: 1200}
                topology:
                  defaults: {kind: linux, image: alpine}
                  nodes:
                    a: {hostname: 'x y'}
                    b: {binds: ['/tmp:/etc/hosts']}
                  links:
                    - {type: veth, endpoints: [{node: a, interface: eth1, mac: '01:00:5e:00:00:01'}, {node: b, interface: eth1}]}
                    - {type: vxlan, endpoint: {node: a, interface: eth2}, remote: 192.0.2.1, vni: 7, dst-port: 4789}
                    - {type: vxlan, endpoint: {node: a, interface: eth3}, remote: 192.0.2.2, vni: 7, dst-port: 4789}
                """))
        .hasMessageContaining("x.clab.yml:2: mgmt.bridge: 'a-bridge-with-a-name' (expected: 1..15")
        .hasMessageContaining("x.clab.yml:2: mgmt.mtu: 1200 (expected: 1280..65535")
        .hasMessageContaining("x.clab.yml:6: topology.nodes.a.hostname: 'x y'")
        .hasMessageContaining(
            "x.clab.yml:7: topology.nodes.b.binds: '/tmp' is a directory and /etc/hosts is a file")
        .hasMessageContaining("x.clab.yml:9: link a:eth1-b:eth1: mac 01:00:5e:00:00:01 of a:eth1")
        .hasMessageContaining("x.clab.yml:11: link a:eth3-vxlan:vni7: vni 7 at port 4789 is taken");
  }

  @Test
  void an_empty_command_under_exec_is_refused() throws IOException {
    assertThat(
            read(
                    "name: x\ntopology: {nodes: {a: {kind: linux, image: alpine, exec: ['']}}}\n",
                    Unsupported.REFUSE)
                .problems()
                .errors())
        .extracting(Object::toString)
        .containsExactly("x.clab.yml:2: topology.nodes.a.exec: '' (expected: a command)");
  }

  private static final String DASHBOARDS =
      """
      name: x
      topology:
        nodes:
          r1: {kind: linux, image: alpine}
          r2: {kind: linux, image: alpine, stages: {create: {wait-for: [{node: d1, stage: create}]}}}
          d1: {kind: linux, image: "example/dashboard:0.1"}
          d2: {kind: linux, image: "example/dashboard:0.1"}
          guest: {kind: linux, image: alpine, network-mode: "container:d1"}
          lost: {kind: linux, image: alpine, binds: ["none.conf:/none.conf"]}
        links:
          - endpoints: ["r1:eth1", "r2:eth1"]
          - endpoints: ["r2:eth2", "d2:eth1"]
          - endpoints: ["r2:eth3", "lost:eth1"]
      """;

  @Test
  void an_image_is_told_once_however_many_nodes_have_it() {
    assertThatThrownBy(() -> plan(DASHBOARDS.replace("none.conf:/none.conf", "x.clab.yml:/x")))
        .hasMessageStartingWith(
            "x.clab.yml:6: topology.nodes.d1, d2: image 'example/dashboard:0.1' stands for no program"
                + " of this machine (expected: ")
        .hasMessageEndingWith("; or deploy the rest with --skip-unsupported-nodes")
        .hasMessageNotContaining("\n");
  }

  @Test
  void images_and_missing_files_are_skipped_with_all_that_hangs_on_them() throws IOException {
    TopologyReader.Result read = read(DASHBOARDS, Unsupported.SKIP);
    Plan plan = plan(DASHBOARDS, Unsupported.SKIP);

    assertThat(plan.nodes()).extracting(Plan.Node::name).containsExactly("r1", "r2");
    assertThat(plan.links()).extracting(Plan.Link::name).containsExactly("r1:eth1-r2:eth1");
    NodeDefinition waiting = plan.node("r2").orElseThrow().definition();
    assertThat(waiting.life().stages().values()).allMatch(rules -> rules.waits().isEmpty());
    assertThat(read.problems().warnings())
        .extracting(Object::toString)
        .containsExactly(
            "x.clab.yml:9: warning: topology.nodes.lost.binds: 'none.conf:/none.conf' (expected: a"
                + " file or directory that exists at "
                + directory.resolve("none.conf")
                + "): skipped, with its links",
            "x.clab.yml:13: warning: link r2:eth3-lost:eth1: skipped, with a node of its");
    assertThat(plan.notes())
        .containsExactly(
            "x.clab.yml:5: topology.nodes.r2: does not wait for d1, which is skipped",
            "x.clab.yml:6: topology.nodes.d1, d2: image 'example/dashboard:0.1' stands for no program"
                + " of this machine: skipped, with its links",
            "x.clab.yml:8: topology.nodes.guest: lives in the network of d1: skipped, with its links",
            "x.clab.yml:12: link r2:eth2-d2:eth1: skipped, with a node of its");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "router bgp 65001|bgpd",
        "router bgp 65001 vrf red|bgpd",
        "bgp as-path access-list a permit ^65|bgpd",
        "router ospf|ospfd",
        "router ospf 1 vrf red|ospfd",
        "router ospf6|ospf6d",
        "ip ospf area 0|ospfd",
        "ipv6 ospf6 area 0|ospf6d",
        "router isis core|isisd",
        "ip router isis core|isisd",
        "router rip|ripd",
        "router ripng|ripngd",
        "router eigrp 1|eigrpd",
        "router babel|babeld",
        "router openfabric 1|fabricd",
        "bfd|bfdd",
        "neighbor 10.0.0.2 bfd|bfdd",
        "neighbor fabric bfd profile fast|bfdd",
        "ip route 10.0.0.0/8 10.1.1.1 bfd|bfdd",
        "ip pim|pimd",
        "ip igmp|pimd",
        "ipv6 mld|pim6d",
        "mpls ldp|ldpd",
        "ip nhrp network-id 1|nhrpd",
        "pbr-map m seq 5|pbrd",
        "segment-routing|pathd",
        "vrrp 5 version 3|vrrpd",
        "ip route 10.0.0.0/8 10.1.1.1|",
        "no router bgp 65001|",
        "! router bgp 65001|",
        "description router bgp|",
        "router-id 10.0.0.1|",
      })
  void the_configuration_says_which_daemons_of_frr_run(String line, String daemon)
      throws IOException {
    Files.writeString(directory.resolve("r1.conf"), "hostname r1\n " + line + "\n");

    Plan plan =
        plan(
            """
            name: x
            topology:
              nodes:
                r1: {kind: linux, image: frrouting/frr, binds: ["r1.conf:/etc/frr/frr.conf"]}
            """);

    assertThat(FrrDaemons.toStart(plan.nodes().getFirst()))
        .isEqualTo(daemon == null ? List.of() : List.of(daemon));
    assertThat(plan.notes()).isEmpty();
  }

  @Test
  void a_file_of_daemons_has_its_way_and_what_it_leaves_out_is_told_with_both_lines()
      throws IOException {
    Files.writeString(
        directory.resolve("r1.conf"),
        "hostname r1\nrouter bgp 65001\nexit\nrouter ospf\nrouter rip\n");
    Files.writeString(directory.resolve("daemons"), "zebra=yes\nbgpd=no\nospfd=yes\n");

    Plan plan =
        plan(
            """
            name: x
            topology:
              nodes:
                r1:
                  kind: linux
                  image: frrouting/frr
                  binds: ["r1.conf:/etc/frr/frr.conf", "daemons:/etc/frr/daemons"]
            """);

    assertThat(FrrDaemons.toStart(plan.nodes().getFirst())).isEmpty();
    assertThat(plan.notes())
        .containsExactly(
            "x.clab.yml:4: topology.nodes.r1: r1.conf:2: 'router bgp 65001' needs bgpd, and daemons:2"
                + " says bgpd=no (expected: bgpd=yes there)",
            "x.clab.yml:4: topology.nodes.r1: r1.conf:5: 'router rip' needs ripd, and daemons has no"
                + " line of it (expected: ripd=yes there)");
  }

  @Test
  void a_bound_directory_and_files_of_single_daemons_are_read_too() throws IOException {
    Path frr = Files.createDirectories(directory.resolve("frr"));
    Files.writeString(frr.resolve("bgpd.conf"), "router bgp 65001\n");
    Files.writeString(frr.resolve("ospfd.conf"), "router ospf\n");

    Plan plan =
        plan(
            """
            name: x
            topology:
              nodes:
                r1: {kind: linux, image: frrouting/frr, binds: ["frr:/etc/frr"]}
            """);

    assertThat(FrrDaemons.toStart(plan.nodes().getFirst())).containsExactly("bgpd", "ospfd");
  }
}

package net.donut.lab.clab.parse;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import net.donut.lab.clab.model.ClabTopology;
import net.donut.lab.clab.model.HealthCheck;
import net.donut.lab.clab.model.NetworkMode;
import net.donut.lab.clab.model.NodeDefinition;
import net.donut.lab.clab.model.NodeSysctl;
import net.donut.lab.clab.model.RuntimeKind;
import net.donut.lab.clab.model.Stage;
import net.donut.lab.clab.parse.TopologyReader.Unsupported;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class TopologyReaderTest {
  @TempDir private Path directory;

  private TopologyReader.Result read(String text, Unsupported unsupported) throws IOException {
    Path file = directory.resolve("lab.clab.yml");
    Files.writeString(file, text);
    return TopologyReader.read(
        file,
        new TopologyReader.Purpose("", RuntimeKind.NETNS, unsupported),
        Map.of("IMAGE", "alpine:3"));
  }

  private ClabTopology topology(String text) throws IOException {
    return read(text, Unsupported.REFUSE).orThrow();
  }

  private List<String> errors(String text) throws IOException {
    return read(text, Unsupported.REFUSE).problems().errors().stream()
        .map(Object::toString)
        .toList();
  }

  @Test
  void a_lab_with_another_name_than_the_files_has_its_directory() throws IOException {
    Path file = directory.resolve("lab.clab.yml");
    Files.writeString(
        file,
        "name: x\ntopology: {nodes: {a: {kind: linux, image: i, cmd: 'cat __clabNodeDir__/f'}}}\n");
    TopologyReader.Purpose purpose =
        new TopologyReader.Purpose("other", RuntimeKind.DOCKER, Unsupported.REFUSE);

    ClabTopology topology = TopologyReader.read(file, purpose, Map.of()).orThrow();

    assertThat(topology.name()).isEqualTo("other");
    assertThat(topology.nodes().getFirst().start().command()).endsWith("/clab-other/a/f");
  }

  @Test
  void a_node_inherits_from_its_group_then_its_kind_then_the_defaults() throws IOException {
    Files.writeString(directory.resolve("a"), "");
    Files.writeString(directory.resolve("b"), "");
    ClabTopology topology =
        topology(
            """
            name: inherit
            topology:
              defaults:
                kind: linux
                image: debian
                exec: [one, two]
                env: {A: defaults, B: defaults, C: defaults}
                binds: [a:/etc/x, a:/etc/y]
              kinds:
                linux:
                  exec: [two, three]
                  env: {B: kind, C: kind}
              groups:
                g:
                  image: alpine
                  env: {C: group}
                  binds: ["b:/etc/x:ro"]
              nodes:
                n: {group: g, exec: [four, one], sysctls: {net.ipv4.ip_forward: 0}}
                plain:
            """);

    NodeDefinition node = topology.nodes().getFirst();

    assertThat(node.image()).isEqualTo("alpine");
    assertThat(node.start().exec()).containsExactly("one", "two", "three", "four");
    assertThat(node.start().environment())
        .containsExactly(
            Map.entry("A", "defaults"), Map.entry("B", "kind"), Map.entry("C", "group"));
    assertThat(node.start().sysctls()).containsExactly(new NodeSysctl("net.ipv4.ip_forward", "0"));
    assertThat(node.files().binds())
        .extracting(Object::toString)
        .containsExactly(directory.resolve("b") + ":/etc/x:ro", directory.resolve("a") + ":/etc/y");
    assertThat(topology.nodes().getLast().image()).isEqualTo("debian");
  }

  @Test
  void container_names_follow_the_prefix() throws IOException {
    String text = "name: x\nprefix: %s\ntopology: {nodes: {r1: {kind: linux, image: alpine}}}\n";

    assertThat(topology(text.formatted("lab")).containerName("r1")).isEqualTo("lab-x-r1");
    assertThat(topology(text.formatted("\"\"")).containerName("r1")).isEqualTo("r1");
    assertThat(topology(text.formatted("__lab-name")).containerName("r1")).isEqualTo("x-r1");
    assertThat(topology(text.replace("prefix: %s\n", "")).containerName("r1"))
        .isEqualTo("clab-x-r1");
  }

  @Test
  void variables_magic_words_and_anchors_are_replaced() throws IOException {
    ClabTopology topology =
        topology(
            """
            name: words
            topology:
              nodes:
                r1: &base
                  kind: linux
                  image: ${IMAGE}
                  cmd: run $$HOME ${NONE:-x y} ${NONE} $NONE
                  exec: ["touch __clabDir__ __clabNodeDir__ __clabNodeName__ __clabLabName__"]
                r2:
                  <<: *base
                  image: debian
            """);

    NodeDefinition r1 = topology.nodes().getFirst();
    NodeDefinition r2 = topology.nodes().getLast();

    assertThat(r1.image()).isEqualTo("alpine:3");
    assertThat(r1.start().command()).isEqualTo("run $HOME x y ${NONE} $NONE");
    Path lab = directory.resolve("clab-words");
    assertThat(r2.start().exec())
        .containsExactly("touch " + lab + " " + lab.resolve("r2") + " r2 words");
    assertThat(r2.image()).isEqualTo("debian");
  }

  @Test
  void stages_health_and_network_mode_are_read() throws IOException {
    ClabTopology topology =
        topology(
            """
            name: life
            topology:
              defaults: {kind: linux, image: alpine}
              nodes:
                a:
                  startup-delay: 2
                  healthcheck: {test: [CMD-SHELL, test -e /ready], interval: 1, retries: 5}
                b:
                  network-mode: container:a
                  restart-policy: on-failure
                  stages:
                    create:
                      wait-for: [{node: a, stage: healthy}]
                      exec: [{command: echo hello, target: host, phase: on-exit}]
            """);

    NodeDefinition a = topology.nodes().getFirst();
    NodeDefinition b = topology.nodes().getLast();

    assertThat(a.life().startupDelaySeconds()).isEqualTo(2);
    assertThat(a.life().health())
        .isEqualTo(
            new HealthCheck(
                List.of("/bin/sh", "-c", "test -e /ready"),
                Duration.ofSeconds(1),
                Duration.ofSeconds(30),
                5,
                Duration.ZERO));
    assertThat(b.network().mode()).isEqualTo(new NetworkMode.Of("a"));
    assertThat(b.life().restart()).isEqualTo(NodeDefinition.RestartPolicy.ON_FAILURE);
    Stage.Rules create = b.life().rules(Stage.CREATE);
    assertThat(create.waits()).extracting(Stage.Wait::stage).containsExactly(Stage.HEALTHY);
    assertThat(create.commands())
        .containsExactly(
            new Stage.Exec("echo hello", Stage.Exec.Target.HOST, Stage.Exec.Phase.ON_EXIT));
  }

  @Test
  void every_mistake_is_told_at_once_with_its_line() throws IOException {
    assertThat(
            errors(
                """
                name: bad name
                topolgy: {}
                topology:
                  nodes:
                    r1: {kind: linux, image: alpine, imagee: x}
                    r2: {kind: linux}
                    r3: {kind: linux, image: alpine, binds: ["missing.conf:/etc/frr/frr.conf"]}
                    r4: {kind: linux, image: alpine, restart-policy: sometimes}
                    sw: {kind: nokia_srlinux, image: ghcr.io/nokia/srlinux}
                    r5: {image: alpine}
                    r6: {kind: linux, image: alpine, network-mode: "container:r9"}
                  links:
                    - endpoints: ["r1:eth1", "r2:eth1"]
                    - endpoints: ["r1:eth1", "r3:eth1"]
                    - endpoints: ["r1:eth0", "r33:eth2"]
                    - endpoints: ["r1:eth9"]
                    - endpoints: ["macvlan:ens3", "r4:eth1"]
                    - {type: vxlan, endpoint: {node: r1, interface: eth7}, remote: 192.0.2.1}
                    - {type: macvlan, endpoint: {node: r1, interface: eth8}, host-interface: ens3, mode: public, vars: {donut: {loss: 1%}}}
                """))
        .containsExactly(
            "lab.clab.yml:1: name: 'bad name' (expected: letters, digits and ._- and at most 64 of"
                + " them)",
            "lab.clab.yml:2: lab.clab.yml: unknown key 'topolgy' (expected: topology?)",
            "lab.clab.yml:5: topology.nodes.r1: unknown key 'imagee' (expected: image?)",
            "lab.clab.yml:6: topology.nodes.r2: no image (expected: image here, in its group, its"
                + " kind or defaults)",
            "lab.clab.yml:7: topology.nodes.r3.binds: 'missing.conf:/etc/frr/frr.conf' (expected: a"
                + " file or directory that exists at "
                + directory.resolve("missing.conf")
                + ")",
            "lab.clab.yml:8: topology.nodes.r4.restart-policy: 'sometimes' (expected: no,"
                + " on-failure, always or unless-stopped)",
            "lab.clab.yml:9: topology.nodes.sw: kind nokia_srlinux is a network operating system in"
                + " an image of its own (expected: linux, frr, bridge or host); deploy the rest with"
                + " --skip-unsupported-nodes, or all of it with containerlab",
            "lab.clab.yml:10: topology.nodes.r5: no kind (expected: kind here, in its group or in"
                + " defaults)",
            "lab.clab.yml:11: topology.nodes.r6.network-mode: container:r9 (expected: r1?)",
            "lab.clab.yml:14: link r1:eth1-r3:eth1: r1:eth1 is taken (expected: an interface of its"
                + " own; first on line 13)",
            "lab.clab.yml:15: link r1:eth0-r33:eth2: r1:eth0 is the management interface (expected:"
                + " another, or network-mode: none)",
            "lab.clab.yml:15: link r1:eth0-r33:eth2: node 'r33' (expected: r3?)",
            "lab.clab.yml:16: topology.links[4].endpoints: 1 of them (expected: two)",
            "lab.clab.yml:18: topology.links[5]: (expected: endpoint, remote, vni and dst-port)",
            "lab.clab.yml:19: topology.links[5].mode: 'public' (expected: bridge, vepa, private,"
                + " passthru)",
            "lab.clab.yml:19: topology.links[5].vars.donut: the link leads out of the lab, where"
                + " nobody measures what arrives");
  }

  @Test
  void nodes_that_wait_for_each_other_are_refused() throws IOException {
    assertThat(
            errors(
                """
                name: circle
                topology:
                  defaults: {kind: linux, image: alpine}
                  nodes:
                    a: {stages: {create: {wait-for: [{node: b, stage: healthy}]}}}
                    b: {stages: {configure: {wait-for: [{node: a, stage: create}]}}}
                """))
        .singleElement()
        .asString()
        .contains("waits for itself by way of")
        .contains("a.create")
        .contains("b.configure");
  }

  @Test
  void unsupported_nodes_can_be_skipped_with_their_links() throws IOException {
    TopologyReader.Result result =
        read(
            """
            name: mixed
            topology:
              nodes:
                r1: {kind: linux, image: alpine}
                r2: {kind: linux, image: alpine}
                sw: {kind: ceos, image: ceos}
              links:
                - endpoints: ["r1:eth1", "sw:eth1"]
                - endpoints: ["r1:eth2", "r2:eth2"]
            """,
            Unsupported.SKIP);

    ClabTopology topology = result.orThrow();

    assertThat(topology.nodes()).extracting(NodeDefinition::name).containsExactly("r1", "r2");
    assertThat(topology.links()).singleElement().extracting("name").isNotNull();
    assertThat(result.problems().warnings())
        .extracting(Object::toString)
        .containsExactly(
            "lab.clab.yml:6: warning: topology.nodes.sw: kind ceos is a network operating system in"
                + " an image of its own: skipped, with its links",
            "lab.clab.yml:8: warning: link r1:eth1-sw:eth1: skipped, with a node of its");
  }

  @Test
  void a_container_of_others_is_for_the_runtime_of_containers_only() throws IOException {
    String text =
        """
        name: x
        topology:
          defaults: {sysctls: {net.ipv4.ip_forward: 0}}
          nodes:
            ext1: {kind: ext-container, exec: [ls], image: i}
        """;

    assertThat(errors(text))
        .containsExactly(
            "lab.clab.yml:5: topology.nodes.ext1: kind ext-container is a container of Docker's"
                + " (expected: linux, frr, bridge or host); deploy the rest with"
                + " --skip-unsupported-nodes, or all of it with --runtime docker");

    TopologyReader.Result result =
        TopologyReader.read(
            directory.resolve("lab.clab.yml"),
            new TopologyReader.Purpose("", RuntimeKind.DOCKER, Unsupported.REFUSE),
            Map.of());
    NodeDefinition node = result.orThrow().nodes().getFirst();
    assertThat(result.orThrow().containerName(node)).isEqualTo("ext1");
    assertThat(node.start().exec()).containsExactly("ls");
    assertThat(node.start().sysctls()).isEmpty();
    assertThat(result.problems().warnings())
        .extracting(Object::toString)
        .containsExactly(
            "lab.clab.yml:5: warning: topology.nodes.ext1.image: has no effect on a container that"
                + " others started");
  }

  @Test
  void broken_yaml_is_refused_by_line() throws IOException {
    assertThat(errors("name: [\ntopology: }\n"))
        .singleElement()
        .asString()
        .startsWith("lab.clab.yml:2: not YAML");
  }

  @Test
  void the_donut_vars_of_a_link_are_its_impairment() throws IOException {
    ClabTopology topology =
        read(impaired("{delay: 20ms, jitter: 2ms, loss: 1%, rate: 50mbit}"), Unsupported.REFUSE)
            .orThrow();

    assertThat(topology.links().getFirst().impairment())
        .hasToString("delay 20ms jitter 2ms loss 1% rate 50mbit");
    assertThat(topology.links().getFirst().vars()).containsKey("donut");
  }

  @Test
  void mistakes_in_donut_vars_are_told_by_line() throws IOException {
    assertThat(errors(impaired("\n          delay: 20ms\n          jiter: 2ms")))
        .singleElement()
        .asString()
        .isEqualTo(
            "lab.clab.yml:10: topology.links[1].vars.donut: unknown key 'jiter' (expected:"
                + " jitter?)");
    assertThat(errors(impaired("\n          delay: 20ms\n          rate: fast")))
        .singleElement()
        .asString()
        .isEqualTo(
            "lab.clab.yml:10: topology.links[1].vars.donut.rate: 'fast' (expected: such as 50mbit"
                + " or 1gbit)");
  }

  private static String impaired(String donut) {
    return """
    name: impaired
    topology:
      defaults: {kind: linux, image: alpine}
      nodes: {a: {}, b: {}}
      links:
        - endpoints: ["a:eth1", "b:eth1"]
          vars:
            donut: %s
    """
        .formatted(donut);
  }

  @Test
  void words_are_split_as_a_shell_does() {
    assertThat(ShellWords.of("sh -c 'a b' \"c \\\"d\\\"\" e\\ f ''"))
        .containsExactly("sh", "-c", "a b", "c \"d\"", "e f", "");
  }
}

package net.donut.lab.clab.parse;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import net.donut.lab.clab.model.RuntimeKind;
import net.donut.lab.clab.parse.TopologyReader.Unsupported;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/// No key of a file is without effect silently.
class NoEffectTest {
  /// What nodes of both runtimes have an effect of.
  private static final Set<NodeField> EFFECTIVE =
      EnumSet.of(
          NodeField.KIND,
          NodeField.GROUP,
          NodeField.TYPE,
          NodeField.IMAGE,
          NodeField.BINDS,
          NodeField.TMPFS,
          NodeField.SHM_SIZE,
          NodeField.ENV,
          NodeField.ENV_FILES,
          NodeField.EXEC,
          NodeField.CMD,
          NodeField.ENTRYPOINT,
          NodeField.USER,
          NodeField.HOSTNAME,
          NodeField.LABELS,
          NodeField.MGMT_IPV4,
          NodeField.MGMT_IPV6,
          NodeField.NETWORK_MODE,
          NodeField.SYSCTLS,
          NodeField.STARTUP_DELAY,
          NodeField.HEALTHCHECK,
          NodeField.STAGES,
          NodeField.RESTART_POLICY,
          NodeField.CAP_ADD,
          NodeField.DNS,
          NodeField.CONFIG,
          NodeField.ALIASES);

  /// What only containers have an effect of.
  private static final Set<NodeField> OF_CONTAINERS =
      EnumSet.of(
          NodeField.IMAGE_PULL_POLICY,
          NodeField.VOLUMES,
          NodeField.CPU,
          NodeField.CPU_SET,
          NodeField.MEMORY,
          NodeField.CGROUP_PARENT,
          NodeField.CGROUPNS_MODE,
          NodeField.PID_MODE,
          NodeField.PRIVILEGED,
          NodeField.SECURITY_OPTS,
          NodeField.DEVICES);

  @TempDir private Path directory;

  private TopologyReader.Result read(String text, RuntimeKind runtime) throws IOException {
    Path file = Files.writeString(directory.resolve("lab.clab.yml"), text);
    return TopologyReader.read(
        file, new TopologyReader.Purpose("", runtime, Unsupported.REFUSE), Map.of());
  }

  private static List<String> warnings(TopologyReader.Result result) {
    assertThat(result.problems().errors()).isEmpty();
    return result.problems().warnings().stream().map(Object::toString).toList();
  }

  private List<String> warningsOfNode(String fields, RuntimeKind runtime) throws IOException {
    String text =
        "name: x\ntopology:\n  nodes:\n    r1: {kind: linux, image: alpine, %s}\n"
            .formatted(fields);
    return warnings(read(text, runtime));
  }

  /// A value that is not so anyway.
  private static String sample(NodeField field) {
    return switch (field.form()) {
      case TEXT -> field == NodeField.IMAGE_PULL_POLICY ? "Always" : "podman";
      case NUMBER -> "1";
      case SWITCH -> field == NodeField.PRIVILEGED ? "false" : "true";
      case TREE -> field == NodeField.EXTRAS ? "{srl-agents: [a]}" : "{a: b}";
      case ANY, LIST, FIRST_LIST, BINDS -> "[/a]";
      case MAP -> "{a: b}";
    };
  }

  @ParameterizedTest
  @EnumSource(NodeField.class)
  void a_key_of_a_node_has_an_effect_or_is_told(NodeField field) throws IOException {
    if (EFFECTIVE.contains(field)) {
      return;
    }
    String given = field.key() + ": " + sample(field);
    String told = "lab.clab.yml:4: warning: topology.nodes.r1." + field.key();

    assertThat(warningsOfNode(given, RuntimeKind.NETNS))
        .singleElement()
        .asString()
        .startsWith(told);
    if (OF_CONTAINERS.contains(field)) {
      assertThat(warningsOfNode(given, RuntimeKind.DOCKER)).isEmpty();
    } else {
      assertThat(warningsOfNode(given, RuntimeKind.DOCKER))
          .singleElement()
          .asString()
          .startsWith(told);
    }
  }

  @Test
  void what_is_so_anyway_is_not_told() throws IOException {
    assertThat(
            warningsOfNode(
                "privileged: true, auto-remove: false, image-pull-policy: never, ports: []",
                RuntimeKind.NETNS))
        .isEmpty();
    assertThat(warningsOfNode("runtime: docker", RuntimeKind.DOCKER)).isEmpty();
  }

  @Test
  void keys_outside_of_nodes_are_told_with_their_line() throws IOException {
    assertThat(
            warnings(
                read(
                    """
                    name: x
                    debug: true
                    settings: {certificate-authority: {}}
                    mgmt:
                      mtu: 1400
                      ipv4-range: 172.20.20.128/25
                      external-access: true
                      skip-when-unused: true
                      driver-opts: {a: b}
                    topology:
                      defaults: {kind: linux, image: alpine, ports: ["80:80"]}
                      nodes: {a: {}, b: {}}
                      links:
                        - endpoints: ["a:eth1", "b:eth1"]
                          labels: {c: d}
                        - type: veth
                          endpoints:
                            - {node: a, interface: eth2, vars: {e: f}}
                            - {node: b, interface: eth2}
                    """,
                    RuntimeKind.DOCKER)))
        .containsExactly(
            "lab.clab.yml:2: warning: debug: has no effect: nothing more could be told",
            "lab.clab.yml:3: warning: settings: has no effect: it is for network operating systems",
            "lab.clab.yml:7: warning: mgmt.external-access: has no effect: nodes reach each other"
                + " and nothing outside of the lab",
            "lab.clab.yml:8: warning: mgmt.skip-when-unused: has no effect: the bridge is in a"
                + " namespace of the lab, where it is in nobody's way",
            "lab.clab.yml:9: warning: mgmt.driver-opts: has no effect: the network is a bridge of"
                + " the lab, not of Docker",
            "lab.clab.yml:11: warning: topology.defaults.ports: has no effect: no port of this"
                + " machine is taken: reach the node by: ip netns exec clab-LAB-NODE COMMAND",
            "lab.clab.yml:15: warning: topology.links[1].labels: has no effect: a link is known by"
                + " its ends");
  }

  @Test
  void a_bridge_and_the_host_say_what_is_only_for_nodes_that_run_something() throws IOException {
    assertThat(
            warnings(
                read(
                    """
                    name: x
                    topology:
                      defaults: {exec: [ls]}
                      kinds: {bridge: {image: i}, ceos: {license: f}}
                      nodes:
                        br: {kind: bridge, labels: {a: b}, exec: [ls]}
                        h: {kind: host, exec: [ls]}
                    """,
                    RuntimeKind.NETNS)))
        .containsExactly(
            "lab.clab.yml:4: warning: topology.kinds.bridge.image: has no effect on a bridge",
            "lab.clab.yml:6: warning: topology.nodes.br.exec: has no effect on a bridge",
            "lab.clab.yml:7: warning: topology.nodes.h.exec: has no effect on what stands for the"
                + " host: commands run in nodes");
  }

  @Test
  void keys_inside_of_others_are_told() throws IOException {
    assertThat(
            warningsOfNode(
                "config: {vars: {a: 1}, templates: [t]}, env: {a-b: c, __IMPORT_ENVS: true},"
                    + " extras: {frr: {daemons: [bgpd]}}, network-mode: none, aliases: [r],"
                    + " binds: [\"lab.clab.yml:/f:ro,z\"]",
                RuntimeKind.NETNS))
        .extracting(warning -> warning.substring("lab.clab.yml:4: warning: ".length()))
        .containsExactlyInAnyOrder(
            "topology.nodes.r1.config.templates: has no effect: no configuration is rendered: use"
                + " binds",
            "topology.nodes.r1.env.__IMPORT_ENVS: has no effect: name the variables of this machine"
                + " that the node needs",
            "topology.nodes.r1.env.a-b: has no effect on the node's program in namespaces: no shell"
                + " has such a name",
            "topology.nodes.r1.extras.frr: has no effect on kind linux: use binds",
            "topology.nodes.r1.aliases: has no effect with network-mode none: the node has no"
                + " management interface",
            "topology.nodes.r1.binds: has no effect: option 'z' in namespaces (expected: ro or"
                + " rw)");
  }

  @Test
  void a_container_that_joins_another_has_its_name_and_name_servers() throws IOException {
    String text =
        """
        name: x
        topology:
          defaults: {kind: linux, image: alpine}
          nodes: {a: {}, b: {network-mode: "container:a", hostname: c}}
        """;

    assertThat(warnings(read(text, RuntimeKind.NETNS))).isEmpty();
    assertThat(warnings(read(text, RuntimeKind.DOCKER)))
        .containsExactly(
            "lab.clab.yml:4: warning: topology.nodes.b.hostname: has no effect with network-mode"
                + " container:a on containers: it is that of the other node");
  }

  @Test
  void what_would_make_another_lab_is_refused() throws IOException {
    assertThat(
            read(
                    """
                    name: x
                    topology:
                      nodes:
                        a: {kind: linux, image: alpine, sysctls: {vm.swappiness: 1}}
                        b: {kind: linux, image: alpine, binds: ["lab.clab.yml:/f:read"]}
                        c: {kind: linux, image: alpine, aliases: ["a b"]}
                        d: {kind: linux, image: alpine, config: {var: {}}}
                        e: {kind: linux, image: alpine, shm-size: large}
                        f: {kind: frr, image: frr, extras: {frr: {daemons: [bgp]}}}
                      links:
                        - {type: dummy, endpoint: {node: a, interface: eth1}, vni: 1}
                        - {type: host, endpoint: {node: a, interface: eth2}, host-interface: h, mode: b}
                    """,
                    RuntimeKind.DOCKER)
                .problems()
                .errors())
        .extracting(Object::toString)
        .containsExactly(
            "lab.clab.yml:4: topology.nodes.a.sysctls.vm.swappiness: '1' (expected: a setting that"
                + " every node has for itself: net.*, fs.mqueue.*, kernel.msg*, kernel.sem or"
                + " kernel.shm*)",
            "lab.clab.yml:5: topology.nodes.b.binds: option 'read' (expected: one of Z, cached,"
                + " consistent, delegated, nocopy, private, ro, rprivate, rshared, rslave, rw,"
                + " shared, slave, z)",
            "lab.clab.yml:6: topology.nodes.c.aliases: 'a b' (expected: a name of a machine)",
            "lab.clab.yml:7: topology.nodes.d.config: unknown key 'var' (expected: vars?)",
            "lab.clab.yml:8: topology.nodes.e.shm-size: 'large' (expected: a size such as 64m or"
                + " 1gb)",
            "lab.clab.yml:9: topology.nodes.f.extras.frr.daemons: 'bgp' (expected: bgpd?)",
            "lab.clab.yml:11: topology.links[1]: unknown key 'vni' (expected: one of endpoint,"
                + " labels, mtu, type, vars)",
            "lab.clab.yml:12: topology.links[2]: unknown key 'mode' (expected: one of endpoint,"
                + " host-interface, labels, mtu, type, vars)");
  }
}

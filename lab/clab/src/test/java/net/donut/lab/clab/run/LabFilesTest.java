package net.donut.lab.clab.run;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import net.donut.lab.clab.DeployedLab;
import net.donut.lab.clab.model.RuntimeKind;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class LabFilesTest {
  @TempDir private Path directory;

  @Test
  void inventories_have_the_groups_that_labels_name() throws IOException {
    Path file =
        Files.writeString(
            directory.resolve("x.clab.yml"),
            """
            name: x
            topology:
              defaults: {kind: linux, image: donut-lab}
              nodes:
                a: {labels: {ansible-group: spine, nornir-group: core, nornir-group-2: red}}
                b: {labels: {ansible-no-host-var: "true"}}
            """);

    LabFiles.write(DeployedLab.plan(file, RuntimeKind.DOCKER, "x", directory));

    assertThat(Files.readString(directory.resolve("clab-x/ansible-inventory.yml")))
        .endsWith(
            """
              children:
                linux:
                  hosts:
                    clab-x-a:
                      ansible_host: 172.20.20.2
                    clab-x-b:
                spine:
                  hosts:
                    clab-x-a:
                      ansible_host: 172.20.20.2
            """);
    assertThat(Files.readString(directory.resolve("clab-x/nornir-simple-inventory.yml")))
        .isEqualTo(
            """
            ---
            clab-x-a:
              hostname: 172.20.20.2
              platform: linux
              groups: [core, red]
            clab-x-b:
              hostname: 172.20.20.3
              platform: linux
            """);
  }

  @Test
  void topology_data_has_the_form_of_containerlab() throws IOException {
    Path file =
        Files.writeString(
            directory.resolve("x.clab.yml"),
            """
            name: x
            mgmt: {network: net, bridge: br, ipv4-subnet: 10.9.8.0/24}
            topology:
              defaults: {kind: linux, image: donut-lab}
              nodes:
                b: {group: spine, mgmt-ipv4: 10.9.8.7}
                a: {labels: {site: north}, config: {vars: {rack: 3}}}
              links:
                - endpoints: ["b:eth1", "a:eth1"]
                  vars: {donut: {relation: transit}}
                - type: veth
                  endpoints:
                    - {node: a, interface: eth2, mac: "aa:c1:ab:00:00:01", ipv4: 10.0.0.1/30, vars: {port: 7}}
                    - {node: b, interface: eth2, ipv6: "2001:db8::2/64"}
                - type: dummy
                  endpoint: {node: a, interface: eth3}
            """);

    LabFiles.write(DeployedLab.plan(file, RuntimeKind.DOCKER, "x", directory));

    JsonNode json =
        new ObjectMapper().readTree(directory.resolve("clab-x/topology-data.json").toFile());
    assertThat(keys(json))
        .containsExactly("name", "type", "clab", "ssh-pub-keys", "nodes", "links");
    assertThat(json.at("/clab/config/mgmt/bridge").asText()).isEqualTo("br");
    assertThat(json.at("/clab/config/mgmt").has("ipv6-subnet")).isFalse();
    assertThat(keys(json.at("/nodes"))).containsExactly("a", "b");
    assertThat(keys(json.at("/nodes/b")))
        .containsExactly(
            "index",
            "shortname",
            "longname",
            "fqdn",
            "group",
            "labdir",
            "kind",
            "image",
            "mgmt-net",
            "mgmt-intf",
            "mgmt-ipv4-address",
            "mgmt-ipv4-prefix-length",
            "mgmt-ipv6-address",
            "mgmt-ipv6-prefix-length",
            "mac-address",
            "labels",
            "port-bindings");
    assertThat(json.at("/nodes/b/index").asText()).isEqualTo("1");
    assertThat(json.at("/nodes/b/group").asText()).isEqualTo("spine");
    assertThat(json.at("/nodes/b/mgmt-ipv4-address").asText()).isEqualTo("10.9.8.7");
    assertThat(json.at("/nodes/b/mgmt-ipv6-address").asText()).isEmpty();
    assertThat(json.at("/nodes/b/labels/clab-mgmt-net-bridge").asText()).isEqualTo("br");
    assertThat(json.at("/nodes/a/config/vars/rack").asInt()).isEqualTo(3);
    assertThat(keys(json.at("/links/0"))).containsExactly("endpoints", "vars");
    assertThat(json.at("/links/0/endpoints/a/node").asText()).isEqualTo("b");
    assertThat(keys(json.at("/links/0/endpoints/a")))
        .containsExactly("node", "interface", "mac", "peer");
    assertThat(json.at("/links/0/endpoints/a/peer").asText()).isEqualTo("z");
    assertThat(json.at("/links/0/endpoints/z/peer").asText()).isEqualTo("a");
    assertThat(json.at("/links/0/vars/donut/relation").asText()).isEqualTo("transit");
    assertThat(keys(json.at("/links/1/endpoints/a")))
        .containsExactly("node", "interface", "mac", "ipv4", "vars", "peer");
    assertThat(json.at("/links/1/endpoints/a/vars/port").asInt()).isEqualTo(7);
    assertThat(json.at("/links/1/endpoints/z/ipv6").asText()).isEqualTo("2001:db8::2/64");
    assertThat(keys(json.at("/links/2/endpoints"))).containsExactly("a");
    assertThat(json.at("/links/2/endpoints/a/peer").asText()).isEqualTo("dummy");
  }

  private static List<String> keys(JsonNode object) {
    List<String> keys = new ArrayList<>();
    object.fieldNames().forEachRemaining(keys::add);
    return keys;
  }
}

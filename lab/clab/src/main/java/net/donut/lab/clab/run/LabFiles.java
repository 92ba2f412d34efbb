package net.donut.lab.clab.run;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import net.donut.lab.clab.model.LinkDefinition;
import net.donut.lab.clab.plan.Plan;
import net.donut.lab.net.LabException;
import net.donut.model.IpAddress;
import org.jspecify.annotations.Nullable;

/// The lab directory `clab-NAME` with the files that containerlab writes into it.
final class LabFiles {
  private static final ObjectMapper JSON = new ObjectMapper();

  private LabFiles() {}

  /// Makes the directory, a directory a node, and the files about the lab.
  static void write(Plan plan) {
    Path directory = plan.directory();
    try {
      Files.createDirectories(directory);
      for (Plan.Node node : plan.nodes()) {
        Files.createDirectories(directory.resolve(node.name()));
      }
      Files.writeString(
          directory.resolve("topology-data.json"), topologyData(plan).toPrettyString() + "\n");
      Files.writeString(directory.resolve("ansible-inventory.yml"), ansible(plan));
      Files.writeString(directory.resolve("nornir-simple-inventory.yml"), nornir(plan));
    } catch (IOException e) {
      throw LabException.of(directory, e);
    }
  }

  /// As containerlab 0.79 writes it: nodes by name, links by their `endpoints`.
  private static ObjectNode topologyData(Plan plan) {
    ObjectNode json = JSON.createObjectNode();
    json.put("name", plan.lab()).put("type", "clab");
    ObjectNode config = json.putObject("clab").putObject("config");
    config.put("prefix", plan.prefix());
    management(config.putObject("mgmt"), plan.management());
    json.putArray("ssh-pub-keys");
    ObjectNode nodes = json.putObject("nodes");
    List<Plan.Node> byName =
        plan.nodes().stream().sorted(Comparator.comparing(Plan.Node::name)).toList();
    for (int index = 0; index < byName.size(); index++) {
      Plan.Node node = byName.get(index);
      put(nodes.putObject(node.name()), plan, node, index);
    }
    ArrayNode links = json.putArray("links");
    for (Plan.Link link : plan.links()) {
      LinkDefinition definition = link.definition();
      boolean isDummy = definition.type() == LinkDefinition.Type.DUMMY;
      ObjectNode entry = links.addObject();
      ObjectNode ends = entry.putObject("endpoints");
      end(ends.putObject("a"), link.a(), definition.a(), isDummy ? "dummy" : "z");
      if (!isDummy) {
        end(ends.putObject("z"), link.b(), definition.b(), "a");
      }
      if (!definition.vars().isEmpty()) {
        entry.set("vars", JSON.valueToTree(definition.vars()));
      }
    }
    return json;
  }

  private static void management(ObjectNode json, Plan.ManagementNetwork management) {
    json.put("network", management.network())
        .put("bridge", management.bridge())
        .put("ipv4-subnet", management.ipv4().prefix().toString())
        .put("ipv4-gw", management.ipv4().gateway().toString());
    Plan.ManagementNetwork.Subnet ipv6 = management.ipv6();
    if (ipv6 != null) {
      json.put("ipv6-subnet", ipv6.prefix().toString()).put("ipv6-gw", ipv6.gateway().toString());
    }
    json.put("mtu", management.mtu()).put("external-access", true);
  }

  private static void put(ObjectNode json, Plan plan, Plan.Node node, int index) {
    Plan.ManagementNetwork management = plan.management();
    Plan.ManagementNetwork.Subnet ipv6 = management.ipv6();
    json.put("index", Integer.toString(index))
        .put("shortname", node.name())
        .put("longname", node.container())
        .put("fqdn", node.name() + "." + plan.lab() + ".io")
        .put("group", node.definition().group())
        .put("labdir", plan.directory().resolve(node.name()).toString())
        .put("kind", node.definition().kind().word())
        .put("image", node.definition().image())
        .put("mgmt-net", "")
        .put("mgmt-intf", "")
        .put("mgmt-ipv4-address", text(node.ipv4()))
        .put(
            "mgmt-ipv4-prefix-length",
            node.ipv4() == null ? 0 : management.ipv4().prefix().length())
        .put("mgmt-ipv6-address", text(node.ipv6()))
        .put(
            "mgmt-ipv6-prefix-length",
            node.ipv6() == null || ipv6 == null ? 0 : ipv6.prefix().length())
        .put("mac-address", "");
    ObjectNode labels = json.putObject("labels");
    node.labels().forEach(labels::put);
    // Ports of nodes are not published (`ports` is said to have no effect).
    json.putArray("port-bindings");
    if (!node.definition().configVars().isEmpty()) {
      json.putObject("config").set("vars", JSON.valueToTree(node.definition().configVars()));
    }
  }

  private static void end(
      ObjectNode json, Plan.End end, LinkDefinition.Endpoint given, String peer) {
    json.put("node", end.node()).put("interface", end.device()).put("mac", end.mac());
    for (String address : given.addresses()) {
      json.put(address.contains(":") ? "ipv6" : "ipv4", address);
    }
    if (!given.vars().isEmpty()) {
      json.set("vars", JSON.valueToTree(given.vars()));
    }
    json.put("peer", peer);
  }

  private static String text(@Nullable IpAddress address) {
    return address == null ? "" : address.toString();
  }

  private static String ansible(Plan plan) {
    StringBuilder yaml = new StringBuilder("all:\n  vars:\n");
    yaml.append("    ansible_httpapi_use_proxy: false\n  children:\n");
    ansibleGroups(plan)
        .forEach((group, nodes) -> {
          yaml.append("    ").append(group).append(":\n      hosts:\n");
          for (Plan.Node node : nodes) {
            yaml.append("        ").append(node.container()).append(":\n");
            if (!node.labels().getOrDefault("ansible-no-host-var", "").equals("true")) {
              yaml.append("          ansible_host: ").append(text(node.ipv4())).append('\n');
            }
          }
        });
    return yaml.toString();
  }

  /// The kinds, then the groups that labels name.
  private static Map<String, Set<Plan.Node>> ansibleGroups(Plan plan) {
    Map<String, Set<Plan.Node>> kinds = new TreeMap<>();
    Map<String, Set<Plan.Node>> labels = new TreeMap<>();
    for (Plan.Node node : plan.nodes()) {
      String kind = node.definition().kind().word();
      kinds.computeIfAbsent(kind, _ -> new LinkedHashSet<>()).add(node);
      String label = node.labels().getOrDefault("ansible-group", kind);
      (label.equals(kind) ? kinds : labels)
          .computeIfAbsent(label, _ -> new LinkedHashSet<>())
          .add(node);
    }
    Map<String, Set<Plan.Node>> groups = new LinkedHashMap<>(kinds);
    groups.putAll(labels);
    return groups;
  }

  private static String nornir(Plan plan) {
    StringBuilder yaml = new StringBuilder("---\n");
    for (Plan.Node node : plan.nodes()) {
      yaml.append(node.container()).append(":\n");
      yaml.append("  hostname: ").append(text(node.ipv4())).append('\n');
      yaml.append("  platform: ").append(node.definition().kind().word()).append('\n');
      List<String> groups =
          node.labels().entrySet().stream()
              .filter(label -> label.getKey().startsWith("nornir-group"))
              .map(Map.Entry::getValue)
              .toList();
      if (!groups.isEmpty()) {
        yaml.append("  groups: [").append(String.join(", ", groups)).append("]\n");
      }
    }
    return yaml.toString();
  }
}

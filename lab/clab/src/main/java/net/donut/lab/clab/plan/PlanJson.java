package net.donut.lab.clab.plan;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import net.donut.lab.clab.model.LinkDefinition;

/// A plan for `deploy --dry-run`.
public final class PlanJson {
  private static final ObjectMapper JSON = new ObjectMapper();

  private PlanJson() {}

  public static ObjectNode of(Plan plan) {
    ObjectNode json = JSON.createObjectNode();
    json.put("name", plan.lab())
        .put("topology", plan.file().toString())
        .put("runtime", plan.runtime().word())
        .put("directory", plan.directory().toString());
    Plan.ManagementNetwork.Subnet ipv6 = plan.management().ipv6();
    json.putObject("mgmt")
        .put("network", plan.management().network())
        .put("ipv4-subnet", plan.management().ipv4().prefix().toString())
        .put("ipv6-subnet", ipv6 == null ? "" : ipv6.prefix().toString());
    ArrayNode nodes = json.putArray("nodes");
    plan.nodes().forEach(node -> put(nodes.addObject(), node));
    ArrayNode bridges = json.putArray("bridges");
    plan.bridges().forEach(bridge -> bridges.add(bridge.name()));
    ArrayNode links = json.putArray("links");
    plan.links().forEach(link -> put(links.addObject(), link));
    ArrayNode notes = json.putArray("notes");
    plan.notes().forEach(notes::add);
    return json;
  }

  private static void put(ObjectNode json, Plan.Node node) {
    json.put("name", node.name())
        .put("container", node.container())
        .put("namespace", node.namespace())
        .put("kind", node.definition().kind().word())
        .put("image", node.definition().image())
        .put("profile", node.known().map(Profile::word).orElse(""))
        .put("ipv4", node.ipv4() == null ? "" : node.ipv4().toString())
        .put("ipv6", node.ipv6() == null ? "" : node.ipv6().toString());
    ObjectNode environment = json.putObject("env");
    node.environment().forEach(environment::put);
    ArrayNode binds = json.putArray("binds");
    node.definition().files().binds().forEach(bind -> binds.add(bind.toString()));
    ArrayNode exec = json.putArray("exec");
    node.definition().start().exec().forEach(exec::add);
    ObjectNode sysctls = json.putObject("sysctls");
    node.definition()
        .start()
        .sysctls()
        .forEach(setting -> sysctls.put(setting.key(), setting.value()));
  }

  private static void put(ObjectNode json, Plan.Link link) {
    json.put("name", link.name())
        .put("type", link.definition().type().name().toLowerCase(java.util.Locale.ROOT))
        .put("mtu", link.definition().mtu());
    put(json.putObject("a"), link.a());
    if (link.definition().type() != LinkDefinition.Type.DUMMY) {
      put(json.putObject("z"), link.b());
    }
    json.set("vars", JSON.valueToTree(link.definition().vars()));
  }

  private static void put(ObjectNode json, Plan.End end) {
    json.put("node", end.node())
        .put("interface", end.device())
        .put("mac", end.mac())
        .put("namespace", end.namespace());
    if (!end.bridge().isEmpty()) {
      json.put("bridge", end.bridge());
    }
  }
}

package net.donut.lab.clab.run;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import net.donut.lab.clab.link.StateInk;
import net.donut.lab.net.Cut;
import net.donut.lab.net.CutJson;
import net.donut.lab.net.CutState;
import net.donut.lab.net.Emulation;
import net.donut.lab.net.LabFaults;
import net.donut.report.text.Pen;
import net.donut.report.text.TextTable;

/// What a lab's nodes are and how they are, as `containerlab inspect` tells it.
public final class LabInspection {
  private static final ObjectMapper JSON = new ObjectMapper();

  private LabInspection() {}

  /// The document of `inspect -f json`: an object with a list per lab.
  public static ObjectNode json(LabRuntime runtime, List<LabRecord> labs) {
    ObjectNode json = JSON.createObjectNode();
    for (LabRecord lab : labs) {
      ArrayNode nodes = json.putArray(lab.lab());
      Map<String, Cut> cuts = lab.faults().cuts();
      NodeInterfaces interfaces = NodeInterfaces.of(lab);
      for (LabRecord.Node node : lab.nodes()) {
        ObjectNode entry = nodes.addObject();
        put(entry, runtime, lab, node, state(runtime, lab, node, cuts));
        putFaults(entry, lab, node, cuts);
        putInterfaces(entry, lab, node, interfaces);
      }
    }
    return json;
  }

  private static void put(
      ObjectNode json,
      LabRuntime runtime,
      LabRecord lab,
      LabRecord.Node node,
      LabRuntime.NodeState state) {
    Path here = Path.of("").toAbsolutePath();
    Path topology = Path.of(lab.topology());
    json.put("lab_name", lab.lab())
        .put("labPath", here.relativize(topology).toString())
        .put("absLabPath", topology.toString())
        .put("name", node.container())
        .put("container_id", runtime.id(lab, node))
        .put("image", runtime.image(lab, node))
        .put("kind", node.kind());
    String group = node.labels().getOrDefault("clab-node-group", "");
    if (!group.isEmpty()) {
      json.put("group", group);
    }
    json.put("state", state.state())
        .put("status", state.status() + runtime.health(lab, node).words())
        .put("ipv4_address", address(node.ipv4(), node.ipv4Length()))
        .put("ipv6_address", address(node.ipv6(), node.ipv6Length()))
        .put("owner", lab.user());
  }

  /// What the runtime says, and `paused` of a node that is frozen, as Docker has it.
  private static LabRuntime.NodeState state(
      LabRuntime runtime, LabRecord lab, LabRecord.Node node, Map<String, Cut> cuts) {
    LabRuntime.NodeState state = runtime.state(lab, node);
    return cuts.get(node.name()) == Cut.OfNode.NODE_FREEZE
            && state instanceof LabRuntime.NodeState.Running(long _, Duration since)
        ? new LabRuntime.NodeState.Paused(since)
        : state;
  }

  /// A key of our own beside containerlab's: those of the node's links that are cut or impaired.
  private static void putFaults(
      ObjectNode json, LabRecord lab, LabRecord.Node node, Map<String, Cut> cuts) {
    Map<String, Emulation> emulations = lab.faults().emulations();
    for (LabRecord.Link link : lab.links()) {
      Emulation emulation = emulations.get(link.name());
      for (LabRecord.End end : List.of(link.a(), link.b())) {
        if (end.node().equals(node.name())
            && (cuts.containsKey(link.name()) || emulation != null)) {
          ObjectNode entry = json.withArray("/donut_links").addObject();
          entry.put("interface", end.device()).put("link", link.name());
          CutJson.put(entry, CutState.of(link.name(), cuts));
          if (emulation != null) {
            LabFaults.put(entry.putObject("impairment"), emulation);
          }
        }
      }
    }
  }

  /// Another key of our own: the ends of links at the node, as its kernel has them.
  private static void putInterfaces(
      ObjectNode json, LabRecord lab, LabRecord.Node node, NodeInterfaces interfaces) {
    ArrayNode all = json.putArray("donut_interfaces");
    for (LabRecord.Link link : lab.links()) {
      Stream.of(link.a(), link.b())
          .filter(end -> end.node().equals(node.name()))
          .forEach(end -> interfaces.of(end).put(all.addObject().put("link", link.name())));
    }
  }

  private static String address(String address, int length) {
    return address.isEmpty() ? "N/A" : address + "/" + length;
  }

  /// One line per node.
  public static void table(PrintWriter out, LabRuntime runtime, List<LabRecord> labs, Pen pen) {
    TextTable table = new TextTable("NAME", "KIND/IMAGE", "STATE", "IPV4", "IPV6");
    for (LabRecord lab : labs) {
      Map<String, Cut> cuts = lab.faults().cuts();
      for (LabRecord.Node node : lab.nodes()) {
        LabRuntime.NodeState state = state(runtime, lab, node, cuts);
        table.row(
            node.container(),
            shortened(node.kind() + " " + runtime.image(lab, node)),
            StateInk.of(state.status() + runtime.health(lab, node).words()),
            address(node.ipv4(), node.ipv4Length()),
            address(node.ipv6(), node.ipv6Length()));
      }
    }
    table.print(out, pen);
  }

  /// One line per link that is cut or impaired.
  public static void faults(PrintWriter out, List<LabRecord> labs) {
    for (LabRecord lab : labs) {
      Map<String, Cut> cuts = lab.faults().cuts();
      Map<String, Emulation> emulations = lab.faults().emulations();
      for (LabRecord.Link link : lab.links()) {
        if (cuts.containsKey(link.name())) {
          out.println(
              "lab '%s': link %s is %s: restore it with: donut lab restore %s --name %s"
                  .formatted(
                      lab.lab(), link.name(), CutState.of(link.name(), cuts), link.a(), lab.lab()));
        }
        Emulation emulation = emulations.get(link.name());
        if (emulation != null) {
          out.println(
              "lab '%s': link %s has %s".formatted(lab.lab(), link.name(), emulation.asked()));
        }
      }
    }
  }

  private static String shortened(String text) {
    return text.length() <= 28 ? text : text.substring(0, 27) + "…";
  }

  /// The document of `exec -f json`: an object with a list of results a container.
  public static ObjectNode json(List<LabRuntime.ExecResult> results) {
    ObjectNode json = JSON.createObjectNode();
    for (LabRuntime.ExecResult result : results) {
      json.withArray("/" + result.container().replace("~", "~0").replace("/", "~1"))
          .addObject()
          .put("cmd", String.join(" ", result.command()))
          .put("return-code", result.exitCode())
          .put("stdout", result.output())
          .put("stderr", result.errors());
    }
    return json;
  }
}

package net.donut.lab.cli;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.Map;
import net.donut.lab.net.Cut;
import net.donut.lab.net.CutJson;
import net.donut.lab.net.Cuts;
import net.donut.lab.net.LabNetwork;
import net.donut.lab.net.LabState;
import net.donut.lab.net.ProcessId;
import net.donut.lab.topology.Link;
import net.donut.lab.topology.Node;
import net.donut.lab.topology.Topology;
import org.jspecify.annotations.Nullable;

/// `donut lab status -o json`.
final class StatusJson {
  private StatusJson() {}

  static String render(LabState state, Topology topology) {
    Map<String, Cut> cuts = state.cuts();
    ObjectNode json = new ObjectMapper().createObjectNode();
    json.put("name", state.lab()).put("socket", state.fact("socket"));
    ArrayNode nodes = json.putArray("nodes");
    for (Node node : topology.nodes()) {
      ObjectNode one =
          nodes
              .addObject()
              .put("name", node.name())
              .put("as", topology.asnOf(node.name()))
              .put("namespace", LabNetwork.nameOf(state.lab(), node.name()));
      put(one, cuts.get(node.name()));
    }
    ArrayNode links = json.putArray("links");
    for (Link link : topology.links()) {
      ObjectNode one = links.addObject().put("name", link.name());
      put(one, cuts.get(link.name()));
      if (!cuts.containsKey(link.name()) && Cuts.isDownWithNode(link, cuts)) {
        one.put("state", "down");
      }
    }
    ArrayNode processes = json.putArray("processes");
    for (ProcessId process : state.processes()) {
      processes
          .addObject()
          .put("name", process.name())
          .put("pid", process.pid())
          .put("running", process.isAlive());
    }
    return json.toPrettyString();
  }

  private static void put(ObjectNode one, @Nullable Cut how) {
    one.put("state", how == null ? "up" : "cut");
    if (how != null) {
      CutJson.put(one, how);
    }
  }
}

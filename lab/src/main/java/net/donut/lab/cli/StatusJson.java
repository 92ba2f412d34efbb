package net.donut.lab.cli;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.Map;
import net.donut.lab.net.Cut;
import net.donut.lab.net.CutJson;
import net.donut.lab.net.Cuttable;
import net.donut.lab.net.LabNetwork;
import net.donut.lab.net.LabState;
import net.donut.lab.net.ProcessId;
import net.donut.lab.net.Standing;
import net.donut.lab.topology.Node;
import net.donut.lab.topology.Topology;

/// `donut lab status -o json`.
final class StatusJson {
  private StatusJson() {}

  static String render(LabState state, Topology topology) {
    Map<String, Cut> cuts = state.faults().cuts();
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
      CutJson.put(one, Standing.of(node.name(), cuts));
    }
    ArrayNode links = json.putArray("links");
    for (Cuttable.Cable cable : LabNetwork.attach(topology, state).cuttable().cables()) {
      ObjectNode one = links.addObject().put("name", cable.name());
      CutJson.put(one, Standing.of(cable, cuts));
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
}

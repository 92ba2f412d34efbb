package net.donut.lab.cli;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.Map;
import net.donut.lab.net.Cut;
import net.donut.lab.net.CutJson;
import net.donut.lab.net.CutState;
import net.donut.lab.net.LabState;
import net.donut.lab.net.ProcessId;
import net.donut.lab.run.DeployedNetwork;
import net.donut.lab.run.NodePrograms;
import net.donut.lab.topology.LabLink;
import net.donut.lab.topology.LabNode;
import net.donut.lab.topology.Topology;

/// `donut lab status -o json`.
final class StatusJson {
  private StatusJson() {}

  static String render(LabState state, DeployedNetwork network) {
    Topology topology = network.topology();
    Map<String, Cut> cuts = network.faults().cuts();
    ObjectNode json = new ObjectMapper().createObjectNode();
    json.put("name", state.lab()).put("socket", state.fact("socket"));
    ArrayNode nodes = json.putArray("nodes");
    for (LabNode node : topology.nodes()) {
      ObjectNode one =
          nodes
              .addObject()
              .put("name", node.name())
              .put("as", topology.asnOf(node.name()))
              .put("namespace", network.namespace(node.name()).name());
      CutJson.put(one, CutState.of(node.name(), cuts));
    }
    ArrayNode links = json.putArray("links");
    for (LabLink link : topology.links()) {
      ObjectNode one = links.addObject().put("name", link.name());
      CutJson.put(one, CutState.of(network.cuttable().cable(link.name()), cuts));
    }
    ArrayNode processes = json.putArray("processes");
    for (NodePrograms.ProgramState program : network.programs(state).all()) {
      processes
          .addObject()
          .put("name", program.name())
          .put("pid", program.process().map(ProcessId::pid).orElse(0L))
          .put("running", program.process().isPresent());
    }
    return json.toPrettyString();
  }
}

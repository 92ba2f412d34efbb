package net.donut.lab.cli;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.PrintWriter;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import net.donut.lab.clab.link.CuttableLab;
import net.donut.lab.clab.link.StateInk;
import net.donut.lab.clab.run.LabRecord;
import net.donut.lab.clab.run.LabRuntime;
import net.donut.lab.net.Cut;
import net.donut.lab.net.CutJson;
import net.donut.lab.net.CutState;
import net.donut.lab.net.ProcessId;
import net.donut.lab.run.DeployedNetwork;
import net.donut.lab.run.HeldLab;
import net.donut.lab.run.NodePrograms;
import net.donut.lab.topology.LabLink;
import net.donut.lab.topology.LabNode;
import net.donut.lab.topology.Topology;
import net.donut.report.text.Pen;
import net.donut.report.text.TextTable;

/// What `donut lab status` shows of any lab: nodes, links and processes.
///
/// @param socket of the controller of a donut network; empty for other labs
record LabStatus(
    String lab,
    String socket,
    List<NodeRow> nodes,
    List<LinkRow> links,
    List<NodePrograms.ProgramState> programs) {

  /// A node and how it is.
  ///
  /// @param asn 0 where it is not known
  record NodeRow(String name, long asn, String namespace, CutState state) {
    private String as() {
      return asn == 0 ? "-" : "AS" + asn;
    }
  }

  /// A link and how it is.
  record LinkRow(String name, CutState state) {}

  /// That of a donut network.
  static LabStatus of(HeldLab state, DeployedNetwork network) {
    Topology topology = network.topology();
    Map<String, Cut> cuts = network.faults().cuts();
    List<NodeRow> nodes = new ArrayList<>();
    for (LabNode node : topology.nodes()) {
      String name = node.name();
      nodes.add(
          new NodeRow(
              name, topology.asnOf(name), network.namespace(name).name(), CutState.of(name, cuts)));
    }
    List<LinkRow> links = new ArrayList<>();
    for (LabLink link : topology.links()) {
      links.add(new LinkRow(link.name(), CutState.of(network.cuttable().cable(link.name()), cuts)));
    }
    return new LabStatus(state.lab(), state.fact("socket"), nodes, links, network.programs().all());
  }

  /// That of a lab of a containerlab file.
  static LabStatus of(LabRuntime runtime, LabRecord lab) {
    Map<String, Cut> cuts = lab.faults().cuts();
    return new LabStatus(
        lab.lab(),
        "",
        lab.nodes().stream()
            .map(node ->
                new NodeRow(node.name(), 0, node.namespace(), CutState.of(node.name(), cuts)))
            .toList(),
        new CuttableLab(runtime, lab)
            .cables().stream()
                .map(cable -> new LinkRow(cable.name(), CutState.of(cable, cuts)))
                .toList(),
        new NodePrograms(lab).all());
  }

  void print(PrintWriter out, Pen pen) {
    out.println("lab '" + lab + "'" + (socket.isEmpty() ? "" : ", socket " + socket));
    out.println();
    TextTable eachNode = new TextTable("NODE", "AS", "NAMESPACE", "STATE");
    nodes.forEach(
        node -> eachNode.row(node.name(), node.as(), node.namespace(), StateInk.of(node.state())));
    eachNode.print(out, pen);
    out.println();
    TextTable eachLink = new TextTable("LINK", "STATE");
    links.forEach(link -> eachLink.row(link.name(), StateInk.of(link.state())));
    eachLink.print(out, pen);
    out.println();
    TextTable processes = new TextTable("PROCESS", "PID", "STATE");
    for (NodePrograms.ProgramState program : programs) {
      processes.row(
          program.name(),
          program.process().map(process -> Long.toString(process.pid())).orElse("-"),
          StateInk.of(program.process().isPresent() ? "running" : "ended"));
    }
    processes.print(out, pen);
  }

  String json() {
    ObjectNode json = new ObjectMapper().createObjectNode();
    json.put("name", lab);
    if (!socket.isEmpty()) {
      json.put("socket", socket);
    }
    ArrayNode eachNode = json.putArray("nodes");
    for (NodeRow node : nodes) {
      ObjectNode one = eachNode.addObject().put("name", node.name());
      if (node.asn() != 0) {
        one.put("as", node.asn());
      }
      CutJson.put(one.put("namespace", node.namespace()), node.state());
    }
    ArrayNode eachLink = json.putArray("links");
    links.forEach(link -> CutJson.put(eachLink.addObject().put("name", link.name()), link.state()));
    ArrayNode processes = json.putArray("processes");
    for (NodePrograms.ProgramState program : programs) {
      processes
          .addObject()
          .put("name", program.name())
          .put("pid", program.process().map(ProcessId::pid).orElse(0L))
          .put("running", program.process().isPresent());
    }
    return json.toPrettyString();
  }
}

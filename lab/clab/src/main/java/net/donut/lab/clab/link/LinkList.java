package net.donut.lab.clab.link;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.PrintWriter;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import net.donut.lab.clab.run.LabRecord;
import net.donut.lab.clab.run.NodeInterfaces;
import net.donut.lab.net.Cut;
import net.donut.lab.net.CutJson;
import net.donut.lab.net.CutState;
import net.donut.lab.net.Cuttable;
import net.donut.lab.net.Emulation;
import net.donut.lab.net.LabFaults;
import net.donut.report.text.Pen;
import net.donut.report.text.TextTable;
import org.jspecify.annotations.Nullable;

/// What `links list` shows: every link of a lab and how it is, and the nodes that are cut.
public record LinkList(String lab, List<Link> links, Map<String, CutState> nodes) {
  private static final ObjectMapper JSON = new ObjectMapper();

  /// An end of a link, as its node's kernel has it.
  public record End(String node, NodeInterfaces.Interface live) {}

  /// A link and how it is.
  ///
  /// @param emulation null for one that is not impaired
  /// @param ends the interfaces that it has in the lab, the first end first
  public record Link(
      Cuttable.Cable cable, CutState standing, @Nullable Emulation emulation, List<End> ends) {
    public Link {
      ends = List.copyOf(ends);
    }

    /// What is cut, and otherwise whether all ends have their carrier.
    private String state() {
      List<String> dead =
          ends.stream()
              .filter(end -> !end.live().hasCarrier())
              .map(end -> end.live().state() + " at " + end.node())
              .toList();
      return standing == CutState.Uncut.UP && !dead.isEmpty()
          ? String.join(", ", dead)
          : standing.toString();
    }

    private String carrier() {
      return joined(end -> end.live().hasCarrier() ? "up" : "no");
    }

    private String mtu() {
      return joined(end -> Integer.toString(end.live().mtu()));
    }

    private String addresses() {
      return ends.stream().allMatch(end -> end.live().addresses().isEmpty())
          ? "-"
          : joined(end ->
              end.live().addresses().isEmpty() ? "-" : String.join(",", end.live().addresses()));
    }

    /// The same of all ends is said once.
    private String joined(Function<End, String> of) {
      List<String> texts = ends.stream().map(of).toList();
      return texts.stream().distinct().count() == 1 ? texts.getFirst() : String.join(" | ", texts);
    }

    private String impairment() {
      return emulation == null ? "" : "%s (%s)".formatted(emulation.asked(), emulation.means());
    }
  }

  public LinkList {
    links = List.copyOf(links);
  }

  public static LinkList of(LabRecord lab, List<Cuttable.Cable> cables) {
    Map<String, Cut> cuts = lab.faults().cuts();
    Map<String, Emulation> emulations = lab.faults().emulations();
    Map<String, CutState> nodes = new LinkedHashMap<>();
    for (LabRecord.Node node : lab.nodes()) {
      if (cuts.containsKey(node.name())) {
        nodes.put(node.name(), CutState.of(node.name(), cuts));
      }
    }
    for (String bridge : lab.bridges() == null ? List.<String>of() : lab.bridges()) {
      if (cuts.containsKey(bridge)) {
        nodes.put(bridge, CutState.of(bridge, cuts));
      }
    }
    NodeInterfaces interfaces = NodeInterfaces.of(lab);
    return new LinkList(
        lab.lab(),
        cables.stream()
            .map(cable ->
                new Link(
                    cable,
                    CutState.of(cable, cuts),
                    emulations.get(cable.name()),
                    ends(lab.link(cable.name()), interfaces)))
            .toList(),
        nodes);
  }

  private static List<End> ends(LabRecord.Link link, NodeInterfaces interfaces) {
    return (link.isOutside() ? List.of(link.a()) : List.of(link.a(), link.b()))
        .stream().map(end -> new End(end.node(), interfaces.of(end))).toList();
  }

  public void print(PrintWriter out) {
    print(out, Pen.PLAIN);
  }

  public void print(PrintWriter out, Pen pen) {
    TextTable table = new TextTable("LINK", "STATE", "CARRIER", "MTU", "ADDRESSES", "IMPAIRMENT");
    for (Link link : links) {
      table.row(
          link.cable().name(),
          StateInk.of(link.state()),
          link.carrier(),
          link.mtu(),
          link.addresses(),
          link.impairment());
    }
    table.print(out, pen);
    nodes.forEach((node, standing) ->
        out.println("node " + node + " is " + pen.write(StateInk.of(standing))));
  }

  public ObjectNode json() {
    ObjectNode json = JSON.createObjectNode();
    json.put("name", lab);
    ArrayNode all = json.putArray("links");
    for (Link link : links) {
      ObjectNode entry = all.addObject().put("name", link.cable().name());
      CutJson.put(entry, link.standing());
      ArrayNode ends = entry.putArray("ends");
      link.ends().forEach(end -> end.live().put(ends.addObject().put("node", end.node())));
      Emulation emulation = link.emulation();
      if (emulation != null) {
        LabFaults.put(entry.putObject("impairment"), emulation);
      }
    }
    ArrayNode cut = json.putArray("nodes");
    nodes.forEach((node, standing) -> CutJson.put(cut.addObject().put("name", node), standing));
    return json;
  }
}

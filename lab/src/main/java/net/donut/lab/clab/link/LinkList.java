package net.donut.lab.clab.link;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.PrintWriter;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import net.donut.lab.clab.run.LabRecord;
import net.donut.lab.net.Cut;
import net.donut.lab.net.CutJson;
import net.donut.lab.net.Cuttable;
import net.donut.lab.net.Emulation;
import net.donut.lab.net.Faults;
import net.donut.lab.net.Standing;
import org.jspecify.annotations.Nullable;

/// What `links list` shows: every link of a lab and how it is, and the nodes that are cut.
public record LinkList(String lab, List<Link> links, Map<String, Standing> nodes) {
  private static final ObjectMapper JSON = new ObjectMapper();

  /// A link and how it is.
  ///
  /// @param emulation null for one that is not impaired
  public record Link(Cuttable.Cable cable, Standing standing, @Nullable Emulation emulation) {
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
    Map<String, Standing> nodes = new LinkedHashMap<>();
    for (LabRecord.Node node : lab.nodes()) {
      if (cuts.containsKey(node.name())) {
        nodes.put(node.name(), Standing.of(node.name(), cuts));
      }
    }
    return new LinkList(
        lab.lab(),
        cables.stream()
            .map(cable -> new Link(cable, Standing.of(cable, cuts), emulations.get(cable.name())))
            .toList(),
        nodes);
  }

  public void print(PrintWriter out) {
    int width = links.stream().mapToInt(link -> link.cable().name().length()).max().orElse(4);
    String row = "%-" + Math.max(4, width) + "s %-22s %s";
    out.println(row.formatted("LINK", "STATE", "IMPAIRMENT"));
    for (Link link : links) {
      out.println(
          row.formatted(link.cable().name(), link.standing(), link.impairment()).stripTrailing());
    }
    nodes.forEach((node, standing) -> out.println("node " + node + " is " + standing));
  }

  public ObjectNode json() {
    ObjectNode json = JSON.createObjectNode();
    json.put("name", lab);
    ArrayNode all = json.putArray("links");
    for (Link link : links) {
      ObjectNode entry = all.addObject().put("name", link.cable().name());
      CutJson.put(entry, link.standing());
      Emulation emulation = link.emulation();
      if (emulation != null) {
        Faults.put(entry.putObject("impairment"), emulation);
      }
    }
    ArrayNode cut = json.putArray("nodes");
    nodes.forEach((node, standing) -> CutJson.put(cut.addObject().put("name", node), standing));
    return json;
  }
}

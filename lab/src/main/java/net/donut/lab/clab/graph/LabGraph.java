package net.donut.lab.clab.graph;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import net.donut.lab.clab.model.ClabTopology;
import net.donut.lab.clab.model.LinkDefinition;
import net.donut.lab.clab.model.LinkDefinition.Endpoint;
import net.donut.lab.clab.model.NodeDefinition;
import net.donut.lab.clab.run.LabRecord;
import net.donut.lab.clab.run.LabRuntime;
import net.donut.lab.net.Cut;
import net.donut.lab.net.Emulation;
import net.donut.lab.net.Standing;
import org.jspecify.annotations.Nullable;

/// Nodes and links of a topology, and how they are.
///
/// @param title what it shows
public record LabGraph(String title, List<Vertex> vertices, List<Edge> edges) {

  /// How a node is.
  public enum Life {
    /// The lab is not deployed.
    PLANNED,
    UP,
    PAUSED,
    DOWN
  }

  /// A node; the host and the management network are nodes when links lead there.
  ///
  /// @param spot where its labels put it; null where they do not
  public record Vertex(String name, String kind, Life life, @Nullable Spot spot) {}

  /// A place in a drawing, of any scale, as the labels `graph-posX` and `graph-posY` say it.
  public record Spot(double x, double y) {
    private static @Nullable Spot of(Map<String, String> labels) {
      try {
        return new Spot(
            Double.parseDouble(labels.getOrDefault("graph-posX", "")),
            Double.parseDouble(labels.getOrDefault("graph-posY", "")));
      } catch (NumberFormatException e) {
        // Without both, or with a text that other tools have a use for: no place.
        return null;
      }
    }
  }

  /// How a link is.
  public enum State {
    WHOLE,
    IMPAIRED,
    CUT
  }

  /// A link between two vertices.
  ///
  /// @param relation what `b` is to `a` in business, a word of policy files; empty for none
  /// @param remark such as `cut (silent)` or `delay 20ms`; empty for none
  public record Edge(
      String a,
      String aDevice,
      String b,
      String bDevice,
      String relation,
      State state,
      String remark) {}

  public LabGraph {
    vertices = List.copyOf(vertices);
    edges = List.copyOf(edges);
  }

  /// The graph of a topology, with live state where it is deployed.
  ///
  /// @param deployed null when it is not
  public static LabGraph of(
      ClabTopology topology, @Nullable LabRecord deployed, LabRuntime runtime) {
    List<Vertex> vertices = new ArrayList<>();
    for (NodeDefinition node : topology.nodes()) {
      vertices.add(
          new Vertex(
              node.name(),
              node.kind().word(),
              life(node, deployed, runtime),
              Spot.of(node.labels())));
    }
    List<Edge> edges = new ArrayList<>();
    for (LinkDefinition link : topology.links()) {
      if (link.type() == LinkDefinition.Type.DUMMY) {
        continue;
      }
      Endpoint b = link.b();
      if (vertices.stream().noneMatch(vertex -> vertex.name().equals(b.node()))) {
        vertices.add(new Vertex(b.node(), "host", deployed == null ? Life.PLANNED : Life.UP, null));
      }
      edges.add(edge(link, deployed));
    }
    String title = topology.name() + (deployed == null ? " (not deployed)" : "");
    return new LabGraph(title, vertices, edges);
  }

  private static Life life(NodeDefinition node, @Nullable LabRecord deployed, LabRuntime runtime) {
    if (deployed == null) {
      return Life.PLANNED;
    }
    if (deployed.faults().cuts().get(node.name()) == Cut.OfNode.NODE_FREEZE) {
      return Life.PAUSED;
    }
    return deployed.nodes().stream()
        .filter(record -> record.name().equals(node.name()))
        .findFirst()
        .map(record -> runtime.state(deployed, record))
        .filter(state -> !(state instanceof LabRuntime.NodeState.Running))
        .map(_ -> Life.DOWN)
        // A bridge or the host runs nothing that could end.
        .orElse(Life.UP);
  }

  private static Edge edge(LinkDefinition link, @Nullable LabRecord deployed) {
    Map<String, Cut> cuts = deployed == null ? Map.of() : deployed.faults().cuts();
    Emulation emulation = deployed == null ? null : deployed.faults().emulations().get(link.name());
    Standing standing = Standing.of(link.name(), link.a().node(), link.b().node(), cuts);
    State state =
        standing != Standing.Uncut.UP
            ? State.CUT
            : emulation == null ? State.WHOLE : State.IMPAIRED;
    return new Edge(
        link.a().node(),
        link.a().device(),
        link.b().node(),
        link.b().device(),
        link.relation(),
        state,
        remark(standing, emulation));
  }

  private static String remark(Standing standing, @Nullable Emulation emulation) {
    if (standing != Standing.Uncut.UP) {
      return standing.toString();
    }
    return emulation == null ? "" : emulation.asked().toString();
  }
}

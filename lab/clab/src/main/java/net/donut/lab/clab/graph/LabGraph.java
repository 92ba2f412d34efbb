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
import net.donut.lab.clab.run.NodeInterfaces;
import net.donut.lab.clab.run.NodeInterfaces.Interface;
import net.donut.lab.net.Cut;
import net.donut.lab.net.CutState;
import net.donut.lab.net.Emulation;
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
  /// @param as the number of its autonomous system, such as `AS65001`; empty where its
  ///   configuration does not say
  /// @param spot where its labels put it; null where they do not
  public record Vertex(String name, String kind, Life life, String as, @Nullable Spot spot) {}

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
    /// Nobody cut it, and an end has no carrier.
    DOWN,
    CUT
  }

  /// A link between two vertices.
  ///
  /// @param relation what `b` is to `a` in business, a word of policy files; empty for none
  /// @param remark such as `cut (silent)` or `delay 20ms`; empty for none
  /// @param aLive the first end as the kernel has it; null where the lab is not deployed
  /// @param bLive the second end; null also where it is no interface of the lab
  public record Edge(
      String a,
      String aDevice,
      String b,
      String bDevice,
      String relation,
      State state,
      String remark,
      @Nullable Interface aLive,
      @Nullable Interface bLive) {}

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
              AsOfNode.of(node),
              Spot.of(node.labels())));
    }
    NodeInterfaces interfaces = deployed == null ? null : NodeInterfaces.of(deployed);
    List<Edge> edges = new ArrayList<>();
    for (LinkDefinition link : topology.links()) {
      if (link.type() == LinkDefinition.Type.DUMMY) {
        continue;
      }
      Endpoint b = link.b();
      if (vertices.stream().noneMatch(vertex -> vertex.name().equals(b.node()))) {
        vertices.add(
            new Vertex(b.node(), "host", deployed == null ? Life.PLANNED : Life.UP, "", null));
      }
      edges.add(edge(link, deployed, interfaces));
    }
    String title = topology.name() + (deployed == null ? " (not deployed)" : "");
    return new LabGraph(title, vertices, edges);
  }

  private static Life life(NodeDefinition node, @Nullable LabRecord deployed, LabRuntime runtime) {
    if (deployed == null) {
      return Life.PLANNED;
    }
    switch (deployed.faults().cuts().get(node.name())) {
      case Cut.OfNode.NODE_FREEZE -> {
        return Life.PAUSED;
      }
      case Cut.OfNode.NODE_KILL -> {
        return Life.DOWN;
      }
      case null, default -> {}
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

  private static Edge edge(
      LinkDefinition link, @Nullable LabRecord deployed, @Nullable NodeInterfaces interfaces) {
    Map<String, Cut> cuts = deployed == null ? Map.of() : deployed.faults().cuts();
    Emulation emulation = deployed == null ? null : deployed.faults().emulations().get(link.name());
    CutState standing = CutState.of(link.name(), link.a().node(), link.b().node(), cuts);
    LabRecord.Link record = deployed == null ? null : recordOf(deployed, link);
    Interface a = record == null || interfaces == null ? null : interfaces.of(record.a());
    Interface b =
        record == null || interfaces == null || link.hasOneEnd() ? null : interfaces.of(record.b());
    String dead = dead(link, a, b);
    State state =
        standing != CutState.Uncut.UP
            ? State.CUT
            : !dead.isEmpty() ? State.DOWN : emulation == null ? State.WHOLE : State.IMPAIRED;
    return new Edge(
        link.a().node(),
        link.a().device(),
        link.b().node(),
        link.b().device(),
        link.relation(),
        state,
        state == State.DOWN ? dead : remark(standing, emulation),
        a,
        b);
  }

  private static LabRecord.@Nullable Link recordOf(LabRecord deployed, LinkDefinition link) {
    return deployed.links().stream()
        .filter(record -> record.name().equals(link.name()))
        .findFirst()
        .orElse(null);
  }

  /// Which ends have no carrier; empty for a link that stands.
  private static String dead(LinkDefinition link, @Nullable Interface a, @Nullable Interface b) {
    List<String> dead = new ArrayList<>();
    if (a != null && !a.hasCarrier()) {
      dead.add(a.state() + " at " + link.a().node());
    }
    if (b != null && !b.hasCarrier()) {
      dead.add(b.state() + " at " + link.b().node());
    }
    return String.join(", ", dead);
  }

  private static String remark(CutState standing, @Nullable Emulation emulation) {
    if (standing != CutState.Uncut.UP) {
      return standing.toString();
    }
    return emulation == null ? "" : emulation.asked().toString();
  }
}

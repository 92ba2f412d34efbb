package net.donut.lab.demo;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import net.donut.lab.topology.LabLink;
import net.donut.lab.topology.LabNode;
import net.donut.lab.topology.Topology;

/// The topology as a donut: transit in the hole, our network as the ring, direct neighbors outside.
final class DonutDrawing {
  /*
   * A canvas of 720 x 460 with the donut in the middle. Transit networks sit in the hole side by
   * side, our edge routers left and right on the ring, everything else outside near its router, by
   * hand-placed slots in the order of the topology.
   */
  private static final double CENTER_X = 360;
  private static final double CENTER_Y = 230;

  private record Point(double x, double y) {}

  private final Topology topology;
  private final Map<String, Point> points = new HashMap<>();
  private final Map<String, String> relations = new HashMap<>();

  private DonutDrawing(Topology topology) {
    this.topology = topology;
    place();
  }

  /// `cuts` are links to mark, in the order they were cut.
  static String draw(Topology topology, List<String> cuts) {
    return new DonutDrawing(topology).svg(cuts);
  }

  private void place() {
    topology
        .ourPeerings()
        .forEach(
            link -> relations.put(link.b().node(), link.relationSeenFrom(link.a().node()).word()));
    List<LabNode.Edge> edges = topology.edges().toList();
    for (int i = 0; i < edges.size(); i++) {
      double angle = Math.PI + 2 * Math.PI * i / edges.size();
      points.put(edges.get(i).name(), onCircle(145, angle));
    }
    List<String> transits =
        relations.entrySet().stream()
            .filter(entry -> entry.getValue().equals("transit"))
            .map(Map.Entry::getKey)
            .sorted()
            .toList();
    for (int i = 0; i < transits.size(); i++) {
      double shift = (i - (transits.size() - 1) / 2.0) * 92;
      points.put(transits.get(i), new Point(CENTER_X + shift, CENTER_Y + 4));
    }
    points.put("ctl", new Point(CENTER_X, CENTER_Y - 145));
    points.put("far", new Point(CENTER_X, 432));
    placeOutside();
  }

  private void placeOutside() {
    Map<String, Integer> used = new HashMap<>();
    double[] slots = {-75, 75, 0, -140, 140};
    topology
        .ourPeerings()
        .filter(link -> !points.containsKey(link.b().node()))
        .forEach(link -> {
          String router = link.a().node();
          Point at = points.getOrDefault(router, new Point(CENTER_X, CENTER_Y));
          int slot = used.merge(router, 1, Integer::sum) - 1;
          double side = at.x() < CENTER_X ? 92 : 628;
          points.put(link.b().node(), new Point(side, CENTER_Y + slots[slot % slots.length]));
        });
    for (LabNode node : topology.nodes()) {
      if (node instanceof LabNode.Host host) {
        topology
            .linksOf(host.name())
            .findFirst()
            .map(link -> points.get(link.peer(host.name()).node()))
            .ifPresent(
                gateway -> points.put(host.name(), new Point(gateway.x(), gateway.y() + 110)));
      }
    }
  }

  private static Point onCircle(double radius, double angle) {
    return new Point(CENTER_X + radius * Math.cos(angle), CENTER_Y + radius * Math.sin(angle));
  }

  private String svg(List<String> cuts) {
    StringBuilder svg =
        new StringBuilder(
            """
            <svg class="donut" viewBox="0 0 720 460" role="img" aria-label="The network as a donut: \
            transit in the hole, our routers on the ring, direct neighbors outside">
            <circle class="dough" cx="360" cy="230" r="145"/>
            <text class="cap" x="360" y="178">transit</text>
            <text class="cap" x="530" y="96">AS %d</text>
            """
                .formatted(topology.asn()));
    for (LabLink link : topology.links()) {
      svg.append(line(link));
    }
    for (int i = 0; i < cuts.size(); i++) {
      svg.append(cut(topology.link(cuts.get(i)), i + 1));
    }
    for (LabNode node : topology.nodes()) {
      svg.append(box(node));
    }
    return svg.append("</svg>\n").toString();
  }

  private String line(LabLink link) {
    Point a = points.get(link.a().node());
    Point b = points.get(link.b().node());
    if (a == null || b == null) {
      return "";
    }
    String kind =
        switch (link.kind()) {
          case LabLink.Kind.Internal _ -> "internal";
          case LabLink.Kind.Access _ -> "access";
          case LabLink.Kind.Peering(var relation) ->
              topology.node(link.a().node()) instanceof LabNode.Edge ? relation.word() : "others";
        };
    if (link.kind() instanceof LabLink.Kind.Internal) {
      return "<path class=\"l internal\" d=\"M%.0f %.0f A145 145 0 0 0 %.0f %.0f\"/>\n"
          .formatted(a.x(), a.y(), b.x(), b.y());
    }
    return "<line class=\"l %s\" x1=\"%.0f\" y1=\"%.0f\" x2=\"%.0f\" y2=\"%.0f\"/>\n"
        .formatted(kind, a.x(), a.y(), b.x(), b.y());
  }

  private String cut(LabLink link, int number) {
    Point a = points.get(link.a().node());
    Point b = points.get(link.b().node());
    if (a == null || b == null) {
      return "";
    }
    double x = (a.x() + b.x()) / 2;
    double y = (a.y() + b.y()) / 2;
    if (link.kind() instanceof LabLink.Kind.Internal) {
      y = CENTER_Y + 145;
    }
    return """
    <g class="cut"><circle cx="%.0f" cy="%.0f" r="11"/><text x="%.0f" y="%.0f">%d</text></g>
    """
        .formatted(x, y, x, y + 4, number);
  }

  private String box(LabNode node) {
    Point at = points.get(node.name());
    if (at == null) {
      return "";
    }
    String kind =
        switch (node) {
          case LabNode.Edge _ -> "ours";
          case LabNode.Controller _ -> "ours";
          case LabNode.Host _ -> "host";
          case LabNode.Network network -> relations.getOrDefault(network.name(), "others");
        };
    String second =
        switch (node) {
          case LabNode.Edge _ -> "agent";
          case LabNode.Controller _ -> "controller";
          case LabNode.Host _ -> "host";
          case LabNode.Network network -> "AS" + network.asn();
        };
    return """
    <g class="b %s"><rect x="%.0f" y="%.0f" width="80" height="38" rx="9"/>\
    <text x="%.0f" y="%.0f">%s</text><text class="s" x="%.0f" y="%.0f">%s</text></g>
    """
        .formatted(
            kind,
            at.x() - 40,
            at.y() - 19,
            at.x(),
            at.y() - 2,
            node.name(),
            at.x(),
            at.y() + 12,
            second);
  }
}

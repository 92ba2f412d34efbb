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
   * A canvas that is narrow enough for a phone, with the donut in the middle. Transit networks sit
   * in the hole, one above the other and a little aside, so that what leads away from the upper one
   * passes the lower one; our edge routers left and right on the ring; everything else outside,
   * above and below its router in the order of the topology. Boxes hide lines, and the numbers of
   * cuts lie over everything.
   */
  private static final int WIDTH = 400;
  private static final int HEIGHT = 500;
  private static final double CENTER_X = WIDTH / 2.0;
  private static final double CENTER_Y = 262;
  private static final double RADIUS = 122;
  private static final double BOX_WIDTH = 84;
  private static final double BOX_HEIGHT = 38;

  /// What a page that has one needs in its style.
  static final String STYLE =
      """
      :root{--dough:#f3d6ae}
      @media(prefers-color-scheme:dark){:root{--dough:#4a3820}}
      .donut{display:block;width:100%;max-width:480px;height:auto;margin:0 auto}
      .dough{fill:none;stroke:var(--dough);stroke-width:46}
      .cap{fill:var(--dim);font-size:13px;text-anchor:middle}
      .l{stroke:var(--others);stroke-width:1.6;fill:none}
      .l.others{stroke-dasharray:4 4}.l.access{stroke-dasharray:2 3}
      .l.transit{stroke:var(--transit);stroke-width:3}.l.private-peer,.l.public-peer,.l.route-server{stroke:var(--peer);stroke-width:3}
      .l.customer{stroke:var(--customer);stroke-width:3}.l.internal{stroke:var(--ours);stroke-width:4}
      .b rect{fill:var(--card);stroke:var(--others);stroke-width:1.6}
      .b text{fill:var(--fg);font-size:14px;font-weight:600;text-anchor:middle}.b .s{fill:var(--dim);font-size:11.5px;font-weight:400}
      .b.ours rect{stroke:var(--ours);stroke-width:2.4}.b.transit rect{stroke:var(--transit);stroke-width:2.4}
      .b.private-peer rect,.b.public-peer rect{stroke:var(--peer);stroke-width:2.4}.b.customer rect{stroke:var(--customer);stroke-width:2.4}
      .cut circle{fill:var(--bad);stroke:var(--card);stroke-width:2}.cut text{fill:var(--card);font-size:13px;font-weight:700;text-anchor:middle}
      """;

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
      points.put(edges.get(i).name(), onCircle(angle));
    }
    List<String> transits =
        relations.entrySet().stream()
            .filter(entry -> entry.getValue().equals("transit"))
            .map(Map.Entry::getKey)
            .sorted()
            .toList();
    for (int i = 0; i < transits.size(); i++) {
      double shift = i - (transits.size() - 1) / 2.0;
      points.put(transits.get(i), new Point(CENTER_X + 48 * shift, CENTER_Y + 74 * shift));
    }
    points.put("ctl", new Point(CENTER_X, CENTER_Y - RADIUS));
    points.put("far", new Point(CENTER_X, HEIGHT - 24));
    placeOutside();
  }

  private void placeOutside() {
    Map<String, Integer> used = new HashMap<>();
    double[] slots = {-152, 152, -76, 76};
    topology
        .ourPeerings()
        .filter(link -> !points.containsKey(link.b().node()))
        .forEach(link -> {
          String router = link.a().node();
          Point at = points.getOrDefault(router, new Point(CENTER_X, CENTER_Y));
          int slot = used.merge(router, 1, Integer::sum) - 1;
          double side = at.x() < CENTER_X ? 48 : WIDTH - 48;
          points.put(link.b().node(), new Point(side, CENTER_Y + slots[slot % slots.length]));
        });
    for (LabNode node : topology.nodes()) {
      if (node instanceof LabNode.Host host) {
        topology
            .linksOf(host.name())
            .findFirst()
            .map(link -> points.get(link.peer(host.name()).node()))
            .ifPresent(gateway ->
                points.put(
                    host.name(),
                    new Point(gateway.x(), gateway.y() + (gateway.y() < CENTER_Y ? -84 : 84))));
      }
    }
  }

  private static Point onCircle(double angle) {
    return new Point(CENTER_X + RADIUS * Math.cos(angle), CENTER_Y + RADIUS * Math.sin(angle));
  }

  private String svg(List<String> cuts) {
    StringBuilder svg =
        new StringBuilder(
            """
            <svg class="donut" viewBox="0 0 %d %d" role="img" aria-label="The network as a donut: \
            transit in the hole, our routers on the ring, direct neighbors outside">
            <circle class="dough" cx="%.0f" cy="%.0f" r="%.0f"/>
            <text class="cap" x="%.0f" y="%.0f">AS %d</text>
            """
                .formatted(
                    WIDTH,
                    HEIGHT,
                    CENTER_X,
                    CENTER_Y,
                    RADIUS,
                    CENTER_X - RADIUS + 4,
                    CENTER_Y + RADIUS - 4,
                    topology.asn()));
    for (LabLink link : topology.links()) {
      svg.append(line(link));
    }
    for (LabNode node : topology.nodes()) {
      svg.append(box(node));
    }
    for (int i = 0; i < cuts.size(); i++) {
      svg.append(cut(topology.link(cuts.get(i)), i + 1));
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
      return "<path class=\"l internal\" d=\"M%1$.0f %2$.0f A%3$.0f %3$.0f 0 0 0 %4$.0f %5$.0f\"/>\n"
          .formatted(a.x(), a.y(), RADIUS, b.x(), b.y());
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
      y = CENTER_Y + RADIUS;
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
    <g class="b %s"><rect x="%.0f" y="%.0f" width="%.0f" height="%.0f" rx="9"/>\
    <text x="%.0f" y="%.0f">%s</text><text class="s" x="%.0f" y="%.0f">%s</text></g>
    """
        .formatted(
            kind,
            at.x() - BOX_WIDTH / 2,
            at.y() - BOX_HEIGHT / 2,
            BOX_WIDTH,
            BOX_HEIGHT,
            at.x(),
            at.y() - 2,
            node.name(),
            at.x(),
            at.y() + 12,
            second);
  }
}

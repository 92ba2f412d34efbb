package net.donut.lab.clab.graph;

import java.util.List;
import java.util.Locale;
import java.util.Map;
import net.donut.lab.clab.run.NodeInterfaces.Interface;
import net.donut.report.Html;
import net.donut.report.Page;
import org.jspecify.annotations.Nullable;

/// A graph as SVG, by itself or in a page with a table of the links.
public final class Drawing {
  private static final int BOX_HEIGHT = Layout.BOX_HEIGHT;

  /// Where along a link the label of its begin may be.
  private static final double[] NEAR = {0.14, 0.18, 0.22, 0.26, 0.3, 0.35, 0.4};

  /// Where along a link its own label may be.
  private static final double[] MIDDLE = {0.5, 0.45, 0.55, 0.4, 0.6, 0.34, 0.66};

  /// Colours of [Page] where the drawing is in one, else those it would have by day.
  private static final String STYLE =
      """
      <style>
      .lab text{font:13px system-ui,sans-serif;text-anchor:middle;fill:var(--fg,#1d1f24)}
      .lab .s{font-size:10.5px;fill:var(--dim,#6a6f7a)}
      .lab .s.e,.lab .s.r{paint-order:stroke;stroke:var(--card,#fff);stroke-width:3px;stroke-linejoin:round}
      .lab .n rect{fill:var(--card,#fff);stroke:var(--dim,#6a6f7a);stroke-width:1.4}
      .lab .n.planned rect{stroke-dasharray:5 4}
      .lab .n.paused rect{stroke:var(--ours,#b45f06);stroke-dasharray:2 3}
      .lab .n.down rect{stroke:var(--bad,#c62828)}.lab .n.down text{fill:var(--bad,#c62828)}
      .lab .l{stroke:var(--others,#8a8f99);stroke-width:2}
      .lab .l.transit{stroke:var(--transit,#5b6b8c)}.lab .l.customer{stroke:var(--customer,#7a3ea1)}
      .lab .l.private-peer,.lab .l.public-peer,.lab .l.route-server{stroke:var(--peer,#1f7a4d)}
      .lab .l.impaired{stroke-dasharray:9 4}
      .lab .l.cut{stroke:var(--bad,#c62828);stroke-dasharray:2 6}.lab .r.cut{fill:var(--bad,#c62828)}
      .lab .l.down{stroke:var(--bad,#c62828);stroke-dasharray:6 3}.lab .r.down{fill:var(--bad,#c62828)}
      </style>
      """;

  private final LabGraph graph;
  private final Layout.Shape shape;
  private final Layout layout;
  private final Map<String, Layout.Point> points;
  private final Labels labels;

  private Drawing(LabGraph graph, Layout.Shape shape) {
    this.graph = graph;
    this.shape = shape;
    this.layout = Layout.of(graph, shape);
    this.points = layout.points();
    this.labels = new Labels(layout.width());
  }

  public static String svg(LabGraph graph) {
    return new Drawing(graph, Layout.Shape.WIDE).svg("lab");
  }

  /// In a frame for a [Page], drawn for a desk and, with fewer labels, for a phone.
  public static String card(LabGraph graph) {
    return Html.card(
        new Drawing(graph, Layout.Shape.WIDE).svg("lab desk")
            + new Drawing(graph, Layout.Shape.TALL).svg("lab phone"));
  }

  public static String page(LabGraph graph) {
    List<List<String>> rows =
        graph.edges().stream()
            .map(edge ->
                List.of(
                    cell(edge.a(), edge.aDevice(), edge.aLive()),
                    cell(edge.b(), edge.bDevice(), edge.bLive()),
                    edge.relation(),
                    Html.escape(edge.remark())))
            .toList();
    return Page.of(
        graph.title(),
        "<h1>"
            + Html.escape(graph.title())
            + "</h1>\n"
            + card(graph)
            + Html.table(List.of("from", "to", "relation", "state"), rows));
  }

  /// An end with its carrier, MTU and addresses where the lab is deployed.
  private static String cell(String node, String device, @Nullable Interface live) {
    return Html.escape(
        live == null
            ? node + ":" + device
            : "%s:%s (%s, MTU %d) %s"
                .formatted(
                    node, device, live.state(), live.mtu(), String.join(" ", live.addresses()))
                .strip());
  }

  private String svg(String type) {
    StringBuilder svg =
        new StringBuilder(
            "<svg xmlns=\"http://www.w3.org/2000/svg\" class=\"%s\" viewBox=\"0 0 %d %d\" role=\"img\""
                    .formatted(type, layout.width(), layout.height())
                + " aria-label=\"Topology of "
                + Html.escape(graph.title())
                + "\">\n"
                + STYLE);
    graph
        .vertices()
        .forEach(
            vertex -> labels.keepOff(place(vertex.name()), Layout.boxWidth(vertex), BOX_HEIGHT));
    graph.edges().forEach(edge -> svg.append(line(edge)));
    graph.vertices().forEach(vertex -> svg.append(box(vertex)));
    // What matters most takes its place first.
    graph.edges().forEach(edge -> svg.append(remarkOf(edge)));
    if (shape == Layout.Shape.WIDE) {
      graph.edges().forEach(edge -> svg.append(ends(edge)));
      graph.edges().forEach(edge -> svg.append(relationOf(edge)));
    }
    return svg.append("</svg>\n").toString();
  }

  private double x(String vertex) {
    return place(vertex).x();
  }

  private double y(String vertex) {
    return place(vertex).y();
  }

  private Layout.Point place(String vertex) {
    return points.getOrDefault(vertex, new Layout.Point(0, 0));
  }

  private String line(LabGraph.Edge edge) {
    return "<line class=\"l %s %s\" x1=\"%.0f\" y1=\"%.0f\" x2=\"%.0f\" y2=\"%.0f\"/>\n"
        .formatted(
            edge.relation(),
            word(edge.state()),
            x(edge.a()),
            y(edge.a()),
            x(edge.b()),
            y(edge.b()));
  }

  /// How the link is, where that is worth telling.
  private String remarkOf(LabGraph.Edge edge) {
    return edge.remark().isEmpty()
        ? ""
        : labels.along(
            "s r " + word(edge.state()),
            List.of(both(edge), edge.remark()),
            place(edge.a()),
            place(edge.b()),
            MIDDLE);
  }

  /// What the second end is to the first.
  private String relationOf(LabGraph.Edge edge) {
    return edge.remark().isEmpty()
        ? labels.along("s r", List.of(edge.relation()), place(edge.a()), place(edge.b()), MIDDLE)
        : "";
  }

  private static String both(LabGraph.Edge edge) {
    return edge.relation().isEmpty() ? edge.remark() : edge.relation() + ": " + edge.remark();
  }

  private String ends(LabGraph.Edge edge) {
    Layout.Point a = place(edge.a());
    Layout.Point b = place(edge.b());
    return labels.along("s e", end(edge.aDevice(), edge.aLive()), a, b, NEAR)
        + labels.along("s e", end(edge.bDevice(), edge.bLive()), b, a, NEAR);
  }

  /// The interface with its first address, or by itself.
  private static List<String> end(String device, @Nullable Interface live) {
    return live == null || live.addresses().isEmpty()
        ? List.of(device)
        : List.of(device + " " + live.addresses().getFirst(), device);
  }

  private static String label(String kind, String text, double x, double y) {
    return text.isEmpty()
        ? ""
        : "<text class=\"%s\" x=\"%.0f\" y=\"%.0f\">%s</text>\n"
            .formatted(kind, x, y, Html.escape(text));
  }

  private String box(LabGraph.Vertex vertex) {
    double x = x(vertex.name());
    double y = y(vertex.name());
    double width = Layout.boxWidth(vertex);
    return "<g class=\"n %s\"><rect x=\"%.0f\" y=\"%.0f\" width=\"%.0f\" height=\"%d\" rx=\"8\"/>\n"
            .formatted(word(vertex.life()), x - width / 2, y - BOX_HEIGHT / 2.0, width, BOX_HEIGHT)
        + label("", vertex.name(), x, y)
        + label("s", second(vertex), x, y + 12)
        + "</g>\n";
  }

  private static String second(LabGraph.Vertex vertex) {
    return switch (vertex.life()) {
      case UP, PLANNED -> vertex.as().isEmpty() ? vertex.kind() : vertex.as() + " " + vertex.kind();
      case PAUSED -> "frozen";
      case DOWN -> "down";
    };
  }

  private static String word(Enum<?> constant) {
    return constant.name().toLowerCase(Locale.ROOT);
  }
}

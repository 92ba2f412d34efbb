package net.donut.lab.clab.graph;

import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import net.donut.lab.clab.run.NodeInterfaces.Interface;
import net.donut.report.Html;
import net.donut.report.Page;
import org.jspecify.annotations.Nullable;

/// A graph as SVG, by itself or in a page with a table of the links.
public final class Drawing {
  private static final int BOX_HEIGHT = Layout.BOX_HEIGHT;

  /// Colours of [Page] where the drawing is in one, else those it would have by day.
  private static final String STYLE =
      """
      <style>
      .lab text{font:13px system-ui,sans-serif;text-anchor:middle;fill:var(--fg,#1d1f24)}
      .lab .s{font-size:10.5px;fill:var(--dim,#6a6f7a)}
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
  private final Layout layout;
  private final Map<String, Layout.Point> points;

  private Drawing(LabGraph graph) {
    this.graph = graph;
    this.layout = Layout.of(graph);
    this.points = layout.points();
  }

  public static String svg(LabGraph graph) {
    return new Drawing(graph).svg();
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
            + Html.card(svg(graph))
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

  private String svg() {
    StringBuilder svg =
        new StringBuilder(
            "<svg xmlns=\"http://www.w3.org/2000/svg\" class=\"lab\" viewBox=\"0 0 %d %d\" role=\"img\""
                    .formatted(layout.width(), layout.height())
                + " aria-label=\"Topology of "
                + Html.escape(graph.title())
                + "\">\n"
                + STYLE);
    graph.edges().forEach(edge -> svg.append(line(edge)));
    graph.vertices().forEach(vertex -> svg.append(box(vertex)));
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
    String state = word(edge.state());
    double ax = x(edge.a());
    double ay = y(edge.a());
    double bx = x(edge.b());
    double by = y(edge.b());
    return "<line class=\"l %s %s\" x1=\"%.0f\" y1=\"%.0f\" x2=\"%.0f\" y2=\"%.0f\"/>\n"
            .formatted(edge.relation(), state, ax, ay, bx, by)
        + label(
            "s",
            end(edge.aDevice(), edge.aLive()),
            ax + (bx - ax) * 0.22,
            ay + (by - ay) * 0.22 - 4)
        + label(
            "s",
            end(edge.bDevice(), edge.bLive()),
            bx + (ax - bx) * 0.22,
            by + (ay - by) * 0.22 - 4)
        + label("s r " + state, remark(edge), (ax + bx) / 2, (ay + by) / 2 - 4);
  }

  /// The interface with its first address.
  private static String end(String device, @Nullable Interface live) {
    return live == null || live.addresses().isEmpty()
        ? device
        : device + " " + live.addresses().getFirst();
  }

  /// What the second end is to the first, and how the link is.
  private static String remark(LabGraph.Edge edge) {
    return Stream.of(edge.relation(), edge.remark())
        .filter(text -> !text.isEmpty())
        .collect(Collectors.joining(": "));
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

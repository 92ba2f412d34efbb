package net.donut.lab.clab.graph;

import java.util.HashMap;
import java.util.Map;

/// A graph as text of Mermaid, which many wikis and forges draw.
public final class Mermaid {
  private Mermaid() {}

  public static String of(LabGraph graph) {
    StringBuilder text = new StringBuilder("---\ntitle: " + graph.title() + "\n---\ngraph LR\n");
    Map<String, String> names = new HashMap<>();
    for (LabGraph.Vertex vertex : graph.vertices()) {
      names.put(vertex.name(), "n" + names.size());
      String as = vertex.as().isEmpty() ? "" : "<br>" + vertex.as();
      text.append("  %s[\"%s%s\"]".formatted(names.get(vertex.name()), vertex.name(), as));
      text.append(
          switch (vertex.life()) {
            case DOWN -> ":::down";
            case PAUSED -> ":::paused";
            case UP, PLANNED -> "";
          });
      text.append('\n');
    }
    for (LabGraph.Edge edge : graph.edges()) {
      text.append(
          "  %s %s|\"%s\"| %s\n"
              .formatted(
                  names.get(edge.a()), line(edge.state()), label(edge), names.get(edge.b())));
    }
    text.append("  classDef down stroke:#c62828,stroke-dasharray:4,color:#c62828\n");
    text.append("  classDef paused stroke:#b45f06,stroke-dasharray:2\n");
    for (int i = 0; i < graph.edges().size(); i++) {
      LabGraph.Edge edge = graph.edges().get(i);
      boolean dead = edge.state() == LabGraph.State.CUT || edge.state() == LabGraph.State.DOWN;
      String color = dead ? "#c62828" : color(edge.relation());
      if (!color.isEmpty()) {
        text.append("  linkStyle %d stroke:%s\n".formatted(i, color));
      }
    }
    return text.toString();
  }

  private static String line(LabGraph.State state) {
    return switch (state) {
      case WHOLE -> "---";
      case IMPAIRED, DOWN, CUT -> "-.-";
    };
  }

  private static String label(LabGraph.Edge edge) {
    String ends = edge.aDevice() + " - " + edge.bDevice();
    return edge.remark().isEmpty() ? ends : ends + "<br>" + edge.remark();
  }

  private static String color(String relation) {
    return switch (relation) {
      case "transit" -> "#5b6b8c";
      case "customer" -> "#7a3ea1";
      case "private-peer", "public-peer", "route-server" -> "#1f7a4d";
      default -> "";
    };
  }
}

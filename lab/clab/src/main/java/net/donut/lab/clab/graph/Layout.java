package net.donut.lab.clab.graph;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;

/// Where the boxes of a graph go: to the spots of their labels where all have one, otherwise each
/// part that hangs together by itself (Fruchterman and Reingold), and the parts side by side. No
/// box lies over another. The same graph is always laid out the same.
final class Layout {
  static final int BOX_HEIGHT = 34;

  private static final int ROUNDS = 400;
  private static final double FIRST_STEP = 0.2;
  private static final int MARGIN = 30;

  /// What a drawing is shaped like.
  enum Shape {
    /// For a desk: in the shape that the spots have.
    WIDE(900, 300, 700, 400, 210, 150, 40, 40),
    /// For a phone: what is side by side on a desk is one below the other.
    TALL(340, 200, 250, 520, 100, 130, 10, 34);

    private final int leastWidth;
    private final int leastHeight;
    private final int spotsWidth;
    private final int spotsHeight;
    private final int columnWidth;
    private final int rowHeight;
    private final int gapX;
    private final int gapY;

    Shape(
        int leastWidth,
        int leastHeight,
        int spotsWidth,
        int spotsHeight,
        int columnWidth,
        int rowHeight,
        int gapX,
        int gapY) {
      this.leastWidth = leastWidth;
      this.leastHeight = leastHeight;
      this.spotsWidth = spotsWidth;
      this.spotsHeight = spotsHeight;
      this.columnWidth = columnWidth;
      this.rowHeight = rowHeight;
      this.gapX = gapX;
      this.gapY = gapY;
    }

    private int margin() {
      return this == WIDE ? MARGIN : 6;
    }
  }

  /// A place in a drawing.
  record Point(double x, double y) {}

  /// Boxes by themselves, from 0 to a width and a height.
  private record Part(Map<String, Point> points, double width, double height) {}

  private final Map<String, Point> points = new HashMap<>();
  private double width;
  private double height;

  private final Shape shape;

  private Layout(Shape shape) {
    this.shape = shape;
  }

  Map<String, Point> points() {
    return points;
  }

  int width() {
    return (int) Math.ceil(width);
  }

  int height() {
    return (int) Math.ceil(height);
  }

  /// How wide the box of a vertex is: as its texts need it.
  static int boxWidth(LabGraph.Vertex vertex) {
    int characters =
        Math.max(vertex.name().length(), vertex.as().length() + vertex.kind().length());
    return Math.max(64, 8 * characters + 20);
  }

  static Layout of(LabGraph graph) {
    return of(graph, Shape.WIDE);
  }

  static Layout of(LabGraph graph, Shape shape) {
    Layout layout = new Layout(shape);
    List<LabGraph.Spot> spots =
        graph.vertices().stream().map(LabGraph.Vertex::spot).filter(Objects::nonNull).toList();
    boolean placed = !spots.isEmpty() && spots.size() == graph.vertices().size();
    List<Part> parts =
        placed
            ? List.of(layout.bySpots(graph.vertices(), spots))
            : parts(graph).stream()
                .map(vertices -> layout.byForces(vertices, graph.edges()))
                .toList();
    layout.pack(parts);
    return layout;
  }

  /// The vertices that hang together, the largest part first.
  private static List<List<LabGraph.Vertex>> parts(LabGraph graph) {
    Map<String, Set<String>> neighbors = new HashMap<>();
    graph.vertices().forEach(vertex -> neighbors.put(vertex.name(), new HashSet<>()));
    for (LabGraph.Edge edge : graph.edges()) {
      neighbors.computeIfAbsent(edge.a(), _ -> new HashSet<>()).add(edge.b());
      neighbors.computeIfAbsent(edge.b(), _ -> new HashSet<>()).add(edge.a());
    }
    Set<String> seen = new HashSet<>();
    List<List<LabGraph.Vertex>> parts = new ArrayList<>();
    for (LabGraph.Vertex vertex : graph.vertices()) {
      if (seen.contains(vertex.name())) {
        continue;
      }
      Set<String> names = new HashSet<>();
      List<String> next = new ArrayList<>(List.of(vertex.name()));
      while (!next.isEmpty()) {
        String name = next.removeLast();
        if (names.add(name)) {
          next.addAll(neighbors.getOrDefault(name, Set.of()));
        }
      }
      seen.addAll(names);
      parts.add(graph.vertices().stream().filter(each -> names.contains(each.name())).toList());
    }
    parts.sort(Comparator.comparingInt(part -> -part.size()));
    return parts;
  }

  /// In the shape that the spots have, as large as the boxes need it.
  private Part bySpots(List<LabGraph.Vertex> vertices, List<LabGraph.Spot> spots) {
    double[] across = spots.stream().mapToDouble(LabGraph.Spot::x).toArray();
    double[] down = spots.stream().mapToDouble(LabGraph.Spot::y).toArray();
    double[] x = shape == Shape.WIDE ? across : down;
    double[] y = shape == Shape.WIDE ? down : across;
    stretch(x, shape.spotsWidth);
    stretch(y, shape.spotsHeight);
    return part(vertices, x, y);
  }

  private static void stretch(double[] values, double to) {
    double least = Arrays.stream(values).min().orElse(0);
    double most = Arrays.stream(values).max().orElse(0);
    for (int i = 0; i < values.length; i++) {
      values[i] = most - least < 1e-9 ? 0 : (values[i] - least) / (most - least) * to;
    }
  }

  private Part byForces(List<LabGraph.Vertex> vertices, List<LabGraph.Edge> edges) {
    List<String> names = vertices.stream().map(LabGraph.Vertex::name).toList();
    int[][] links =
        edges.stream()
            .filter(edge -> names.contains(edge.a()) && names.contains(edge.b()))
            .map(edge -> new int[] {names.indexOf(edge.a()), names.indexOf(edge.b())})
            .toArray(int[][]::new);
    Forces forces = new Forces(names.size(), links);
    forces.settle();
    double side = Math.sqrt(names.size());
    stretch(forces.x, Math.max(0, side - 1) * shape.columnWidth);
    stretch(forces.y, Math.max(0, side - 1) * shape.rowHeight);
    return part(vertices, forces.x, forces.y);
  }

  /// Boxes at these places, moved apart until none lies over another.
  private Part part(List<LabGraph.Vertex> vertices, double[] x, double[] y) {
    int count = vertices.size();
    double[] w = vertices.stream().mapToDouble(Layout::boxWidth).toArray();
    boolean moved = true;
    for (int round = 0; moved && round < 2000; round++) {
      moved = false;
      for (int i = 0; i < count; i++) {
        for (int j = 0; j < i; j++) {
          moved |= separate(i, j, x, y, w);
        }
      }
    }
    if (moved) {
      onGrid(x, y, w);
    }
    double left = Double.MAX_VALUE;
    double top = Double.MAX_VALUE;
    double right = -Double.MAX_VALUE;
    double bottom = -Double.MAX_VALUE;
    for (int i = 0; i < count; i++) {
      left = Math.min(left, x[i] - w[i] / 2);
      right = Math.max(right, x[i] + w[i] / 2);
      top = Math.min(top, y[i] - BOX_HEIGHT / 2.0);
      bottom = Math.max(bottom, y[i] + BOX_HEIGHT / 2.0);
    }
    Map<String, Point> points = new HashMap<>();
    for (int i = 0; i < count; i++) {
      points.put(vertices.get(i).name(), new Point(x[i] - left, y[i] - top));
    }
    return new Part(points, right - left, bottom - top);
  }

  /// Moves two boxes that are too near by the shorter way; false for two that are not.
  private boolean separate(int i, int j, double[] x, double[] y, double[] w) {
    double dx = x[i] - x[j];
    double dy = y[i] - y[j];
    double overX = (w[i] + w[j]) / 2 + shape.gapX - Math.abs(dx);
    double overY = BOX_HEIGHT + shape.gapY - Math.abs(dy);
    if (overX <= 0.01 || overY <= 0.01) {
      return false;
    }
    if (overY <= overX) {
      double half = (overY / 2 + 0.1) * (dy >= 0 ? 1 : -1);
      y[i] += half;
      y[j] -= half;
    } else {
      double half = (overX / 2 + 0.1) * (dx >= 0 ? 1 : -1);
      x[i] += half;
      x[j] -= half;
    }
    return true;
  }

  /// For what does not come apart in time: rows and columns.
  private void onGrid(double[] x, double[] y, double[] w) {
    double widest = Arrays.stream(w).max().orElse(0) + shape.gapX;
    int columns = (int) Math.ceil(Math.sqrt(x.length));
    for (int i = 0; i < x.length; i++) {
      int row = i / columns;
      x[i] = (i - row * columns) * widest;
      y[i] = row * (BOX_HEIGHT + 2.0 * shape.gapY);
    }
  }

  /// Puts parts beside each other, in rows where one is not wide enough.
  private void pack(List<Part> parts) {
    double widest = parts.stream().mapToDouble(Part::width).max().orElse(0);
    double limit = Math.max(shape.leastWidth - 2.0 * shape.margin(), widest);
    double x = 0;
    double y = 0;
    double row = 0;
    double used = 0;
    for (Part part : parts) {
      if (x > 0 && x + part.width() > limit) {
        x = 0;
        y += row + 2 * shape.gapY;
        row = 0;
      }
      double left = x + shape.margin();
      double top = y + shape.margin();
      part.points()
          .forEach((name, point) -> points.put(name, new Point(left + point.x(), top + point.y())));
      x += part.width() + 2 * shape.gapX;
      used = Math.max(used, x - 2 * shape.gapX);
      row = Math.max(row, part.height());
    }
    // A small drawing stands in the middle.
    width = Math.max(shape.leastWidth, used + 2 * shape.margin());
    height = Math.max(shape.leastHeight, y + row + 2 * shape.margin());
    double right = (width - used) / 2 - shape.margin();
    double down = (height - y - row) / 2 - shape.margin();
    points.replaceAll((_, point) -> new Point(point.x() + right, point.y() + down));
  }

  /// Vertices that push each other away and are pulled by their links.
  private static final class Forces {
    private final double[] x;
    private final double[] y;
    private final int[][] links;
    private final double ideal;

    Forces(int count, int[][] links) {
      this.x = new double[count];
      this.y = new double[count];
      this.links = links;
      this.ideal = 1 / Math.sqrt(Math.max(1, count));
      for (int i = 0; i < count; i++) {
        double angle = 2 * Math.PI * i / count;
        x[i] = Math.cos(angle);
        // Not quite a circle: on one, equal forces would keep vertices where they are.
        y[i] = Math.sin(angle) * (1 + 0.03 * i / count);
      }
    }

    void settle() {
      for (int round = 0; round < ROUNDS; round++) {
        move(FIRST_STEP * (ROUNDS - round) / ROUNDS);
      }
    }

    /// One round, in which no vertex moves farther than a step.
    private void move(double step) {
      double[] dx = new double[x.length];
      double[] dy = new double[x.length];
      for (int i = 0; i < x.length; i++) {
        for (int j = 0; j < i; j++) {
          double distance = distance(i, j);
          pull(i, j, -ideal * ideal / distance, dx, dy);
        }
      }
      for (int[] link : links) {
        double distance = distance(link[0], link[1]);
        pull(link[0], link[1], distance * distance / ideal, dx, dy);
      }
      for (int i = 0; i < x.length; i++) {
        double length = Math.max(1e-9, Math.hypot(dx[i], dy[i]));
        x[i] += dx[i] / length * Math.min(length, step);
        y[i] += dy[i] / length * Math.min(length, step);
      }
    }

    private double distance(int i, int j) {
      return Math.max(1e-3, Math.hypot(x[i] - x[j], y[i] - y[j]));
    }

    private void pull(int i, int j, double force, double[] dx, double[] dy) {
      double distance = distance(i, j);
      double fx = (x[j] - x[i]) / distance * force;
      double fy = (y[j] - y[i]) / distance * force;
      dx[i] += fx;
      dy[i] += fy;
      dx[j] -= fx;
      dy[j] -= fy;
    }
  }
}

package net.donut.lab.clab.graph;

import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/// Where the vertices of a graph go: to the spots of their labels where all have one, otherwise
/// apart from each other and near those they have links to (Fruchterman and Reingold). The same
/// graph is always laid out the same.
final class Layout {
  private static final int ROUNDS = 400;
  private static final double FIRST_STEP = 0.2;

  /// A place, both coordinates from 0 to 1.
  record Point(double x, double y) {}

  private final double[] x;
  private final double[] y;
  private final int[][] links;
  private final double ideal;

  private Layout(int count, int[][] links) {
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

  static Map<String, Point> of(LabGraph graph) {
    List<String> names = graph.vertices().stream().map(LabGraph.Vertex::name).toList();
    int[][] links =
        graph.edges().stream()
            .map(edge -> new int[] {names.indexOf(edge.a()), names.indexOf(edge.b())})
            .toArray(int[][]::new);
    Layout layout = new Layout(names.size(), links);
    List<LabGraph.Spot> spots =
        graph.vertices().stream().map(LabGraph.Vertex::spot).filter(Objects::nonNull).toList();
    if (spots.size() == names.size()) {
      layout.take(spots);
      return layout.points(names);
    }
    for (int round = 0; round < ROUNDS; round++) {
      layout.move(FIRST_STEP * (ROUNDS - round) / ROUNDS);
    }
    return layout.points(names);
  }

  private void take(List<LabGraph.Spot> spots) {
    for (int i = 0; i < x.length; i++) {
      x[i] = spots.get(i).x();
      y[i] = spots.get(i).y();
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

  private Map<String, Point> points(List<String> names) {
    Map<String, Point> points = new HashMap<>();
    for (int i = 0; i < names.size(); i++) {
      points.put(names.get(i), new Point(share(x, i), share(y, i)));
    }
    return points;
  }

  /// Where a value is between the least and the greatest.
  private static double share(double[] values, int i) {
    double least = Arrays.stream(values).min().orElse(0);
    double most = Arrays.stream(values).max().orElse(1);
    return most - least < 1e-6 ? 0.5 : (values[i] - least) / (most - least);
  }
}

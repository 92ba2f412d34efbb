package net.donut.report;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// One curve of a [LineChart]: points from left to right.
///
/// @param look how it is drawn; null for the next color
public record Series(String name, List<Point> points, @Nullable Look look) {
  /// The most steps drawn of a distribution; more would not be seen.
  private static final int MOST_STEPS = 400;

  public Series {
    points = List.copyOf(points);
  }

  public Series(String name, List<Point> points) {
    this(name, points, null);
  }

  /// Curves that belong together have a color, or a dash, in common; both count from 0.
  public record Look(int color, int dash) {}

  /// A place on a curve.
  public record Point(double x, double y) {}

  /// The share of samples, in percent, that are no larger than x.
  public static Series distribution(String name, double... samples) {
    double[] sorted = samples.clone();
    Arrays.sort(sorted);
    List<Point> points = new ArrayList<>();
    int stride = Math.max(1, sorted.length / MOST_STEPS);
    for (int i = 0; i < sorted.length; i++) {
      if (i % stride == 0 || i == sorted.length - 1) {
        points.add(new Point(sorted[i], 100.0 * i / sorted.length));
        points.add(new Point(sorted[i], 100.0 * (i + 1) / sorted.length));
      }
    }
    return new Series(name, points);
  }
}

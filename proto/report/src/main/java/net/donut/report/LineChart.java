package net.donut.report;

import java.util.List;
import java.util.Locale;
import java.util.stream.DoubleStream;

/// Curves over two axes as SVG; a distribution is a curve of [Series#distribution].
public final class LineChart {
  private static final int WIDTH = 720;
  private static final int HEIGHT = 320;
  private static final int LEFT = 62;
  private static final int RIGHT = 14;
  private static final int TOP = 40;
  private static final int BOTTOM = 46;
  private static final int COLORS = 6;

  private final Axis xAxis;
  private final Axis yAxis;
  private final List<Series> series;
  private final Axis.Range xs;
  private final Axis.Range ys;
  private final StringBuilder svg = new StringBuilder();

  private LineChart(Axis xAxis, Axis yAxis, List<Series> series) {
    this.xAxis = xAxis;
    this.yAxis = yAxis;
    this.series = series;
    this.xs =
        range(
            xAxis,
            series.stream()
                .flatMap(s -> s.points().stream())
                .mapToDouble(Series.Point::x)
                .toArray());
    this.ys =
        range(
            yAxis,
            series.stream()
                .flatMap(s -> s.points().stream())
                .mapToDouble(Series.Point::y)
                .toArray());
  }

  public static String of(String title, Axis x, Axis y, List<Series> series) {
    return new LineChart(x, y, series).draw(title);
  }

  private static Axis.Range range(Axis axis, double... values) {
    boolean log = axis.scale() == Axis.Scale.LOG;
    double least = DoubleStream.of(values).filter(v -> !log || v > 0).min().orElse(0);
    double most = DoubleStream.of(values).max().orElse(1);
    return axis.range(least, most);
  }

  private String draw(String title) {
    svg.append(
        "<svg class=\"chart\" viewBox=\"0 0 %d %d\" role=\"img\" aria-label=\"%s\">\n"
            .formatted(WIDTH, HEIGHT, Html.escape(title)));
    svg.append(
        "<text x=\"0\" y=\"14\" font-weight=\"600\">%s</text>\n".formatted(Html.escape(title)));
    drawAxes();
    for (int i = 0; i < series.size(); i++) {
      drawCurve(i);
    }
    drawLegend();
    return svg.append("</svg>\n").toString();
  }

  private double x(double value) {
    return LEFT + xs.at(value) * (WIDTH - LEFT - RIGHT);
  }

  private double y(double value) {
    return HEIGHT - BOTTOM - ys.at(value) * (HEIGHT - TOP - BOTTOM);
  }

  private void drawAxes() {
    for (double mark : xs.marks()) {
      line("grid", x(mark), TOP, x(mark), HEIGHT - BOTTOM);
      text(x(mark), HEIGHT - BOTTOM + 16, "middle", Axis.text(mark));
    }
    for (double mark : ys.marks()) {
      line("grid", LEFT, y(mark), WIDTH - RIGHT, y(mark));
      text(LEFT - 6, y(mark) + 4, "end", Axis.text(mark));
    }
    line("axis", LEFT, HEIGHT - BOTTOM, WIDTH - RIGHT, HEIGHT - BOTTOM);
    line("axis", LEFT, TOP, LEFT, HEIGHT - BOTTOM);
    text((LEFT + WIDTH - RIGHT) / 2.0, HEIGHT - 8, "middle", xAxis.label());
    text(0, 30, "start", yAxis.label());
  }

  private void drawCurve(int number) {
    svg.append(
        "<polyline class=\"curve\" style=\"stroke:var(--s%d)\" points=\""
            .formatted(number % COLORS));
    for (Series.Point point : series.get(number).points()) {
      svg.append(String.format(Locale.ROOT, "%.1f,%.1f ", x(point.x()), y(point.y())));
    }
    svg.append("\"/>\n");
  }

  private void drawLegend() {
    double at = WIDTH - RIGHT;
    for (int i = series.size() - 1; i >= 0; i--) {
      String name = series.get(i).name();
      text(at, 30, "end", name);
      at -= 7.0 * name.length() + 8;
      svg.append(
          String.format(
              Locale.ROOT,
              "<rect x=\"%.1f\" y=\"24\" width=\"14\" height=\"4\" rx=\"2\" style=\"fill:var(--s%d)\"/>\n",
              at - 14,
              i % COLORS));
      at -= 28;
    }
  }

  private void line(String type, double x1, double y1, double x2, double y2) {
    svg.append(
        String.format(
            Locale.ROOT,
            "<line class=\"%s\" x1=\"%.1f\" y1=\"%.1f\" x2=\"%.1f\" y2=\"%.1f\"/>\n",
            type,
            x1,
            y1,
            x2,
            y2));
  }

  private void text(double x, double y, String anchor, String text) {
    svg.append(
        String.format(
            Locale.ROOT,
            "<text class=\"t\" x=\"%.1f\" y=\"%.1f\" text-anchor=\"%s\">%s</text>\n",
            x,
            y,
            anchor,
            Html.escape(text)));
  }
}

package net.donut.report;

import java.util.List;
import java.util.Locale;
import java.util.stream.DoubleStream;

/// Curves over two axes as SVG; a distribution is a curve of [Series#distribution].
public final class LineChart {
  private static final int HEIGHT = 320;
  private static final int LEFT = 62;
  private static final int RIGHT = 14;
  private static final int TOP = 40;
  private static final int BOTTOM = 46;
  private static final int COLORS = 6;
  private static final List<String> DASHES = List.of("none", "7 4", "2 4");
  private static final int LEGEND_COLUMN = 165;
  private static final int LEGEND_ROW = 18;

  private final Screen screen;
  private final Axis xAxis;
  private final Axis yAxis;
  private final List<Series> series;
  private final Axis.Range xs;
  private final Axis.Range ys;
  private final StringBuilder svg = new StringBuilder();

  private LineChart(Screen screen, Axis xAxis, Axis yAxis, List<Series> series) {
    this.screen = screen;
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
    return new LineChart(Screen.DESK, x, y, series).draw(title);
  }

  /// The same, once for a desk and once for a phone; the page shows the one that fits.
  public static String onBoth(String title, Axis x, Axis y, List<Series> series) {
    return of(title, x, y, series) + new LineChart(Screen.PHONE, x, y, series).draw(title);
  }

  private static Axis.Range range(Axis axis, double... values) {
    boolean log = axis.scale() == Axis.Scale.LOG;
    double least = DoubleStream.of(values).filter(v -> !log || v > 0).min().orElse(0);
    double most = DoubleStream.of(values).max().orElse(1);
    return axis.range(least, most);
  }

  private String draw(String title) {
    svg.append(screen.begin(title, HEIGHT + legendHeight()));
    drawAxes();
    for (int i = 0; i < series.size(); i++) {
      drawCurve(i);
    }
    drawLegend();
    return svg.append("</svg>\n").toString();
  }

  private double x(double value) {
    return LEFT + xs.at(value) * (screen.width() - LEFT - RIGHT);
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
      line("grid", LEFT, y(mark), screen.width() - RIGHT, y(mark));
      text(LEFT - 6, y(mark) + 4, "end", Axis.text(mark));
    }
    line("axis", LEFT, HEIGHT - BOTTOM, screen.width() - RIGHT, HEIGHT - BOTTOM);
    line("axis", LEFT, TOP, LEFT, HEIGHT - BOTTOM);
    text((LEFT + screen.width() - RIGHT) / 2.0, HEIGHT - 8, "middle", xAxis.label());
    text(0, 30, "start", yAxis.label());
  }

  private Series.Look look(int number) {
    Series.Look look = series.get(number).look();
    return look == null ? new Series.Look(number, 0) : look;
  }

  /// The style of a curve and of its mark in the legend.
  private String stroke(int number) {
    Series.Look look = look(number);
    return "stroke:var(--s%d);stroke-dasharray:%s"
        .formatted(look.color() % COLORS, DASHES.get(look.dash() % DASHES.size()));
  }

  private void drawCurve(int number) {
    svg.append("<polyline class=\"curve\" style=\"%s\" points=\"".formatted(stroke(number)));
    for (Series.Point point : series.get(number).points()) {
      svg.append(String.format(Locale.ROOT, "%.1f,%.1f ", x(point.x()), y(point.y())));
    }
    svg.append("\"/>\n");
    if (series.get(number).look() != null) {
      series.get(number).points().forEach(point -> dot(number, point));
    }
  }

  private void dot(int number, Series.Point point) {
    svg.append(
        String.format(
            Locale.ROOT,
            "<circle cx=\"%.1f\" cy=\"%.1f\" r=\"3\" style=\"fill:var(--s%d)\"/>\n",
            x(point.x()),
            y(point.y()),
            look(number).color() % COLORS));
  }

  private int legendHeight() {
    int rows = (series.size() + legendColumns() - 1) / legendColumns();
    return rows * LEGEND_ROW + 6;
  }

  private int legendColumns() {
    return Math.max(1, screen.width() / LEGEND_COLUMN);
  }

  /// Under the chart, in columns.
  private void drawLegend() {
    int columns = legendColumns();
    double begin = screen == Screen.PHONE ? 0 : LEFT;
    double column = (screen.width() - begin) / columns;
    for (int i = 0; i < series.size(); i++) {
      double left = begin + column * (i % columns);
      int top = HEIGHT + 10 + LEGEND_ROW * (i / columns);
      svg.append(
          String.format(
              Locale.ROOT,
              "<line class=\"curve\" x1=\"%.1f\" y1=\"%d\" x2=\"%.1f\" y2=\"%d\" style=\"%s\"/>\n",
              left,
              top - 4,
              left + 24,
              top - 4,
              stroke(i)));
      text(left + 30, top, "start", series.get(i).name());
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

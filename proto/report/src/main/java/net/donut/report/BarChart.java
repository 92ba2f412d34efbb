package net.donut.report;

import java.util.List;
import java.util.Locale;

/// Horizontal bars as SVG, one a row, each with its value behind it.
public final class BarChart {
  private static final int WIDTH = 720;
  private static final int ROW = 26;
  private static final int TOP = 30;
  private static final int VALUE_WIDTH = 150;
  private static final int LETTER = 8;
  private static final int WIDEST_LABEL = 240;

  private BarChart() {}

  /// One bar.
  ///
  /// @param from where it begins, 0 for the left edge; on a `LINEAR` scale only
  /// @param value where it ends
  /// @param text the value as it is to be read
  /// @param color a CSS colour such as `var(--s0)`
  public record Bar(String label, double from, double value, String text, String color) {
    public Bar {
      if (!(value >= 0)) {
        throw new IllegalArgumentException(label + ": " + value + " (expected: 0 or more)");
      }
      if (!(from >= 0 && from <= value)) {
        throw new IllegalArgumentException(
            "%s: from %s (expected: 0 to %s)".formatted(label, from, value));
      }
    }

    /// A bar from the left edge.
    public Bar(String label, double value, String text, String color) {
      this(label, 0, value, text, color);
    }

    /// A bar in the first colour.
    public static Bar of(String label, double value, String text) {
      return new Bar(label, value, text, "var(--s0)");
    }
  }

  /// Draws bars over one scale that begins at 0, or on `LOG` at the power of ten below the smallest
  /// value.
  public static String of(String title, Axis.Scale scale, List<Bar> bars) {
    double most = bars.stream().mapToDouble(Bar::value).max().orElse(1);
    double least = bars.stream().mapToDouble(Bar::value).filter(v -> v > 0).min().orElse(1);
    Axis.Range range =
        scale == Axis.Scale.LINEAR
            ? new Axis.Range(scale, 0, most > 0 ? most : 1, List.of())
            : new Axis(title, scale).range(least / 2, most);
    int label =
        bars.stream()
                .mapToInt(bar -> Math.min(WIDEST_LABEL, bar.label().length() * LETTER))
                .max()
                .orElse(0)
            + 10;
    StringBuilder svg = new StringBuilder();
    svg.append(
        "<svg class=\"chart\" viewBox=\"0 0 %d %d\" role=\"img\" aria-label=\"%s\">\n"
            .formatted(WIDTH, TOP + ROW * bars.size(), Html.escape(title)));
    svg.append(
        "<text x=\"0\" y=\"14\" font-weight=\"600\">%s</text>\n".formatted(Html.escape(title)));
    for (int i = 0; i < bars.size(); i++) {
      draw(bars.get(i), TOP + i * ROW, label, range, svg);
    }
    return svg.append("</svg>\n").toString();
  }

  private static void draw(Bar bar, int top, int label, Axis.Range range, StringBuilder svg) {
    double scale = WIDTH - label - VALUE_WIDTH;
    double begin = bar.from() > 0 ? range.at(bar.from()) * scale : 0;
    double width =
        bar.value() <= bar.from() ? 0 : Math.max(1.5, range.at(bar.value()) * scale - begin);
    svg.append(
        String.format(
            Locale.ROOT,
            """
            <text x="%d" y="%d" text-anchor="end">%s</text>
            <rect x="%.1f" y="%d" width="%.1f" height="%d" rx="3" style="fill:%s"/>
            <text class="t" x="%.1f" y="%d">%s</text>
            """,
            label - 8,
            top + 16,
            Html.escape(bar.label()),
            label + begin,
            top + 3,
            width,
            ROW - 8,
            Html.escape(bar.color()),
            label + begin + width + 8,
            top + 16,
            Html.escape(bar.text())));
  }
}

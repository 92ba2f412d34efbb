package net.donut.report;

import java.util.List;
import java.util.Locale;

/// Horizontal bars as SVG, one per row, each with its value behind it; on a phone each label stands
/// above its bar.
public final class BarChart {
  private static final int ROW = 26;
  private static final int TOP = 30;
  private static final int PHONE_ROW = 40;
  private static final int PHONE_LABEL = 16;
  private static final int LETTER = 7;
  private static final int WIDEST_LABEL = 300;

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
    return of(Screen.DESK, title, scale, bars);
  }

  /// The same, once for a desk and once for a phone; the page shows the one that fits.
  public static String onBoth(String title, Axis.Scale scale, List<Bar> bars) {
    return of(Screen.DESK, title, scale, bars) + of(Screen.PHONE, title, scale, bars);
  }

  private static String of(Screen screen, String title, Axis.Scale scale, List<Bar> bars) {
    double most = bars.stream().mapToDouble(Bar::value).max().orElse(1);
    double least = bars.stream().mapToDouble(Bar::value).filter(v -> v > 0).min().orElse(1);
    Axis.Range range =
        scale == Axis.Scale.LINEAR
            ? new Axis.Range(scale, 0, most > 0 ? most : 1, List.of())
            : new Axis(title, scale).range(least / 2, most);
    int row = screen == Screen.PHONE ? PHONE_ROW : ROW;
    StringBuilder svg = new StringBuilder(screen.begin(title, TOP + row * bars.size()));
    int label = screen == Screen.PHONE ? 0 : labelWidth(bars);
    for (int i = 0; i < bars.size(); i++) {
      Bar bar = bars.get(i);
      int top = TOP + i * row;
      svg.append(
          screen == Screen.PHONE
              ? text("t", 0, top + 10, "start", bar.label())
              : text("", label - 8, top + 16, "end", bar.label()));
      draw(screen, bar, screen == Screen.PHONE ? top + PHONE_LABEL - 3 : top, label, range, svg);
    }
    return svg.append("</svg>\n").toString();
  }

  private static int labelWidth(List<Bar> bars) {
    return bars.stream()
            .mapToInt(bar -> Math.min(WIDEST_LABEL, bar.label().length() * LETTER))
            .max()
            .orElse(0)
        + 10;
  }

  private static void draw(
      Screen screen, Bar bar, int top, int left, Axis.Range range, StringBuilder svg) {
    double scale = screen.width() - left - screen.valueWidth();
    double begin = bar.from() > 0 ? range.at(bar.from()) * scale : 0;
    double width =
        bar.value() <= bar.from() ? 0 : Math.max(1.5, range.at(bar.value()) * scale - begin);
    svg.append(
        String.format(
            Locale.ROOT,
            "<rect x=\"%.1f\" y=\"%d\" width=\"%.1f\" height=\"%d\" rx=\"3\" style=\"fill:%s\"/>\n",
            left + begin,
            top + 3,
            width,
            ROW - 8,
            Html.escape(bar.color())));
    svg.append(text("t", left + begin + width + 8, top + 16, "start", bar.text()));
  }

  private static String text(String type, double x, int y, String anchor, String text) {
    return String.format(
        Locale.ROOT,
        "<text class=\"%s\" x=\"%.1f\" y=\"%d\" text-anchor=\"%s\">%s</text>\n",
        type,
        x,
        y,
        anchor,
        Html.escape(text));
  }
}

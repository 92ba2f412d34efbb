package net.donut.lab.clab.graph;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import net.donut.report.Html;

/// The labels of the links of a drawing: each goes near where it belongs, beside boxes and other
/// labels, or is left out where there is no room. Owned by the thread that draws.
final class Labels {
  private static final double LETTER = 5.9;
  private static final double HEIGHT = 12;
  private static final double BASELINE = 4;
  private static final double BESIDE = 5;

  /// What a label covers.
  private record Area(double x, double y, double width, double height) {
    boolean meets(Area other) {
      return Math.abs(x - other.x) * 2 < width + other.width
          && Math.abs(y - other.y) * 2 < height + other.height;
    }
  }

  private final List<Area> taken = new ArrayList<>();
  private final double width;

  Labels(double width) {
    this.width = width;
  }

  /// No label shall go over a box with this middle.
  void keepOff(Layout.Point middle, double boxWidth, double boxHeight) {
    taken.add(new Area(middle.x(), middle.y(), boxWidth + 4, boxHeight + 4));
  }

  /// A label at a link, the first of the texts that there is room for; nothing where there is none.
  ///
  /// @param places where along the link, 0 being its begin and 1 its end, the best first
  String along(
      String kind, List<String> texts, Layout.Point begin, Layout.Point end, double... places) {
    for (String text : texts) {
      for (double place : places) {
        double x = begin.x() + (end.x() - begin.x()) * place;
        double y = begin.y() + (end.y() - begin.y()) * place;
        Optional<Area> room = text.isEmpty() ? Optional.empty() : room(x, y, text.length());
        if (room.isPresent()) {
          taken.add(room.get());
          return "<text class=\"%s\" x=\"%.0f\" y=\"%.0f\">%s</text>\n"
              .formatted(kind, room.get().x(), room.get().y() + BASELINE, Html.escape(text));
        }
      }
    }
    return "";
  }

  /// Above a point, below it, to its right or to its left.
  private Optional<Area> room(double x, double y, int letters) {
    double wide = letters * LETTER;
    double aside = wide / 2 + BESIDE;
    double away = HEIGHT / 2 + 2;
    return List.of(
            new Area(x, y - away, wide, HEIGHT),
            new Area(x, y + away, wide, HEIGHT),
            new Area(x + aside, y, wide, HEIGHT),
            new Area(x - aside, y, wide, HEIGHT))
        .stream()
        .filter(area -> area.x() - wide / 2 >= 0 && area.x() + wide / 2 <= width)
        .filter(area -> taken.stream().noneMatch(area::meets))
        .findFirst();
  }
}

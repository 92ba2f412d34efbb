package net.donut.cli;

import java.nio.charset.Charset;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import net.donut.api.operator.v1.SpaceShares;
import net.donut.report.text.Ink;
import net.donut.report.text.Pen;
import org.jspecify.annotations.Nullable;

/// The address space as a donut of characters, clockwise from the top: what leaves directly, by
/// transit, and not at all.
final class CoverageRing {
  private static final int ROWS = 7;
  private static final int COLUMNS = 15;
  private static final double OUTER = 3.5;
  private static final double INNER = 1.9;
  private static final String GAP = "   ";

  /// What the slices are drawn with.
  enum Glyphs {
    BLOCKS("\u2588", "\u2591", "\u00d7"),
    ASCII("#", "-", "x");

    private final String direct;
    private final String transit;
    private final String hole;

    Glyphs(String direct, String transit, String hole) {
      this.direct = direct;
      this.transit = transit;
      this.hole = hole;
    }

    /// Those that the locale can show.
    static Glyphs ofLocale() {
      String encoding =
          System.getProperty("stdout.encoding", System.getProperty("native.encoding"));
      return Charset.isSupported(encoding)
              && Charset.forName(encoding).newEncoder().canEncode(BLOCKS.direct)
          ? BLOCKS
          : ASCII;
    }

    private String of(Slice slice) {
      return switch (slice) {
        case DIRECT -> direct;
        case TRANSIT -> transit;
        case HOLE -> hole;
      };
    }
  }

  private enum Slice {
    DIRECT(Ink.GOOD),
    TRANSIT(Ink.WAITING),
    HOLE(Ink.BAD);

    private final Ink ink;

    Slice(Ink ink) {
      this.ink = ink;
    }

    private double of(SpaceShares shares) {
      return switch (this) {
        case DIRECT -> shares.getDirect();
        case TRANSIT -> shares.getTransit();
        case HOLE -> shares.getHole();
      };
    }
  }

  private record Cell(int row, int column) {
    private double across() {
      return (column - COLUMNS / 2) / 2.0;
    }

    private double down() {
      return row - ROWS / 2;
    }

    private boolean isRing() {
      double radius = Math.hypot(across(), down());
      return radius >= INNER && radius <= OUTER;
    }

    /// Clockwise from the top, 0..2 pi.
    private double angle() {
      double angle = Math.atan2(across(), -down());
      return angle < 0 ? angle + 2 * Math.PI : angle;
    }
  }

  private final Glyphs glyphs;
  private final Pen pen;

  CoverageRing(Glyphs glyphs, Pen pen) {
    this.glyphs = glyphs;
    this.pen = pen;
  }

  /// The rings side by side with the figures to their right.
  ///
  /// @param families by name, in order
  List<String> lines(Map<String, SpaceShares> families) {
    List<StringBuilder> lines = new ArrayList<>();
    for (int row = 0; row < ROWS; row++) {
      lines.add(new StringBuilder());
    }
    families.forEach((name, shares) -> {
      List<String> ring = ring(name, shares);
      for (int row = 0; row < ROWS; row++) {
        lines.get(row).append(GAP).append(ring.get(row));
      }
    });
    List<String> legend = legend(families);
    for (int i = 0; i < legend.size(); i++) {
      lines.get(i + 1).append(GAP).append(legend.get(i));
    }
    return lines.stream().map(line -> line.toString().stripTrailing()).toList();
  }

  private List<String> legend(Map<String, SpaceShares> families) {
    StringBuilder head = new StringBuilder(" ".repeat(38));
    families.keySet().forEach(name -> head.append("%8s".formatted(name)));
    List<String> legend = new ArrayList<>(List.of(head.toString()));
    legend.add(line(Slice.DIRECT, "direct: customers, peers, our own", families));
    legend.add(line(Slice.TRANSIT, "by transit", families));
    legend.add(line(Slice.HOLE, "holes: no way at some router", families));
    return legend;
  }

  private String line(Slice slice, String what, Map<String, SpaceShares> families) {
    StringBuilder line = new StringBuilder(pen.write(slice.ink, glyphs.of(slice)));
    line.append(" %-36s".formatted(what));
    families
        .values()
        .forEach(shares -> line.append("%8s".formatted(ValueText.percent(slice.of(shares)))));
    return line.toString();
  }

  /// Each slice has its share of the cells, and one at least where it has a share at all.
  private List<String> ring(String name, SpaceShares shares) {
    List<Cell> cells = new ArrayList<>();
    for (int row = 0; row < ROWS; row++) {
      for (int column = 0; column < COLUMNS; column++) {
        Cell cell = new Cell(row, column);
        if (cell.isRing()) {
          cells.add(cell);
        }
      }
    }
    cells.sort(Comparator.comparingDouble(Cell::angle).thenComparingInt(Cell::row));
    int holes = count(shares.getHole(), cells.size());
    int transit = Math.min(count(shares.getTransit(), cells.size()), cells.size() - holes);
    int direct = cells.size() - holes - transit;
    if (direct == 0 && shares.getDirect() > 0 && transit > 1) {
      transit--;
      direct++;
    }
    @Nullable Slice[][] drawn = new Slice[ROWS][COLUMNS];
    for (int i = 0; i < cells.size(); i++) {
      Cell cell = cells.get(i);
      drawn[cell.row][cell.column] =
          i < direct ? Slice.DIRECT : i < direct + transit ? Slice.TRANSIT : Slice.HOLE;
    }
    List<String> lines = new ArrayList<>();
    for (int row = 0; row < ROWS; row++) {
      lines.add(row(drawn[row], row == ROWS / 2 ? name : ""));
    }
    return lines;
  }

  private static int count(double share, int cells) {
    return share <= 0 ? 0 : Math.max(1, (int) Math.round(share * cells));
  }

  /// One row, with a name in the hole of the donut.
  private String row(@Nullable Slice[] slices, String name) {
    StringBuilder line = new StringBuilder();
    int from = (COLUMNS - name.length()) / 2;
    for (int column = 0; column < COLUMNS; column++) {
      Slice slice = slices[column];
      if (slice != null) {
        line.append(pen.write(slice.ink, glyphs.of(slice)));
      } else if (column >= from && column < from + name.length()) {
        line.append(name.charAt(column - from));
      } else {
        line.append(' ');
      }
    }
    return line.toString();
  }
}

package net.donut.report.text;

import java.io.PrintWriter;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;

/// Rows in aligned columns: each as wide as its widest cell, numbers and times to the right.
/// Belongs to the thread that fills it.
public final class TextTable {
  private static final Pattern NUMBER =
      Pattern.compile(
          "[-+]?[0-9][0-9.,]*(( / | of )[0-9][0-9.,]*)*( ?(%|ms|mbit))?|([0-9]+[dhms])+|[0-9]+/[0-9]+");
  private static final Pattern NO_NUMBER = Pattern.compile("| +|-|free|never");
  private static final String GAP = "  ";

  private final List<Inked> header;
  private final List<List<Inked>> rows = new ArrayList<>();
  private String indent = "";

  /// A table with these names of columns. The column of an empty name is for marks: its empty cells
  /// stay empty.
  public TextTable(String... header) {
    this(List.of(header));
  }

  /// As [#TextTable(String...)].
  public TextTable(List<String> header) {
    this.header = header.stream().map(Ink.PLAIN::of).toList();
  }

  /// Begins every line with so many spaces.
  public TextTable indented(int spaces) {
    indent = " ".repeat(spaces);
    return this;
  }

  /// Adds a row of as many cells as the header has: [Inked], or anything that is printed as its
  /// `toString`. An empty cell becomes `-`.
  public TextTable row(Object... cells) {
    return row(List.of(cells));
  }

  /// As [#row(Object...)].
  public TextTable row(List<?> cells) {
    if (cells.size() != header.size()) {
      throw new IllegalArgumentException(
          "row: %d cells (expected: %d)".formatted(cells.size(), header.size()));
    }
    List<Inked> row = new ArrayList<>();
    for (int column = 0; column < cells.size(); column++) {
      Object cell = cells.get(column);
      Inked inked = cell instanceof Inked known ? known : Ink.PLAIN.of(cell);
      boolean dash = inked.text().isEmpty() && !header.get(column).text().isEmpty();
      row.add(dash ? Ink.PLAIN.of("-") : inked);
    }
    rows.add(row);
    return this;
  }

  /// Whether it has no row.
  public boolean isEmpty() {
    return rows.isEmpty();
  }

  /// The header and the rows, without colours.
  public List<String> lines() {
    return lines(Pen.PLAIN);
  }

  /// The header and the rows.
  public List<String> lines(Pen pen) {
    List<Column> columns = new ArrayList<>();
    for (int i = 0; i < header.size(); i++) {
      int column = i;
      columns.add(Column.of(header.get(i), rows.stream().map(row -> row.get(column)).toList()));
    }
    List<String> lines = new ArrayList<>();
    lines.add(line(header, columns, pen));
    rows.forEach(row -> lines.add(line(row, columns, pen)));
    return lines;
  }

  public void print(PrintWriter out, Pen pen) {
    lines(pen).forEach(out::println);
  }

  /// How the cells of a column stand below each other: a number to the right, a remark on it in
  /// brackets behind it, as in `4,889 (held 55s)`.
  ///
  /// @param width of the widest cell, without its remark
  /// @param remark of the widest remark
  private record Column(boolean numeric, int width, int remark) {

    static Column of(Inked head, List<Inked> cells) {
      boolean numeric = isNumeric(cells.stream().map(Inked::text).toList());
      int width = length(head.text());
      int remark = 0;
      for (Inked cell : cells) {
        int behind = numeric ? length(remark(cell.text())) : 0;
        width = Math.max(width, length(cell.text()) - behind);
        remark = Math.max(remark, behind);
      }
      return new Column(numeric, width, remark);
    }

    /// At least one number, and nothing else than numbers and what says that there is none.
    private static boolean isNumeric(List<String> texts) {
      List<String> bare = texts.stream().map(text -> text.replace(remark(text), "")).toList();
      return bare.stream().anyMatch(text -> NUMBER.matcher(text).matches())
          && bare.stream()
              .allMatch(
                  text -> NUMBER.matcher(text).matches() || NO_NUMBER.matcher(text).matches());
    }

    private static String remark(String text) {
      int from = text.indexOf(" (");
      return from < 0 ? "" : text.substring(from);
    }

    int spacesBefore(String text) {
      return numeric ? width - length(text) + length(remark(text)) : 0;
    }

    int spacesAfter(String text) {
      return width + remark - length(text) - spacesBefore(text);
    }
  }

  private static int length(String text) {
    return text.codePointCount(0, text.length());
  }

  private String line(List<Inked> cells, List<Column> columns, Pen pen) {
    StringBuilder line = new StringBuilder(indent);
    for (int i = 0; i < cells.size(); i++) {
      Inked cell = cells.get(i);
      line.append(i == 0 ? "" : GAP)
          .append(" ".repeat(columns.get(i).spacesBefore(cell.text())))
          .append(pen.write(cell))
          .append(" ".repeat(columns.get(i).spacesAfter(cell.text())));
    }
    return line.toString().stripTrailing();
  }
}

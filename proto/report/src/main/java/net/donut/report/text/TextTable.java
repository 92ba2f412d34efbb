package net.donut.report.text;

import java.io.PrintWriter;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;

/// Rows in aligned columns: each as wide as its widest cell, numbers and times to the right.
/// Belongs to the thread that fills it.
public final class TextTable {
  private static final Pattern NUMBER =
      Pattern.compile("[-+]?[0-9][0-9.,]*( ?(%|ms|mbit))?|([0-9]+[dhms])+|[0-9]+/[0-9]+");
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
    int columns = header.size();
    int[] width = new int[columns];
    boolean[] numeric = new boolean[columns];
    for (int column = 0; column < columns; column++) {
      width[column] = length(header.get(column));
      for (List<Inked> row : rows) {
        width[column] = Math.max(width[column], length(row.get(column)));
      }
      numeric[column] = isNumeric(column);
    }
    List<String> lines = new ArrayList<>();
    lines.add(line(header, width, numeric, pen));
    rows.forEach(row -> lines.add(line(row, width, numeric, pen)));
    return lines;
  }

  public void print(PrintWriter out, Pen pen) {
    lines(pen).forEach(out::println);
  }

  /// At least one number, and nothing else than numbers and what says that there is none.
  private boolean isNumeric(int column) {
    List<String> texts = rows.stream().map(row -> row.get(column).text()).toList();
    return texts.stream().anyMatch(text -> NUMBER.matcher(text).matches())
        && texts.stream()
            .allMatch(text -> NUMBER.matcher(text).matches() || NO_NUMBER.matcher(text).matches());
  }

  private static int length(Inked cell) {
    return cell.text().codePointCount(0, cell.text().length());
  }

  private String line(List<Inked> cells, int[] width, boolean[] numeric, Pen pen) {
    StringBuilder line = new StringBuilder(indent);
    int spaces = 0;
    for (int column = 0; column < cells.size(); column++) {
      Inked cell = cells.get(column);
      int fill = width[column] - length(cell);
      line.append(" ".repeat(spaces + (numeric[column] ? fill : 0))).append(pen.write(cell));
      spaces = GAP.length() + (numeric[column] ? 0 : fill);
    }
    return line.toString().stripTrailing();
  }
}

package net.donut.cli;

import java.io.PrintWriter;
import java.util.ArrayList;
import java.util.List;

/// Rows in aligned columns: as wide as their widest cell, columns of numbers to the right.
final class Table {
  private final List<String> header;
  private final List<List<String>> rows = new ArrayList<>();

  Table(String... header) {
    this.header = List.of(header);
  }

  /// Adds a row of as many cells as the header has; anything prints as its `toString`, an empty
  /// cell as `-`.
  Table row(Object... cells) {
    List<String> row = new ArrayList<>();
    for (Object cell : cells) {
      String text = String.valueOf(cell);
      row.add(text.isEmpty() ? "-" : text);
    }
    rows.add(row);
    return this;
  }

  void print(PrintWriter out) {
    int columns = header.size();
    int[] width = new int[columns];
    boolean[] numeric = new boolean[columns];
    for (int column = 0; column < columns; column++) {
      width[column] = header.get(column).length();
      numeric[column] = !rows.isEmpty();
      for (List<String> row : rows) {
        width[column] = Math.max(width[column], row.get(column).length());
        numeric[column] &= row.get(column).matches("-|free|[0-9][0-9.,]*( ?%)?");
      }
    }
    line(out, header, width, numeric);
    for (List<String> row : rows) {
      line(out, row, width, numeric);
    }
  }

  private static void line(PrintWriter out, List<String> cells, int[] width, boolean[] numeric) {
    StringBuilder line = new StringBuilder();
    for (int i = 0; i < cells.size(); i++) {
      String cell = cells.get(i);
      String fill = " ".repeat(width[i] - cell.length());
      line.append(i == 0 ? "" : "  ").append(numeric[i] ? fill + cell : cell + fill);
    }
    out.println(line.toString().stripTrailing());
  }
}

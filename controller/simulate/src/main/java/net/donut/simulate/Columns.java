package net.donut.simulate;

import java.util.ArrayList;
import java.util.List;

/// Rows in aligned columns, numbers to the right.
final class Columns {
  private final List<List<String>> rows = new ArrayList<>();

  Columns(String... header) {
    rows.add(List.of(header));
  }

  Columns row(String... cells) {
    rows.add(List.of(cells));
    return this;
  }

  boolean isEmpty() {
    return rows.size() == 1;
  }

  void appendTo(StringBuilder out) {
    int columns = rows.getFirst().size();
    int[] width = new int[columns];
    boolean[] numeric = new boolean[columns];
    for (int i = 0; i < columns; i++) {
      numeric[i] = true;
      for (int row = 0; row < rows.size(); row++) {
        String cell = rows.get(row).get(i);
        width[i] = Math.max(width[i], cell.length());
        numeric[i] &= row == 0 || cell.matches("-|[-+0-9.,]+( %| ms)?");
      }
    }
    for (List<String> row : rows) {
      StringBuilder line = new StringBuilder("  ");
      for (int i = 0; i < columns; i++) {
        String fill = " ".repeat(width[i] - row.get(i).length());
        line.append(numeric[i] ? fill + row.get(i) : row.get(i) + fill).append("  ");
      }
      out.append(line.toString().stripTrailing()).append('\n');
    }
  }
}

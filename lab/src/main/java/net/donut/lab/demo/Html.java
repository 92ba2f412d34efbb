package net.donut.lab.demo;

import java.util.List;

/// Small pieces of HTML and SVG.
final class Html {
  private Html() {}

  static String escape(String text) {
    return text.replace("&", "&amp;")
        .replace("<", "&lt;")
        .replace(">", "&gt;")
        .replace("\"", "&quot;");
  }

  /// A table that scrolls by itself on a narrow screen; cells are HTML already.
  static String table(List<String> heads, List<List<String>> rows) {
    StringBuilder html = new StringBuilder("<div class=\"scroll\"><table><thead><tr>");
    heads.forEach(head -> html.append("<th>").append(escape(head)).append("</th>"));
    html.append("</tr></thead><tbody>");
    for (List<String> row : rows) {
      html.append("<tr>");
      for (String cell : row) {
        boolean number = cell.matches("[-+0-9.,]+( ms| %)?");
        boolean wide = cell.replaceAll("<[^>]*>", "").length() > 32;
        html.append(number ? "<td class=\"n\">" : wide ? "<td class=\"w\">" : "<td>");
        html.append(cell).append("</td>");
      }
      html.append("</tr>");
    }
    return html.append("</tbody></table></div>\n").toString();
  }

  static String number(long value) {
    return "%,d".formatted(value);
  }

  /// Milliseconds as a reader wants them.
  static String millis(double value) {
    return value >= 100 ? "%,.0f ms".formatted(value) : "%.1f ms".formatted(value);
  }
}

package net.donut.report;

import java.util.List;

/// Small pieces of HTML.
public final class Html {
  private Html() {}

  /// Text as it may stand in HTML, also within an attribute.
  public static String escape(String text) {
    return text.replace("&", "&amp;")
        .replace("<", "&lt;")
        .replace(">", "&gt;")
        .replace("\"", "&quot;");
  }

  /// A table that scrolls by itself on a narrow screen; cells are HTML already.
  public static String table(List<String> heads, List<List<String>> rows) {
    StringBuilder html = new StringBuilder("<div class=\"scroll\"><table><thead><tr>");
    for (int i = 0; i < heads.size(); i++) {
      int column = i;
      boolean numbers = !rows.isEmpty() && rows.stream().allMatch(row -> isNumber(row.get(column)));
      html.append(numbers ? "<th class=\"n\">" : "<th>");
      html.append(escape(heads.get(i))).append("</th>");
    }
    html.append("</tr></thead><tbody>");
    for (List<String> row : rows) {
      html.append("<tr>");
      for (String cell : row) {
        boolean number = isNumber(cell);
        boolean wide = cell.replaceAll("<[^>]*>", "").length() > 32;
        html.append(number ? "<td class=\"n\">" : wide ? "<td class=\"w\">" : "<td>");
        html.append(cell).append("</td>");
      }
      html.append("</tr>");
    }
    return html.append("</tbody></table></div>\n").toString();
  }

  /// A figure with what it says, for a row of [#tiles].
  public static String tile(String value, String label) {
    return "<div class=\"tile\"><b>%s</b><span>%s</span></div>"
        .formatted(escape(value), escape(label));
  }

  /// Tiles side by side, as many in a row as fit.
  public static String tiles(List<String> tiles) {
    return "<div class=\"tiles\">" + String.join("", tiles) + "</div>\n";
  }

  public static String heading(String text) {
    return "<h2>" + escape(text) + "</h2>\n";
  }

  public static String paragraph(String text) {
    return "<p>" + escape(text) + "</p>\n";
  }

  /// A paragraph in the second row: how something was measured, what it leaves out.
  public static String note(String text) {
    return "<p class=\"dim\">" + escape(text) + "</p>\n";
  }

  /// Something drawn, in a frame that scrolls by itself on a narrow screen.
  public static String card(String svg) {
    return "<div class=\"card\"><div class=\"pan\">" + svg + "</div></div>\n";
  }

  private static boolean isNumber(String cell) {
    return cell.replaceAll("<[^>]*>", "").matches("[-+0-9.,]+( ms| s| %)?");
  }

  /// A number with its thousands apart.
  public static String number(long value) {
    return "%,d".formatted(value);
  }

  /// Milliseconds as a reader wants them.
  public static String millis(double value) {
    return value >= 100 ? "%,.0f ms".formatted(value) : "%.1f ms".formatted(value);
  }
}

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

  /// A table; cells are HTML already. On a phone each row becomes a block: the first cell is its
  /// title, the others stand below it, each under the name of its column.
  public static String table(List<String> heads, List<List<String>> rows) {
    String columns = "c" + Integer.toHexString(heads.hashCode());
    StringBuilder html = new StringBuilder("<div class=\"scroll\">").append(names(columns, heads));
    boolean named = heads.stream().anyMatch(head -> !head.isEmpty());
    html.append("<table class=\"%s\"><thead%s><tr>".formatted(columns, named ? "" : " hidden"));
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

  /// The style that puts the name of its column before a cell, where the page shows no heads.
  private static String names(String columns, List<String> heads) {
    StringBuilder style = new StringBuilder("<style>@media(max-width:640px){");
    for (int i = 1; i < heads.size(); i++) {
      if (!heads.get(i).isEmpty()) {
        style.append(
            ".%s td:nth-child(%d)::before{content:\"%s\"}"
                .formatted(columns, i + 1, quoted(heads.get(i))));
      }
    }
    return style.append("}</style>").toString();
  }

  /// Text as it may stand within quotes in a style.
  private static String quoted(String text) {
    return text.replace("\\", "\\\\").replace("\"", "\\\"").replace("<", "\\3c ");
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

  /// What a number was and what it is, with what it says, for [#comparisons].
  public static String comparison(String before, String after, String label) {
    return "<div class=\"tile\"><b><s>%s</s> → %s</b><span>%s</span></div>"
        .formatted(escape(before), escape(after), escape(label));
  }

  /// Comparisons side by side on a desk, one below the other on a phone.
  public static String comparisons(List<String> comparisons) {
    return "<div class=\"tiles key\">" + String.join("", comparisons) + "</div>\n";
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

  /// Something drawn, in a frame.
  public static String card(String svg) {
    return "<div class=\"card\"><div class=\"pan\">" + svg + "</div></div>\n";
  }

  /// Something that is there for who wants to know: a line that opens it.
  public static String details(String summary, String html) {
    return "<details><summary>%s</summary>%s</details>\n".formatted(escape(summary), html);
  }

  private static boolean isNumber(String cell) {
    return cell.replaceAll("<[^>]*>", "").matches("[-+0-9.,]+( (/|of) [-+0-9.,]+)*( ms| s| %)?");
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

package net.donut.lab.bench;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.List;
import net.donut.report.text.TextTable;

/// Measured values in the forms in which a bench tells them.
public final class Measurements {
  private Measurements() {}

  /// As JSON: each by its key, and all with their meaning in `figures`.
  public static String json(String bench, List<Measurement> figures) {
    ObjectNode json = new ObjectMapper().createObjectNode();
    json.put("bench", bench).put("machine", Machine.text());
    figures.forEach(figure -> json.put(figure.key(), figure.value()));
    var all = json.putArray("figures");
    figures.forEach(figure ->
        all.addObject()
            .put("key", figure.key())
            .put("what", figure.what())
            .put("value", figure.value()));
    return json.toPrettyString() + "\n";
  }

  /// For a terminal.
  public static List<String> lines(List<Measurement> figures) {
    TextTable table = new TextTable("WHAT", "FIGURE");
    figures.forEach(figure -> table.row(figure.what(), text(figure.value())));
    return table.lines();
  }

  /// A table for docs/bench.
  public static String markdown(List<Measurement> figures) {
    StringBuilder text = new StringBuilder(Machine.text() + "\n\n| what | figure |\n|---|---|\n");
    figures.forEach(
        figure -> text.append("| %s | %s |\n".formatted(figure.what(), text(figure.value()))));
    return text.toString();
  }

  private static String text(double value) {
    return value >= 1000 || value == Math.rint(value)
        ? "%,.0f".formatted(value)
        : "%.2f".formatted(value);
  }
}

package net.donut.lab.bench;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import net.donut.lab.bench.FullTableResult.Row;
import net.donut.lab.bench.FullTableResult.Trial;
import net.donut.report.text.TextTable;
import net.donut.report.text.Thousands;

/// The result of a full table bench as text, Markdown and JSON.
public final class FullTableReport {
  private FullTableReport() {}

  /// For a terminal.
  public static List<String> lines(FullTableResult result) {
    TextTable table =
        new TextTable(
            "SYSTEM",
            "VERSION",
            "SECONDS",
            "SPREAD",
            "CPU_S",
            "RSS_MB",
            "PEAK_MB",
            "INSTALLED",
            "FEED_CPU_S");
    for (Row row : result.rows()) {
      Trial trial = row.median();
      table.row(
          row.system(),
          row.version().lines().findFirst().orElse(""),
          number(trial.seconds(), 2),
          spread(row),
          number(trial.cpuSeconds(), 2),
          number(trial.rssMb(), 0),
          number(trial.peakRssMb(), 0),
          Thousands.marked(trial.installed()),
          number(trial.feederCpuSeconds(), 2));
    }
    List<String> lines = new ArrayList<>(table.lines());
    for (Row row : result.rows()) {
      if (row.median().phases().size() > 2) {
        lines.add("");
        lines.add(row.system() + ", seconds since its start (asked five times a second):");
        row.median()
            .phases()
            .forEach(phase ->
                lines.add("  %7s  %s".formatted(number(phase.seconds(), 2), phase.what())));
      }
    }
    return lines;
  }

  /// A table for docs/bench.
  public static String markdown(FullTableResult result) {
    FullTableOptions options = result.options();
    StringBuilder text = new StringBuilder();
    text.append(
        "%s; %,d %s prefixes (%s), %d feeds, %,d distinct AS paths, %,d attribute sets in a feed, %d trials each, median\n\n"
            .formatted(
                result.machine(),
                options.routes(),
                options.family(),
                result.prefixes(),
                options.feeds(),
                result.distinctPaths(),
                result.attributeSets(),
                options.trials()));
    text.append(
        "| system | version | seconds (fastest to slowest) | CPU seconds | resident MB | peak MB | installed | feeds' CPU seconds |\n");
    text.append("|---|---|---|---|---|---|---|---|\n");
    for (Row row : result.rows()) {
      Trial trial = row.median();
      text.append(
          "| %s | %s | %s (%s) | %s | %s | %s | %,d | %s |\n"
              .formatted(
                  row.system(),
                  row.version().lines().findFirst().orElse(""),
                  number(trial.seconds(), 2),
                  spread(row),
                  number(trial.cpuSeconds(), 2),
                  number(trial.rssMb(), 0),
                  number(trial.peakRssMb(), 0),
                  trial.installed(),
                  number(trial.feederCpuSeconds(), 2)));
    }
    for (Row row : result.rows()) {
      text.append("\n%s: %s.\n".formatted(row.system(), row.setup()));
      if (row.median().phases().size() > 2) {
        text.append("\n| %s, seconds since its start | |\n|---|---|\n".formatted(row.system()));
        row.median()
            .phases()
            .forEach(phase ->
                text.append("| %s | %s |\n".formatted(phase.what(), number(phase.seconds(), 2))));
      }
    }
    return text.toString();
  }

  private static String spread(Row row) {
    return number(row.fastestSeconds(), 2) + "-" + number(row.slowestSeconds(), 2);
  }

  private static String number(double value, int decimals) {
    return Double.isNaN(value) ? "never" : String.format(Locale.ROOT, "%." + decimals + "f", value);
  }

  /// For scripts: `results[]`, one entry a system, its median trial and all trials.
  public static String json(FullTableResult result) {
    FullTableOptions options = result.options();
    ObjectNode json = new ObjectMapper().createObjectNode();
    json.put("bench", "fulltable")
        .put("machine", result.machine())
        .put("family", options.family().name().toLowerCase(Locale.ROOT))
        .put("routes", options.routes())
        .put("feeds", options.feeds())
        .put("seed", options.seed())
        .put("prefixes", result.prefixes())
        .put("distinct_as_paths", result.distinctPaths())
        .put("attribute_sets_per_feed", result.attributeSets());
    ArrayNode results = json.putArray("results");
    for (Row row : result.rows()) {
      ObjectNode entry = results.addObject();
      entry
          .put("system", row.system())
          .put("version", row.version())
          .put("setup", row.setup())
          .put("routes", options.routes())
          .put("feeds", options.feeds());
      put(entry, row.median());
      ArrayNode phases = entry.putArray("phases");
      row.median()
          .phases()
          .forEach(phase ->
              phases
                  .addObject()
                  .put("what", phase.what())
                  .put("seconds", rounded(phase.seconds())));
      ArrayNode trials = entry.putArray("trials");
      row.trials().forEach(trial -> put(trials.addObject(), trial));
    }
    return json.toPrettyString() + "\n";
  }

  private static void put(ObjectNode entry, Trial trial) {
    entry.put("seconds", rounded(trial.seconds()));
    if (Double.isNaN(trial.completeSeconds())) {
      entry.putNull("complete_seconds");
    } else {
      entry.put("complete_seconds", rounded(trial.completeSeconds()));
    }
    entry
        .put("cpu_seconds", rounded(trial.cpuSeconds()))
        .put("rss_mb", rounded(trial.rssMb()))
        .put("peak_rss_mb", rounded(trial.peakRssMb()))
        .put("installed", trial.installed())
        .put("kernel_changes", trial.changes())
        .put("notifications_lost", trial.overrun())
        .put("feeder_cpu_seconds", rounded(trial.feederCpuSeconds()));
  }

  private static double rounded(double value) {
    return Math.round(value * 1000) / 1000.0;
  }
}

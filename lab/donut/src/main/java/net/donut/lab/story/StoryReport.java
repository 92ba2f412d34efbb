package net.donut.lab.story;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import net.donut.lab.clab.graph.Drawing;
import net.donut.lab.net.LabException;
import net.donut.lab.probe.ViewingJson;
import net.donut.report.Axis;
import net.donut.report.BarChart;
import net.donut.report.Html;
import net.donut.report.Page;

/// The story as `report.json`, `report.html` and a picture of each network.
public final class StoryReport {
  private static final ObjectMapper JSON = new ObjectMapper();

  private StoryReport() {}

  /// Writes all of it into a directory.
  public static void write(List<NetworkResult> results, Path directory) {
    try {
      Files.createDirectories(directory);
      Files.writeString(directory.resolve("report.json"), json(results).toPrettyString() + "\n");
      Files.writeString(directory.resolve("report.html"), html(results));
      for (NetworkResult result : results) {
        Files.writeString(
            directory.resolve(result.network().word() + ".svg"), Drawing.svg(result.graph()));
      }
    } catch (IOException e) {
      throw LabException.of(directory, e);
    }
  }

  /// The table for a terminal.
  public static List<String> lines(List<NetworkResult> results) {
    return new StoryTable(results).lines();
  }

  static ObjectNode json(List<NetworkResult> results) {
    ObjectNode json = JSON.createObjectNode();
    json.put("ok", results.stream().allMatch(result -> result.faults().isEmpty()));
    ArrayNode networks = json.putArray("networks");
    results.forEach(result -> put(networks.addObject(), result));
    return json;
  }

  private static void put(ObjectNode json, NetworkResult result) {
    json.put("network", result.network().word())
        .put("seconds", result.took().toMillis() / 1e3)
        .put("viewers", result.playbacks().size())
        .put("routers_mean", result.routers())
        .put("rtt_ms_p99", result.roundTrips().getValueAtPercentile(99) / 1e3)
        .put("jitter_ms", result.jitterMillis())
        .put("loss_percent", result.lossPercent())
        .put("startup_ms_p50", result.startupMillis())
        .put("stalls", result.stalls())
        .put("rebuffering_s", result.rebuffering().toMillis() / 1e3)
        .put("way_changes", result.wayChanges())
        .put("transit_percent", result.bill().transitPercent())
        .put("transit_mbit_p95", result.bill().transitMbit())
        .put("transit_bill", result.transitBill());
    ViewingJson.put(json.putArray("audiences"), result.fair());
    ArrayNode neighbors = json.putArray("neighbors");
    result.bill().items().forEach(item -> put(neighbors.addObject(), item));
    ArrayNode failures = json.putArray("failures");
    for (NetworkResult.Failure failure : result.failures()) {
      ObjectNode entry = failures.addObject().put("event", failure.event());
      entry.put("kind", failure.kind().name().toLowerCase(Locale.ROOT));
      ViewingJson.put(entry.putArray("audiences"), failure.viewings());
    }
    ArrayNode faults = json.putArray("faults");
    result.faults().forEach(faults::add);
  }

  private static void put(ObjectNode json, Bill.Item item) {
    json.put("name", item.price().neighbor())
        .put("relation", item.price().relation().word())
        .put("bytes_in", item.bytesIn())
        .put("bytes_out", item.bytesOut())
        .put("mbit_p95", item.mbit())
        .put("price", item.price().perMbit())
        .put("amount", item.amount());
  }

  static String html(List<NetworkResult> results) {
    StoryTable table = new StoryTable(results);
    StringBuilder body = new StringBuilder("<h1>Why a network peers like a donut</h1>\n");
    List<KeyNumber> numbers = KeyNumber.of(results);
    if (!numbers.isEmpty()) {
      body.append(Html.comparisons(numbers.stream().map(KeyNumber::html).toList()));
    }
    body.append(
        Html.paragraph(
            "The same traffic through five networks, each of real BIRD and FRR neighbors, one after"
                + " the other on one machine. What does not favour the donut stays in."));
    body.append(Html.table(table.heads(), table.markedRows()));
    body.append(
        Html.note(
            "Bytes and bill are of the time in which nothing failed: a sample is a fifth of a second"
                + " and stands for an equal share of a month; of both directions the larger is paid."
                + " Outages are the longest time in which nothing an audience asked for came."));
    body.append(Html.card(bills(results)));
    body.append(Html.card(outages(results)));
    results.forEach(result -> body.append(section(result)));
    return Page.of("The donut story", body.toString());
  }

  private static String bills(List<NetworkResult> results) {
    return BarChart.onBoth(
        "Transit bill a month",
        Axis.Scale.LINEAR,
        results.stream()
            .map(result ->
                BarChart.Bar.of(
                    result.network().word(),
                    result.transitBill(),
                    "%.2f".formatted(result.transitBill())))
            .toList());
  }

  private static String outages(List<NetworkResult> results) {
    return BarChart.onBoth(
        "Longest outage at each failure, ms",
        Axis.Scale.LINEAR,
        results.stream()
            .flatMap(result ->
                result.broken().stream()
                    .map(failure ->
                        BarChart.Bar.of(
                            result.network().word() + ": " + failure.event(),
                            failure.longestOutage().toNanos() / 1e6,
                            StoryTable.millis(failure.longestOutage()))))
            .toList());
  }

  private static String section(NetworkResult result) {
    StringBuilder html =
        new StringBuilder(Html.heading(result.network().word() + ": " + result.network().title()));
    html.append(Drawing.card(result.graph()));
    html.append(
        Html.table(
            List.of("what happened", "longest time without a packet, ms", "streams interrupted"),
            StoryTable.failures(result).stream()
                .map(row -> row.stream().map(Html::escape).toList())
                .toList()));
    result
        .faults()
        .forEach(
            fault -> html.append("<p class=\"bad\">").append(Html.escape(fault)).append("</p>\n"));
    return html.toString();
  }
}

package net.donut.lab.story;

import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Collectors;
import net.donut.lab.probe.Viewing;
import net.donut.model.Relation;

/// The networks side by side: a row a figure, a column a network.
final class StoryTable {
  private static final int LABEL_WIDTH = 30;
  private static final int COLUMN_WIDTH = 17;
  private static final int EVENT_WIDTH = 34;
  private static final double BYTES_A_MEGABYTE = 1e6;

  private record Row(String label, Function<NetworkResult, String> cell) {}

  private static final List<Row> ROWS =
      List.of(
          new Row("viewers", result -> Integer.toString(result.playbacks().size())),
          new Row(
              "routers on the way: a, b, far",
              result -> perAudience(result, viewing -> Integer.toString(viewing.routers()))),
          new Row("routers, mean of packets", result -> decimal(1, result.routers())),
          new Row(
              "RTT p50 ms: a, b, far",
              result -> perAudience(result, viewing -> decimal(1, viewing.roundTripMillis(50)))),
          new Row(
              "RTT p99 ms, all",
              result -> decimal(1, result.roundTrips().getValueAtPercentile(99) / 1e3)),
          new Row("jitter ms", result -> decimal(2, result.jitterMillis())),
          new Row("loss %", result -> decimal(2, result.lossPercent())),
          new Row("startup p50 ms", result -> decimal(0, result.startupMillis())),
          new Row("MB to and from customers", result -> megabytes(result, Relation.CUSTOMER)),
          new Row("MB to and from peers", result -> megabytes(result, Relation.PRIVATE_PEER)),
          new Row("MB to and from transits", result -> megabytes(result, Relation.TRANSIT)),
          new Row("transit's share %", result -> decimal(1, result.bill().transitPercent())),
          new Row("transit Mbit/s, p95", result -> decimal(2, result.bill().transitMbit())),
          new Row("transit bill a month", result -> decimal(2, result.transitBill())),
          new Row(
              "failures that interrupt",
              result ->
                  result.broken().stream().filter(NetworkResult.Failure::interrupts).count()
                      + " of "
                      + result.broken().size()),
          new Row("longest outage ms", result -> millis(longestOutage(result))),
          new Row("stalls, all viewers", result -> Integer.toString(result.stalls())),
          new Row(
              "rebuffering s, all viewers",
              result -> decimal(1, result.rebuffering().toMillis() / 1e3)),
          new Row("changes of way, all viewers", result -> Long.toString(result.wayChanges())));

  private final List<NetworkResult> results;

  StoryTable(List<NetworkResult> results) {
    this.results = List.copyOf(results);
  }

  /// The figure of the first audience of each place.
  private static String perAudience(NetworkResult result, Function<Viewing, String> figure) {
    Map<String, Viewing> places = new LinkedHashMap<>();
    result.fair().forEach(viewing -> places.putIfAbsent(viewing.audience().site().node(), viewing));
    return places.values().stream().map(figure).collect(Collectors.joining(" / "));
  }

  private static String megabytes(NetworkResult result, Relation relation) {
    return decimal(1, result.bill().bytes().getOrDefault(relation, 0L) / BYTES_A_MEGABYTE);
  }

  private static Duration longestOutage(NetworkResult result) {
    return result.broken().stream()
        .map(NetworkResult.Failure::longestOutage)
        .reduce(Duration.ZERO, (a, b) -> a.compareTo(b) > 0 ? a : b);
  }

  static String millis(Duration time) {
    return decimal(0, time.toNanos() / 1e6);
  }

  private static String decimal(int digits, double value) {
    return String.format(Locale.ROOT, "%." + digits + "f", value);
  }

  /// The names of the columns.
  List<String> heads() {
    List<String> heads = new ArrayList<>(List.of(""));
    results.forEach(result -> heads.add(result.network().word()));
    return heads;
  }

  /// A label and a cell a network.
  List<List<String>> rows() {
    return ROWS.stream()
        .map(row -> {
          List<String> cells = new ArrayList<>(List.of(row.label()));
          results.forEach(result -> cells.add(row.cell().apply(result)));
          return cells;
        })
        .toList();
  }

  /// The failures of a network: what was done, and for each audience the longest time without a
  /// packet.
  static List<List<String>> failures(NetworkResult result) {
    return result.failures().stream()
        .map(failure ->
            List.of(
                failure.event(),
                failure.viewings().stream()
                    .map(viewing -> viewing.audience().name() + " " + millis(viewing.outage()))
                    .collect(Collectors.joining(", ")),
                Integer.toString(failure.interruptedStreams())))
        .toList();
  }

  /// The table and the failures for a terminal of 120 columns.
  List<String> lines() {
    List<String> lines = new ArrayList<>(List.of(line(heads())));
    rows().forEach(row -> lines.add(line(row)));
    lines.add("");
    lines.add(
        "What failed, the longest time without a packet in ms, streams that lost two or more in a row");
    for (NetworkResult result : results) {
      for (List<String> failure : failures(result)) {
        lines.add(
            ("  %-12s %-" + EVENT_WIDTH + "s %-50s %s")
                .formatted(
                    result.network().word(), failure.get(0), failure.get(1), failure.get(2)));
      }
    }
    return lines;
  }

  private static String line(List<String> cells) {
    StringBuilder line = new StringBuilder(("%-" + LABEL_WIDTH + "s").formatted(cells.getFirst()));
    cells.stream()
        .skip(1)
        .forEach(cell -> line.append((" %" + (COLUMN_WIDTH - 1) + "s").formatted(cell)));
    return line.toString();
  }
}

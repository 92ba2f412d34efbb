package net.donut.lab.story;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.DoubleSummaryStatistics;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.Function;
import java.util.function.ToDoubleFunction;
import java.util.stream.Collectors;
import net.donut.lab.probe.Viewing;
import net.donut.model.Relation;
import net.donut.report.Html;
import net.donut.report.text.TextTable;

/// The networks side by side: a row per figure, a column per network.
final class StoryTable {
  private static final double BYTES_A_MEGABYTE = 1e6;

  /// A line of the table.
  ///
  /// @param figure what the cells are compared by, the smallest being best; NaN where nothing is
  ///   better than anything else
  private record Row(
      String label, Function<NetworkResult, String> cell, ToDoubleFunction<NetworkResult> figure) {
    Row(String label, Function<NetworkResult, String> cell) {
      this(label, cell, _ -> Double.NaN);
    }

    /// A line of numbers with so many digits behind the point.
    static Row of(String label, int digits, ToDoubleFunction<NetworkResult> figure) {
      return new Row(label, result -> decimal(digits, figure.applyAsDouble(result)), figure);
    }
  }

  private static final List<Row> ROWS =
      List.of(
          new Row("viewers", result -> Integer.toString(result.playbacks().size())),
          new Row(
              "routers on the way: a, b, far",
              result -> perAudience(result, viewing -> Integer.toString(viewing.routers()))),
          Row.of("routers, mean of packets", 1, NetworkResult::routers),
          new Row(
              "RTT p50 ms: a, b, far",
              result -> perAudience(result, viewing -> decimal(1, viewing.roundTripMillis(50)))),
          Row.of(
              "RTT p99 ms, all", 1, result -> result.roundTrips().getValueAtPercentile(99) / 1e3),
          Row.of("jitter ms", 2, NetworkResult::jitterMillis),
          Row.of("loss %", 2, NetworkResult::lossPercent),
          Row.of("startup p50 ms", 0, NetworkResult::startupMillis),
          new Row("MB to and from customers", result -> megabytes(result, Relation.CUSTOMER)),
          new Row("MB to and from peers", result -> megabytes(result, Relation.PRIVATE_PEER)),
          new Row("MB to and from transits", result -> megabytes(result, Relation.TRANSIT)),
          Row.of("transit's share %", 1, result -> result.bill().transitPercent()),
          Row.of("transit Mbit/s, p95", 2, result -> result.bill().transitMbit()),
          Row.of("transit bill a month", 2, NetworkResult::transitBill),
          new Row(
              "failures that interrupt",
              result ->
                  result.broken().stream().filter(NetworkResult.Failure::interrupts).count()
                      + " of "
                      + result.broken().size(),
              result -> result.broken().stream().filter(NetworkResult.Failure::interrupts).count()),
          Row.of("longest outage ms", 0, result -> result.longestOutage().toNanos() / 1e6),
          Row.of("stalls, all viewers", 0, NetworkResult::stalls),
          Row.of("rebuffering s, all viewers", 1, result -> result.rebuffering().toMillis() / 1e3),
          new Row("changes of way, all viewers", result -> Long.toString(result.wayChanges())));

  private final List<NetworkResult> results;

  StoryTable(List<NetworkResult> results) {
    this.results = List.copyOf(results);
  }

  /// The figure of the first audience of each place.
  private static String perAudience(NetworkResult result, Function<Viewing, String> figure) {
    Map<String, Viewing> places = new LinkedHashMap<>();
    result.fair().forEach(viewing -> places.putIfAbsent(viewing.audience().site().node(), viewing));
    return places.values().stream().map(figure).collect(Collectors.joining("/"));
  }

  private static String megabytes(NetworkResult result, Relation relation) {
    return decimal(1, result.bill().bytes().getOrDefault(relation, 0L) / BYTES_A_MEGABYTE);
  }

  static String millis(Duration time) {
    return decimal(0, time.toNanos() / 1e6);
  }

  static String decimal(int digits, double value) {
    return String.format(Locale.ROOT, "%,." + digits + "f", value);
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

  /// The same as HTML, the best and the worst of each line marked.
  List<List<String>> markedRows() {
    return ROWS.stream()
        .map(row -> {
          double[] figures = results.stream().mapToDouble(row.figure()).toArray();
          List<String> cells = new ArrayList<>(List.of(Html.escape(row.label())));
          for (int i = 0; i < figures.length; i++) {
            String cell = Html.escape(row.cell().apply(results.get(i)));
            String mark = mark(figures, i);
            cells.add(mark.isEmpty() ? cell : "<span class=\"%s\">%s</span>".formatted(mark, cell));
          }
          return cells;
        })
        .toList();
  }

  /// `best` for the smallest of several figures, `worst` for the largest; nothing where as many as
  /// half of them are the same.
  private static String mark(double[] figures, int at) {
    DoubleSummaryStatistics all = Arrays.stream(figures).summaryStatistics();
    long same = Arrays.stream(figures).filter(figure -> figure == figures[at]).count();
    if (Double.isNaN(all.getMax()) || all.getMin() == all.getMax() || 2 * same > figures.length) {
      return "";
    }
    return figures[at] == all.getMin() ? "best" : figures[at] == all.getMax() ? "worst" : "";
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
    List<String> lines = new ArrayList<>();
    KeyNumber.of(results).forEach(number -> lines.add(number.line()));
    lines.add("");
    List<String> heads = new ArrayList<>(heads());
    heads.set(0, "FIGURE");
    TextTable figures = new TextTable(heads);
    rows().forEach(figures::row);
    lines.addAll(figures.lines());
    lines.add("");
    lines.add(
        "What failed, the longest time without a packet in ms, streams that lost two or more in a row");
    TextTable failures = new TextTable("NETWORK", "FAILURE", "LONGEST", "STREAMS").indented(2);
    for (NetworkResult result : results) {
      for (List<String> failure : failures(result)) {
        failures.row(result.network().word(), failure.get(0), failure.get(1), failure.get(2));
      }
    }
    lines.addAll(failures.lines());
    return lines;
  }
}

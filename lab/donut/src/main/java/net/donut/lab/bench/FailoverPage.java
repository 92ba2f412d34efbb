package net.donut.lab.bench;

import static net.donut.lab.bench.FailoverReport.millis;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import net.donut.lab.bench.FailoverResult.Case;
import net.donut.lab.bench.FailoverResult.Destination;
import net.donut.lab.bench.FailoverResult.Phases;
import net.donut.lab.bench.FailoverResult.Trial;
import net.donut.report.Axis;
import net.donut.report.BarChart;
import net.donut.report.Html;
import net.donut.report.LineChart;
import net.donut.report.Page;
import net.donut.report.Series;

/// The result of a failover bench as one HTML file.
public final class FailoverPage {
  private FailoverPage() {}

  public static String of(FailoverResult result) {
    StringBuilder body = new StringBuilder("<h1>Failover: how long packets are lost</h1>\n");
    body.append(Html.note(FailoverReport.setting(result)));
    body.append(tiles(result));
    body.append(Html.heading("Outage of the worst destination against table size"));
    body.append(Html.card(overview(result)));
    body.append(Html.heading("All cases"));
    body.append(table(result));
    for (FailureKind kind : result.kinds()) {
      body.append(Html.heading(kind.word() + ": " + kind.text()));
      body.append(distributions(result, kind));
      body.append(worstTrial(result, kind));
    }
    body.append(method(result));
    return Page.of("Failover", body.toString());
  }

  private static String tiles(FailoverResult result) {
    List<String> tiles = new ArrayList<>();
    int most = result.cases().stream().mapToInt(Case::routes).max().orElse(0);
    for (Case each : result.cases()) {
      if (each.system().equals("donut") && each.routes() == most) {
        tiles.add(
            Html.tile(
                millis(each.worstGapMs(0.5)) + " ms",
                "%s at %,d routes, median of %d trials (wanted: %s)"
                    .formatted(
                        each.kind().word(),
                        most,
                        each.valid().size(),
                        millis(each.kind().targetMs()))));
      }
    }
    return Html.tiles(tiles);
  }

  /// A line a system and kind: colors are kinds, dashes are systems.
  private static String overview(FailoverResult result) {
    List<Series> lines = new ArrayList<>();
    List<FailureKind> kinds = result.kinds();
    List<String> systems = result.systems();
    for (FailureKind kind : kinds) {
      for (String system : systems) {
        List<Series.Point> points =
            result.cases().stream()
                .filter(each -> each.kind() == kind && each.system().equals(system))
                .filter(each -> !each.valid().isEmpty())
                .map(each -> new Series.Point(each.routes(), each.worstGapMs(0.5)))
                .sorted(Comparator.comparingDouble(Series.Point::x))
                .toList();
        if (points.isEmpty()) {
          continue; // no trial counts, as the table says
        }
        lines.add(
            new Series(
                system + " " + kind.word(),
                points,
                new Series.Look(kinds.indexOf(kind), systems.indexOf(system))));
      }
    }
    return LineChart.onBoth(
        "Worst gap, median of the trials",
        new Axis("routes", Axis.Scale.LOG),
        new Axis("ms", Axis.Scale.LOG),
        lines);
  }

  private static String table(FailoverResult result) {
    List<List<String>> rows = new ArrayList<>();
    for (Case each : result.cases()) {
      Phases phases = each.phases();
      rows.add(
          List.of(
              Html.escape(each.system()),
              each.kind().word(),
              Html.number(each.routes()),
              each.valid().size() + " of " + each.trials().size(),
              millis(each.worstGapMs(0)),
              millis(each.worstGapMs(0.5)),
              millis(each.worstGapMs(0.95)),
              millis(each.worstGapMs(1)),
              Html.number(each.mostLost()),
              Html.number(each.mostLostOnReturn()),
              millis(phases.detect()),
              millis(phases.kernel()),
              millis(phases.controlPlane()),
              verdict(each)));
    }
    return Html.table(
        List.of(
            "system",
            "failure",
            "routes",
            "trials",
            "gap min, ms",
            "median",
            "p95",
            "max",
            "most lost",
            "lost on return",
            "detect",
            "kernel",
            "control plane",
            "target"),
        rows);
  }

  private static String verdict(Case each) {
    if (!each.system().equals("donut")) {
      return "";
    }
    String verdict = FailoverReport.verdict(each);
    return verdict.isEmpty()
        ? "<span class=\"good\">met</span>"
        : "<span class=\"bad\">" + Html.escape(verdict) + "</span>";
  }

  private static String distributions(FailoverResult result, FailureKind kind) {
    int most = result.cases().stream().mapToInt(Case::routes).max().orElse(0);
    List<Series> curves =
        result.cases().stream()
            .filter(each -> each.kind() == kind && each.routes() == most)
            .filter(each -> !each.valid().isEmpty())
            .map(each -> Series.distribution(each.system(), each.sorted(Trial::worstGapMs)))
            .toList();
    return curves.isEmpty()
        ? Html.note("No trial counts.")
        : Html.card(
            LineChart.onBoth(
                "Share of trials with a worst gap up to, at %,d routes".formatted(most),
                new Axis("ms", Axis.Scale.LOG),
                new Axis("%", Axis.Scale.LINEAR),
                curves));
  }

  private static String shown(FailoverResult result) {
    List<String> systems = result.systems();
    return systems.contains("donut") ? "donut" : systems.getFirst();
  }

  /// The longest outage of Donut, or of the first system there is, as bars over time.
  private static String worstTrial(FailoverResult result, FailureKind kind) {
    return result.cases().stream()
        .filter(each -> each.kind() == kind && !each.valid().isEmpty())
        .filter(each -> each.system().equals(shown(result)))
        .max(Comparator.comparingInt(Case::routes))
        .map(each -> {
          Trial worst =
              each.valid().stream()
                  .max(Comparator.comparingDouble(Trial::worstGapMs))
                  .orElseThrow();
          return Html.card(
              timeline(
                  "%s, %,d routes: the worst trial, number %d"
                      .formatted(each.system(), each.routes(), worst.number()),
                  worst));
        })
        .orElse("");
  }

  private static String timeline(String title, Trial trial) {
    Phases phases = trial.phases();
    double recovered = phases.detect() + phases.kernel();
    List<BarChart.Bar> bars = new ArrayList<>();
    bars.add(bar("detect", 0, phases.detect(), "var(--s1)"));
    bars.add(bar("kernel", phases.detect(), recovered, "var(--s0)"));
    for (Destination destination : trial.destinations()) {
      double from = destination.lost() > 0 ? Math.max(0, destination.fromMs()) : 0;
      double to = destination.lost() > 0 ? from + destination.gapMs() : 0;
      String label = "%s, %,d lost".formatted(destination.address(), destination.lost());
      bars.add(bar(label, from, to, "var(--bad)"));
    }
    return BarChart.onBoth(title, Axis.Scale.LINEAR, bars);
  }

  private static BarChart.Bar bar(String label, double from, double to, String color) {
    return new BarChart.Bar(label, from, to, to > from ? millis(to - from) + " ms" : "none", color);
  }

  private static String method(FailoverResult result) {
    StringBuilder html = new StringBuilder(Html.heading("How it was measured"));
    html.append(
        Html.paragraph(
            "Every neighbor is a BIRD that announces the whole table; the router under test prefers"
                + " the first. Sequenced UDP packets go to each destination; both neighbors take"
                + " them, so that it is known which way each came. A gap is the time between two"
                + " packets that arrived with some lost in between, by their times of sending."
                + " Where the neighbor lives on (session, withdraw, burst), what still reaches it"
                + " counts as lost, from its first reset or withdrawal that arrives at the router."));
    html.append(
        Html.paragraph(
            "A trial counts when nothing was lost in the 2 s before, every destination came by the"
                + " first neighbor before and by the next after, and the sender never stood still"
                + " for more than both 5 ms and the worst gap: it might have missed a worse one."
                + " Detect is the time to the first"
                + " change in the router's kernel, kernel from there until the worst destination"
                + " was reached again: both add up to the outage; the control plane may work on"
                + " after it. p95 of fewer than 30 trials says little."));
    result.cases().stream()
        .map(each -> each.system() + " " + each.version() + ": " + each.setup())
        .distinct()
        .forEach(line -> html.append(Html.note(line)));
    return html.toString();
  }
}

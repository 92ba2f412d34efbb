package net.donut.lab.bench;

import java.util.List;
import java.util.Locale;
import net.donut.lab.bench.FailoverResult.Case;
import net.donut.lab.bench.FailoverResult.Phases;
import net.donut.lab.topology.Bfd;
import net.donut.report.Html;
import net.donut.report.text.TextTable;
import net.donut.report.text.Thousands;

/// The result of a failover bench as text, Markdown and JUnit XML.
public final class FailoverReport {
  private FailoverReport() {}

  /// For a terminal. Times in milliseconds.
  public static List<String> lines(FailoverResult result) {
    TextTable table =
        new TextTable(
            "SYSTEM",
            "KIND",
            "ROUTES",
            "TRIALS",
            "GAP_P50",
            "GAP_P95",
            "GAP_MAX",
            "LOST_MAX",
            "RETURN",
            "DETECT",
            "KERNEL",
            "CONTROL");
    for (Case each : result.cases()) {
      Phases phases = each.phases();
      table.row(
          each.system(),
          each.kind().word(),
          Thousands.marked(each.routes()),
          each.valid().size() + "/" + each.trials().size(),
          millis(each.worstGapMs(0.5)),
          millis(each.worstGapMs(0.95)),
          millis(each.worstGapMs(1)),
          Thousands.marked(each.mostLost()),
          Thousands.marked(each.mostLostOnReturn()),
          millis(phases.detect()),
          millis(phases.kernel()),
          millis(phases.controlPlane()));
    }
    return table.lines();
  }

  static String millis(double value) {
    return Double.isNaN(value) ? "-" : String.format(Locale.ROOT, "%.1f", value);
  }

  /// What was measured on what, in one paragraph.
  static String setting(FailoverResult result) {
    FailoverOptions options = result.options();
    return "%s; %s, %s; %d destinations and the one reached last, %,d packets a second each, a gap is known to %.2f ms; BFD %d ms x %d"
        .formatted(
            result.machine(),
            options.family(),
            result.table(),
            options.destinations(),
            options.rate(),
            1000.0 / options.rate(),
            Bfd.WITH_OUR_ROUTERS.intervalMillis(),
            Bfd.WITH_OUR_ROUTERS.multiplier());
  }

  /// A table for docs/bench.
  public static String markdown(FailoverResult result) {
    StringBuilder text = new StringBuilder(setting(result)).append("\n\n");
    text.append(
        "| system | failure | routes | trials | worst gap, ms: median | longest | most lost | lost on return | detect | kernel | control plane after it |\n");
    text.append("|---|---|---|---|---|---|---|---|---|---|---|\n");
    for (Case each : result.cases()) {
      Phases phases = each.phases();
      text.append(
          "| %s | %s | %,d | %d of %d | %s | %s | %,d | %,d | %s | %s | %s |\n"
              .formatted(
                  each.system(),
                  each.kind().word(),
                  each.routes(),
                  each.valid().size(),
                  each.trials().size(),
                  millis(each.worstGapMs(0.5)),
                  millis(each.worstGapMs(1)),
                  each.mostLost(),
                  each.mostLostOnReturn(),
                  millis(phases.detect()),
                  millis(phases.kernel()),
                  millis(phases.controlPlane())));
    }
    result.cases().stream()
        .map(each -> each.system() + " " + each.version() + ": " + each.setup() + ".")
        .distinct()
        .forEach(line -> text.append('\n').append(line).append('\n'));
    return text.toString();
  }

  /// A test case for every case of Donut, which fails where the longest gap misses its target.
  public static String junit(FailoverResult result) {
    List<Case> ours =
        result.cases().stream().filter(each -> each.system().equals("donut")).toList();
    long failures = ours.stream().filter(each -> !verdict(each).isEmpty()).count();
    StringBuilder xml = new StringBuilder("<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n");
    xml.append(
        "<testsuite name=\"donut bench failover\" tests=\"%d\" failures=\"%d\">\n"
            .formatted(ours.size(), failures));
    for (Case each : ours) {
      String verdict = verdict(each);
      xml.append(
          "  <testcase classname=\"failover.%s\" name=\"%d routes\">%s</testcase>\n"
              .formatted(
                  each.kind().word(),
                  each.routes(),
                  verdict.isEmpty() ? "" : "<failure message=\"" + Html.escape(verdict) + "\"/>"));
    }
    return xml.append("</testsuite>\n").toString();
  }

  /// Why a case misses its target; empty when it does not.
  static String verdict(Case each) {
    if (each.valid().isEmpty()) {
      return "no trial counts";
    }
    double longest = each.worstGapMs(1);
    return longest <= each.kind().targetMs()
        ? ""
        : "longest gap %s ms (expected: at most %s ms)"
            .formatted(millis(longest), millis(each.kind().targetMs()));
  }
}

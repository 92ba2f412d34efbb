package net.donut.lab.demo;

import java.util.ArrayList;
import java.util.List;
import net.donut.lab.demo.DemoResult.Check;
import net.donut.lab.demo.DemoResult.Verdict;
import net.donut.report.text.TextTable;
import net.donut.report.text.Thousands;

/// The demo's last words on the terminal.
public final class ClosingTable {
  private ClosingTable() {}

  public static List<String> lines(DemoResult outcome) {
    TextTable table =
        new TextTable("event", "link", "stream", "lost", "gap ms", "backup", "conv. ms", "rest ms")
            .indented(2);
    for (DemoResult.Event event : outcome.events()) {
      for (DemoResult.FlowOutcome flow : event.flows()) {
        if (flow.isTouched()) {
          table.row(row(event, flow));
        }
      }
    }
    List<String> lines = new ArrayList<>(table.lines());
    lines.add("");
    long failed = outcome.checks().stream().filter(ClosingTable::fails).count();
    lines.add(
        failed == 0
            ? "  every one of %d checks holds (%.0f s)"
                .formatted(outcome.checks().size(), outcome.seconds())
            : "  %d of %d checks FAIL (%.0f s)"
                .formatted(failed, outcome.checks().size(), outcome.seconds()));
    outcome.checks().stream()
        .filter(ClosingTable::fails)
        .forEach(check -> lines.add("  FAILS: " + check.name() + ": " + check.detail()));
    return lines;
  }

  private static boolean fails(Check check) {
    return check.verdict() == Verdict.FAILS;
  }

  private static List<Object> row(DemoResult.Event event, DemoResult.FlowOutcome flow) {
    String stream =
        flow.stream().from()
            + " > "
            + flow.stream().to()
            + (flow.stream().family().equals("ipv6") ? " (6)" : "");
    String backup = "-";
    if (event.kind().equals("cut") && flow.affected()) {
      backup = flow.localBackup() ? "local" : "others' task";
    }
    return List.of(
        event.kind(),
        event.link(),
        stream,
        Thousands.marked(flow.stream().lost()),
        "%,.1f".formatted(flow.stream().maxGapMs()),
        backup,
        "%,.1f".formatted(event.convergedMs()),
        "%,.0f".formatted(event.settledMs()));
  }
}

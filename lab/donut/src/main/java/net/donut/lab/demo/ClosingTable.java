package net.donut.lab.demo;

import java.util.ArrayList;
import java.util.List;
import net.donut.lab.demo.DemoResult.Check;
import net.donut.lab.demo.DemoResult.Verdict;

/// The demo's last words on the terminal.
public final class ClosingTable {
  private static final String ROW = "  %-8s %-14s %-25s %6s %9s  %-12s %9s %9s";

  private ClosingTable() {}

  public static List<String> lines(DemoResult outcome) {
    List<String> lines = new ArrayList<>();
    lines.add(
        ROW.formatted(
            "event", "link", "stream", "lost", "gap ms", "backup", "conv. ms", "rest ms"));
    for (DemoResult.Event event : outcome.events()) {
      for (DemoResult.FlowOutcome flow : event.flows()) {
        if (flow.isTouched()) {
          lines.add(row(event, flow));
        }
      }
    }
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

  private static String row(DemoResult.Event event, DemoResult.FlowOutcome flow) {
    String stream =
        flow.stream().from()
            + " > "
            + flow.stream().to()
            + (flow.stream().family().equals("ipv6") ? " (6)" : "");
    String backup = "-";
    if (event.kind().equals("cut") && flow.affected()) {
      backup = flow.localBackup() ? "local" : "others' task";
    }
    return ROW.formatted(
        event.kind(),
        event.link(),
        stream,
        flow.stream().lost(),
        "%.1f".formatted(flow.stream().maxGapMs()),
        backup,
        "%.1f".formatted(event.convergedMs()),
        "%.0f".formatted(event.settledMs()));
  }
}

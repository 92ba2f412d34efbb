package net.donut.simulate;

import java.util.List;
import java.util.Map;
import net.donut.core.answer.Counts;
import net.donut.core.answer.Coverage;
import net.donut.core.answer.Explanation;
import net.donut.core.answer.OriginValidity;
import net.donut.core.answer.PathView;
import net.donut.core.answer.Refusals;
import net.donut.model.Relation;
import net.donut.report.text.TextTable;
import net.donut.simulate.Findings.Comparison;
import net.donut.simulate.Findings.World;

/// What was found, for a terminal.
final class SimulationText {
  private static final int MOST_LISTED = 10;

  private final Findings findings;
  private final StringBuilder out = new StringBuilder();

  private SimulationText(Findings findings) {
    this.findings = findings;
  }

  static String render(Findings findings) {
    return new SimulationText(findings).render();
  }

  private String render() {
    load();
    routes();
    if (!findings.isPlain()) {
      space();
    }
    exits();
    peers();
    refusals();
    findings.comparisons().forEach(this::comparison);
    findings.explanations().forEach(this::explanation);
    if (findings.bestRows() > 0) {
      out.append("\n%s best paths written\n".formatted(ReportNumbers.number(findings.bestRows())));
    }
    return out.toString();
  }

  private void head(String text) {
    out.append('\n').append(text).append('\n');
  }

  private void line(String text) {
    out.append("  ").append(text).append('\n');
  }

  private static TextTable table(String... header) {
    return new TextTable(header).indented(2);
  }

  private void append(TextTable rows) {
    rows.lines().forEach(line -> out.append(line).append('\n'));
  }

  private void load() {
    Findings.Load load = findings.load();
    out.append(
        "%s on %s: %s announcements and %s withdrawals in %s records, read in %s (%s paths/s), decided in %s\n"
            .formatted(
                findings.isPlain() ? "the plain decision of RFC 4271" : findings.policy(),
                String.join(", ", findings.dumps()),
                ReportNumbers.number(load.announcements()),
                ReportNumbers.number(load.withdrawals()),
                ReportNumbers.number(load.records()),
                ReportNumbers.seconds(load.seconds()),
                ReportNumbers.number(Math.round(load.pathsPerSecond())),
                ReportNumbers.seconds(findings.decideSeconds())));
  }

  private void routes() {
    Counts counts = findings.counts();
    head("Routes");
    line(
        "%s prefixes, %s of %s paths accepted, %s attribute sets, %s classes"
            .formatted(
                ReportNumbers.number(counts.prefixes()),
                ReportNumbers.number(counts.accepted()),
                ReportNumbers.number(counts.paths()),
                ReportNumbers.number(counts.attributeSets()),
                ReportNumbers.number(counts.classes())));
    if (findings.isPlain()) {
      return;
    }
    line(
        "donut ratio %s: prefixes that leave directly"
            .formatted(ReportNumbers.share(counts.donutRatio())));
    TextTable rows = table("relation", "prefixes", "share", "paths");
    for (Relation relation : Relation.values()) {
      long prefixes = counts.prefixesByRelation().getOrDefault(relation, 0L);
      long paths = counts.pathsByRelation().getOrDefault(relation, 0L);
      if (prefixes + paths > 0) {
        rows.row(
            relation.word(),
            ReportNumbers.number(prefixes),
            ReportNumbers.share((double) prefixes / Math.max(1, counts.prefixes())),
            ReportNumbers.number(paths));
      }
    }
    append(rows);
  }

  private void space() {
    Coverage coverage = findings.coverage();
    head("Address space");
    line(
        "%s IPv4 addresses and %s IPv6 /48s covered by accepted routes"
            .formatted(
                ReportNumbers.number(coverage.ipv4Addresses()),
                ReportNumbers.number(coverage.ipv6Addresses().slash48s())));
    line(
        "default routes of transits: %d IPv4, %d IPv6"
            .formatted(coverage.defaultsIpv4(), coverage.defaultsIpv6()));
    blocks(
        "holes: covered, and some router does not forward", coverage.holeCount(), coverage.holes());
    blocks("blocks with a single exit", coverage.singleExitCount(), coverage.singleExit());
    blocks(
        "cost leaks: heard from transit only, inside a direct neighbor's block",
        coverage.costLeakCount(),
        leaks(coverage));
    TextTable rows =
        table(
            "bypassed", "price", "by transit", "price", "prefixes", "IPv4 addresses", "IPv6 /48s");
    coverage.bypasses().stream()
        .limit(MOST_LISTED)
        .forEach(bypass ->
            rows.row(
                bypass.direct(),
                Coverage.price(bypass.directPrice()),
                bypass.transit(),
                Coverage.price(bypass.transitPrice()),
                ReportNumbers.number(bypass.prefixes()),
                ReportNumbers.number(bypass.ipv4Addresses()),
                ReportNumbers.number(bypass.ipv6Addresses().slash48s())));
    if (!rows.isEmpty()) {
      append(rows);
    }
    blocks(
        "covered holes: refused, so its addresses follow another origin's block",
        coverage.coveredHoleCount(),
        coverage.coveredHoles());
  }

  private static List<Coverage.Block> leaks(Coverage coverage) {
    return coverage.costLeaks().stream()
        .map(leak -> new Coverage.Block(leak.prefix(), leak.reason(), leak.direct()))
        .toList();
  }

  private void blocks(String what, long count, List<Coverage.Block> blocks) {
    line("%s %s".formatted(ReportNumbers.number(count), what));
    blocks.stream()
        .limit(MOST_LISTED / 2)
        .forEach(block -> line("    %s  %s".formatted(block.prefix(), block.reason())));
  }

  private void exits() {
    head("The loss of each exit");
    TextTable rows =
        table(
            "neighbor",
            "relation",
            "price",
            "carries",
            "IPv4",
            "IPv6",
            "left without exit",
            "IPv4 lost",
            "IPv6 lost");
    for (Coverage.ExitLoss loss : findings.coverage().exitLosses()) {
      String relation =
          findings.neighbors().stream()
              .filter(row -> row.name().equals(loss.neighbor()))
              .map(row -> findings.isPlain() ? "-" : row.relation())
              .findFirst()
              .orElse("");
      rows.row(
          loss.neighbor(),
          relation,
          findings.isPlain() ? "-" : Coverage.price(loss.price()),
          ReportNumbers.number(loss.moved()),
          ReportNumbers.share(loss.movedIpv4Share()),
          ReportNumbers.share(loss.movedIpv6Share()),
          ReportNumbers.number(loss.lost()),
          ReportNumbers.share(loss.lostIpv4Share()),
          ReportNumbers.share(loss.lostIpv6Share()));
    }
    append(rows);
  }

  private void peers() {
    if (findings.isPlain()) {
      return;
    }
    head("Peers of the dumps");
    TextTable rows = table("peer", "AS", "is", "announced", "why not");
    findings.peers().stream()
        .filter(peer -> !peer.neighbor().isEmpty() || !peer.reason().isEmpty())
        .sorted(
            java.util.Comparator.comparing((Findings.PeerRow peer) -> peer.neighbor().isEmpty())
                .thenComparing(
                    java.util.Comparator.comparingLong(Findings.PeerRow::paths).reversed()))
        .limit(2L * MOST_LISTED)
        .forEach(peer ->
            rows.row(
                peer.address(),
                "AS" + peer.asn(),
                peer.neighbor().isEmpty() ? "-" : peer.neighbor(),
                ReportNumbers.number(peer.paths()),
                peer.reason()));
    append(rows);
    long leftOut = findings.peers().stream().filter(peer -> peer.neighbor().isEmpty()).count();
    line("%d of %d peers left out".formatted(leftOut, findings.peers().size()));
  }

  private void refusals() {
    Refusals refusals = findings.refusals();
    head("Refused");
    findings.limits().forEach(limit -> line(limit));
    if (refusals.refusals().isEmpty()) {
      line("no path by policy");
    }
    for (Refusals.Refusal refusal : refusals.refusals()) {
      line(
          "%s paths: %s".formatted(ReportNumbers.number(refusal.paths()), refusal.reason().word()));
      for (Refusals.Example example : refusal.examples()) {
        line("    %s from %s: %s".formatted(example.prefix(), example.neighbor(), example.path()));
      }
    }
    for (Findings.Fault fault : findings.load().faults().stream().limit(MOST_LISTED).toList()) {
      line("%s malformed, %s".formatted(ReportNumbers.number(fault.times()), fault.kind()));
      line("    %s".formatted(fault.first()));
    }
    if (findings.payloads() > 0) {
      Map<OriginValidity, Long> origins = refusals.origins();
      line(
          "origins against %s payloads: %s valid, %s not found, %s invalid (pairs of prefix and origin)"
              .formatted(
                  ReportNumbers.number(findings.payloads()),
                  ReportNumbers.number(origins.getOrDefault(OriginValidity.VALID, 0L)),
                  ReportNumbers.number(origins.getOrDefault(OriginValidity.NOT_FOUND, 0L)),
                  ReportNumbers.number(origins.getOrDefault(OriginValidity.INVALID, 0L))));
    }
  }

  private void comparison(Comparison comparison) {
    head("What if: " + comparison.change());
    World before = comparison.before();
    World after = comparison.after();
    line(
        "%s prefixes move, %s are left without an exit of their own (asked in %s)"
            .formatted(
                ReportNumbers.number(comparison.moved()),
                ReportNumbers.number(comparison.lost()),
                ReportNumbers.millis(comparison.millis())));
    TextTable rows = table("", "now", "then", "change");
    figures(rows, "prefixes", before.prefixes(), after.prefixes());
    rows.row(
        "donut ratio",
        ReportNumbers.share(before.donutRatio()),
        ReportNumbers.share(after.donutRatio()),
        "");
    for (Relation relation : Relation.values()) {
      long now = before.byRelation().getOrDefault(relation.word(), 0L);
      long then = after.byRelation().getOrDefault(relation.word(), 0L);
      if (now + then > 0) {
        figures(rows, relation.word(), now, then);
      }
    }
    figures(rows, "holes", before.holes(), after.holes());
    figures(rows, "single-exit blocks", before.singleExits(), after.singleExits());
    figures(rows, "cost leaks", before.costLeaks(), after.costLeaks());
    figures(rows, "covered holes", before.coveredHoles(), after.coveredHoles());
    append(rows);
    comparison.shifts().stream()
        .sorted((one, other) -> Long.compare(other.prefixes(), one.prefixes()))
        .limit(MOST_LISTED)
        .forEach(shift ->
            line(
                "%s: %s from %s to %s"
                    .formatted(
                        shift.router(),
                        ReportNumbers.number(shift.prefixes()),
                        shift.from().isEmpty() ? "nowhere" : shift.from(),
                        shift.to().isEmpty() ? "nowhere" : shift.to())));
  }

  private static void figures(TextTable rows, String what, long now, long then) {
    rows.row(
        what,
        ReportNumbers.number(now),
        ReportNumbers.number(then),
        ReportNumbers.change(now, then));
  }

  private void explanation(Explanation explanation) {
    head("Where %s goes at %s".formatted(explanation.address(), explanation.router()));
    if (explanation.chain().isEmpty()) {
      line("nowhere: no prefix contains it");
    }
    for (Explanation.Covering covering : explanation.chain()) {
      line("%s %s".formatted(covering.prefix(), word(covering.selection())));
      for (PathView path : covering.paths()) {
        line("  %s %s".formatted(mark(path), describe(path)));
      }
    }
  }

  static String word(Explanation.Selection selection) {
    return switch (selection) {
      case SELECTED -> "forwards it";
      case SHORTER -> "is shorter";
      case NOT_PROGRAMMED -> "is not used";
    };
  }

  private static String mark(PathView path) {
    return path.rejected() != null ? "x" : path.isBest() ? "*" : path.rank() > 0 ? "+" : " ";
  }

  /// A path in one line: who, by which path, and why it is not the best.
  static String describe(PathView path) {
    StringBuilder text = new StringBuilder(path.neighbor());
    text.append(" (")
        .append(path.relation().word())
        .append("): ")
        .append(path.attributes().asPath());
    if (path.rejected() != null) {
      text.append("; refused: ").append(path.rejected().word());
    } else if (path.lostAt() != null) {
      text.append("; ").append(path.lostText());
    }
    return text.toString();
  }
}

package net.donut.simulate;

import static net.donut.report.Html.escape;

import java.util.ArrayList;
import java.util.List;
import net.donut.core.answer.Counts;
import net.donut.core.answer.Coverage;
import net.donut.core.answer.Explanation;
import net.donut.core.answer.OriginValidity;
import net.donut.core.answer.PathView;
import net.donut.core.answer.Refusals;
import net.donut.model.Relation;
import net.donut.report.Axis;
import net.donut.report.BarChart;
import net.donut.report.Html;
import net.donut.report.Page;
import net.donut.simulate.Findings.Comparison;

/// `simulate.html`: what was found, on one page that needs nothing else.
final class SimulationHtml {
  private static final int MOST_BARS = 24;

  private SimulationHtml() {}

  static String render(Findings findings) {
    StringBuilder html = new StringBuilder();
    html.append(head(findings));
    if (!findings.isPlain()) {
      html.append(bands(findings.counts()));
      html.append(space(findings.coverage()));
    }
    html.append(exits(findings));
    if (!findings.comparisons().isEmpty()) {
      html.append(Html.heading("What if"));
      findings.comparisons().forEach(one -> html.append(comparison(one)));
    }
    html.append(refused(findings));
    html.append(peers(findings));
    if (!findings.explanations().isEmpty()) {
      html.append(Html.heading("Where addresses go"));
      findings.explanations().forEach(one -> html.append(explanation(one)));
    }
    return Page.of("Donut simulation", html.toString());
  }

  private static String head(Findings findings) {
    Counts counts = findings.counts();
    Findings.Load load = findings.load();
    List<String> tiles = new ArrayList<>();
    tiles.add(Html.tile(Html.number(counts.prefixes()), "prefixes"));
    tiles.add(
        Html.tile(
            Html.number(counts.accepted()), "paths accepted of " + Html.number(counts.paths())));
    if (!findings.isPlain()) {
      Coverage coverage = findings.coverage();
      tiles.add(Html.tile(ReportNumbers.share(counts.donutRatio()), "donut ratio: left directly"));
      tiles.add(Html.tile(Html.number(coverage.holeCount()), "holes"));
      tiles.add(Html.tile(Html.number(coverage.singleExitCount()), "blocks with a single exit"));
      tiles.add(Html.tile(Html.number(coverage.costLeakCount()), "cost leaks"));
    }
    if (findings.isPlain()) {
      tiles.add(Html.tile(Html.number(counts.classes()), "classes of exits"));
    }
    String title =
        findings.isPlain() ? "The plain decision of RFC 4271" : "What this policy would do";
    return "<h1>"
        + title
        + "</h1>\n"
        + Html.note(
            "%s on %s: %s announcements and %s withdrawals, read in %s, decided in %s."
                .formatted(
                    findings.policy(),
                    String.join(", ", findings.dumps()),
                    Html.number(load.announcements()),
                    Html.number(load.withdrawals()),
                    ReportNumbers.seconds(load.seconds()),
                    ReportNumbers.seconds(findings.decideSeconds())))
        + Html.tiles(tiles);
  }

  private static String color(Relation relation) {
    return switch (relation) {
      case CUSTOMER -> "var(--customer)";
      case OWN -> "var(--ours)";
      case PRIVATE_PEER, PUBLIC_PEER, ROUTE_SERVER -> "var(--peer)";
      case TRANSIT -> "var(--transit)";
    };
  }

  private static String bands(Counts counts) {
    List<BarChart.Bar> bars = new ArrayList<>();
    for (Relation relation : Relation.values()) {
      long prefixes = counts.prefixesByRelation().getOrDefault(relation, 0L);
      if (prefixes > 0) {
        double share = (double) prefixes / Math.max(1, counts.prefixes());
        bars.add(
            new BarChart.Bar(
                relation.word(),
                prefixes,
                Html.number(prefixes) + " (" + ReportNumbers.share(share) + ")",
                color(relation)));
      }
    }
    return Html.heading("Routes by band")
        + Html.card(
            BarChart.onBoth(
                "Prefixes by the relation of their best path", Axis.Scale.LINEAR, bars));
  }

  private static String space(Coverage coverage) {
    StringBuilder html = new StringBuilder(Html.heading("Address space"));
    html.append(
        Html.paragraph(
            "%s IPv4 addresses and %s IPv6 /48s are covered by accepted routes. Default routes of transits: %d IPv4, %d IPv6."
                .formatted(
                    Html.number(coverage.ipv4Addresses()),
                    Html.number(coverage.ipv6Addresses().slash48s()),
                    coverage.defaultsIpv4(),
                    coverage.defaultsIpv6())));
    html.append(
        blocks(
            "Holes: covered by an accepted route, and some router does not forward",
            coverage.holeCount(),
            coverage.holes()));
    html.append(
        blocks("Blocks with a single exit", coverage.singleExitCount(), coverage.singleExit()));
    html.append(
        blocks(
            "Cost leaks: heard from transit only, inside the block of a direct neighbor",
            coverage.costLeakCount(),
            coverage.costLeaks().stream()
                .map(leak -> new Coverage.Block(leak.prefix(), leak.reason(), leak.direct()))
                .toList()));
    html.append(bypasses(coverage.bypasses()));
    html.append(
        blocks(
            "Covered holes: refused, so their addresses follow the block of another origin",
            coverage.coveredHoleCount(),
            coverage.coveredHoles()));
    return html.toString();
  }

  private static String blocks(String title, long count, List<Coverage.Block> blocks) {
    String head = "<h3>%s: %s</h3>\n".formatted(escape(title), Html.number(count));
    if (blocks.isEmpty()) {
      return head;
    }
    List<List<String>> rows =
        blocks.stream()
            .map(block -> List.of(escape(block.prefix().toString()), escape(block.reason())))
            .toList();
    return head + Html.table(List.of("largest", "why"), rows);
  }

  private static String bypasses(List<Coverage.Bypass> bypasses) {
    if (bypasses.isEmpty()) {
      return "";
    }
    List<BarChart.Bar> bars =
        bypasses.stream()
            .limit(MOST_BARS)
            .map(bypass ->
                new BarChart.Bar(
                    bypass.direct() + " by " + bypass.transit(),
                    bypass.ipv4Addresses(),
                    "%s IPv4, %s IPv6 /48s, %s prefixes; %s instead of %s"
                        .formatted(
                            Html.number(bypass.ipv4Addresses()),
                            Html.number(bypass.ipv6Addresses().slash48s()),
                            Html.number(bypass.prefixes()),
                            Coverage.price(bypass.transitPrice()),
                            Coverage.price(bypass.directPrice())),
                    "var(--s4)"))
            .toList();
    return Html.card(
        BarChart.onBoth(
            "Addresses of direct neighbors that transits attract", Axis.Scale.LINEAR, bars));
  }

  private static String exits(Findings findings) {
    List<Coverage.ExitLoss> losses =
        findings.coverage().exitLosses().stream()
            .filter(loss -> loss.moved() > 0 || loss.lost() > 0)
            .sorted((one, other) -> Long.compare(other.moved(), one.moved()))
            .toList();
    List<BarChart.Bar> bars =
        losses.stream()
            .limit(MOST_BARS)
            .map(loss ->
                BarChart.Bar.of(
                    loss.neighbor(),
                    (double) loss.moved(),
                    Html.number(loss.moved())
                        + " ("
                        + ReportNumbers.share(loss.movedIpv4Share())
                        + " IPv4, "
                        + ReportNumbers.share(loss.movedIpv6Share())
                        + " IPv6)"))
            .toList();
    List<List<String>> rows =
        losses.stream()
            .map(loss ->
                List.of(
                    escape(loss.neighbor()),
                    findings.isPlain() ? "-" : Coverage.price(loss.price()),
                    Html.number(loss.moved()),
                    ReportNumbers.share(loss.movedIpv4Share()),
                    ReportNumbers.share(loss.movedIpv6Share()),
                    loss.lost() == 0
                        ? "0"
                        : "<span class=\"bad\">" + Html.number(loss.lost()) + "</span>",
                    ReportNumbers.share(loss.lostIpv4Share()),
                    ReportNumbers.share(loss.lostIpv6Share())))
            .toList();
    return Html.heading("The loss of each exit")
        + Html.card(BarChart.onBoth("Prefixes that each carries", Axis.Scale.LINEAR, bars))
        + Html.table(
            List.of(
                "neighbor",
                "price",
                "carries",
                "IPv4",
                "IPv6",
                "left without exit",
                "IPv4 lost",
                "IPv6 lost"),
            rows);
  }

  private static String comparison(Comparison comparison) {
    List<List<String>> rows = new ArrayList<>();
    rows.add(
        List.of(
            "donut ratio",
            ReportNumbers.share(comparison.before().donutRatio()),
            ReportNumbers.share(comparison.after().donutRatio())));
    add(rows, "prefixes", comparison.before().prefixes(), comparison.after().prefixes());
    for (Relation relation : Relation.values()) {
      long now = comparison.before().byRelation().getOrDefault(relation.word(), 0L);
      long then = comparison.after().byRelation().getOrDefault(relation.word(), 0L);
      if (now + then > 0) {
        add(rows, relation.word(), now, then);
      }
    }
    add(rows, "holes", comparison.before().holes(), comparison.after().holes());
    add(
        rows,
        "single-exit blocks",
        comparison.before().singleExits(),
        comparison.after().singleExits());
    add(rows, "cost leaks", comparison.before().costLeaks(), comparison.after().costLeaks());
    List<BarChart.Bar> bars =
        comparison.shifts().stream()
            .sorted((one, other) -> Long.compare(other.prefixes(), one.prefixes()))
            .limit(MOST_BARS)
            .map(shift ->
                BarChart.Bar.of(
                    shift.router() + ": " + orNowhere(shift.from()) + " → " + orNowhere(shift.to()),
                    (double) shift.prefixes(),
                    Html.number(shift.prefixes())))
            .toList();
    return "<h3>%s</h3>\n".formatted(escape(comparison.change()))
        + Html.paragraph(
            "%s prefixes move, %s are left without an exit of their own; asked in %s."
                .formatted(
                    Html.number(comparison.moved()),
                    Html.number(comparison.lost()),
                    Html.millis(comparison.millis())))
        + Html.table(List.of("", "now", "then"), rows)
        + (bars.isEmpty()
            ? ""
            : Html.card(BarChart.onBoth("Prefixes that move", Axis.Scale.LINEAR, bars)));
  }

  private static String orNowhere(String neighbor) {
    return neighbor.isEmpty() ? "nowhere" : neighbor;
  }

  private static void add(List<List<String>> rows, String what, long now, long then) {
    rows.add(List.of(escape(what), Html.number(now), Html.number(then)));
  }

  private static String refused(Findings findings) {
    StringBuilder html = new StringBuilder(Html.heading("Refused"));
    findings
        .limits()
        .forEach(limit -> html.append("<p class=\"bad\">").append(escape(limit)).append("</p>\n"));
    List<List<String>> rows = new ArrayList<>();
    for (Refusals.Refusal refusal : findings.refusals().refusals()) {
      Refusals.Example example = refusal.examples().getFirst();
      rows.add(
          List.of(
              escape(refusal.reason().word()),
              Html.number(refusal.paths()),
              escape(
                  "%s from %s: %s"
                      .formatted(example.prefix(), example.neighbor(), example.path()))));
    }
    for (Findings.Fault fault : findings.load().faults()) {
      rows.add(
          List.of(
              escape("malformed, " + fault.kind()),
              Html.number(fault.times()),
              escape(fault.first())));
    }
    html.append(
        rows.isEmpty()
            ? Html.paragraph("Nothing.")
            : Html.table(List.of("why", "how often", "first"), rows));
    if (findings.payloads() > 0) {
      html.append(origins(findings));
    }
    return html.toString();
  }

  private static String origins(Findings findings) {
    List<BarChart.Bar> bars = new ArrayList<>();
    for (OriginValidity validity : OriginValidity.values()) {
      long count = findings.refusals().origins().getOrDefault(validity, 0L);
      String color = validity == OriginValidity.INVALID ? "var(--bad)" : "var(--s1)";
      bars.add(new BarChart.Bar(validity.word(), count, Html.number(count), color));
    }
    return Html.card(
        BarChart.onBoth(
            "Pairs of prefix and origin against %s payloads"
                .formatted(Html.number(findings.payloads())),
            Axis.Scale.LINEAR,
            bars));
  }

  private static String peers(Findings findings) {
    List<List<String>> rows = new ArrayList<>();
    for (Findings.PeerRow peer : findings.peers()) {
      rows.add(
          List.of(
              escape(peer.address()),
              "AS" + peer.asn(),
              peer.neighbor().isEmpty() ? "<span class=\"dim\">–</span>" : escape(peer.neighbor()),
              Html.number(peer.paths()),
              "<span class=\"dim\">" + escape(peer.reason()) + "</span>"));
    }
    return Html.heading("Peers of the dumps")
        + Html.table(List.of("peer", "AS", "is", "paths", ""), rows);
  }

  private static String explanation(Explanation explanation) {
    String head =
        "<h3>%s at %s</h3>\n"
            .formatted(escape(explanation.address().toString()), escape(explanation.router()));
    List<List<String>> rows = new ArrayList<>();
    for (Explanation.Covering covering : explanation.chain()) {
      String prefix = covering.prefix() + " " + SimulationText.word(covering.selection());
      for (PathView path : covering.paths()) {
        String text = escape(SimulationText.describe(path));
        rows.add(List.of(escape(prefix), path.isBest() ? "<b>" + text + "</b>" : text));
      }
    }
    return head + Html.table(List.of("prefix", "path"), rows);
  }
}

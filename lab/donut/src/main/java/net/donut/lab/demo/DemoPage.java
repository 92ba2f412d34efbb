package net.donut.lab.demo;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import net.donut.lab.demo.DemoResult.Verdict;
import net.donut.lab.probe.EventStrip;
import net.donut.lab.probe.EventStripDrawing;
import net.donut.report.Html;
import net.donut.report.Page;

/// `report.html`: one page that needs nothing else, for a desk and a phone, light and dark.
public final class DemoPage {
  private static final String STYLE =
      """
      .overview{display:grid;grid-template-columns:minmax(0,480px) minmax(0,1fr);gap:8px 28px;align-items:center}
      .legend span{display:inline-block;margin-right:14px;font-size:.85rem}.legend i{display:inline-block;width:14px;height:4px;border-radius:2px;margin-right:5px;vertical-align:middle}
      .bar{display:flex;height:18px;border-radius:9px;overflow:hidden;background:var(--line);margin:8px 0}
      .event{margin:14px 0}.event h3{margin-top:0}
      .flow{display:grid;grid-template-columns:190px minmax(0,1fr) 200px;gap:4px 14px;align-items:start;padding:8px 0;border-top:1px solid var(--line);font-size:.86rem}
      .flow .way{grid-column:1/-1;color:var(--dim);font-size:.8rem;overflow-wrap:anywhere}
      @media(max-width:640px){.overview{grid-template-columns:minmax(0,1fr)}
        .flow{grid-template-columns:minmax(0,1fr) auto}.flow>:nth-child(2){grid-column:1/-1;order:3}.flow .way{order:4}}
      """;

  private DemoPage() {}

  public static String render(DemoResult outcome) {
    StringBuilder html = new StringBuilder(head(outcome));
    html.append(picture(outcome));
    html.append(Html.heading("What the cuts cost")).append(closing(outcome));
    html.append(Html.heading("The streams, event by event"));
    html.append(
        Html.note(
            "Each dot is a packet, each cross a lost one, from %d ms before the event to %d ms after it; time runs down and then to the right, %d ms a column."
                .formatted(-EventStrip.FROM_MS, EventStrip.TO_MS, EventStrip.COLUMN_MS)));
    outcome.events().forEach(event -> html.append(event(event)));
    if (!outcome.disturbed().isEmpty()) {
      html.append(Html.heading("Trials not counted"));
      html.append(
          Html.note(
              "The machine was too busy: its kernel had word of the cut late, or the sender stood"
                  + " still. They were repeated."));
      outcome.disturbed().forEach(event -> html.append(event(event)));
    }
    html.append(Html.heading("Neighbors")).append(neighbors(outcome));
    html.append(Html.heading("Kernels against the intent")).append(kernels(outcome));
    html.append(Html.heading("Checks")).append(checks(outcome));
    html.append(Html.heading("Measured on")).append(environment(outcome));
    return Page.of(
        "Donut demo", STYLE + DonutDrawing.STYLE + EventStripDrawing.STYLE, html.toString());
  }

  private static String head(DemoResult outcome) {
    long failed =
        outcome.checks().stream().filter(check -> check.verdict() == Verdict.FAILS).count();
    String verdict =
        failed == 0
            ? "<span class=\"good\">every one of %d checks holds</span>"
                .formatted(outcome.checks().size())
            : "<span class=\"bad\">%d of %d checks fail</span>"
                .formatted(failed, outcome.checks().size());
    DemoResult.Routes routes = outcome.routes();
    return "<h1>Donut: %s</h1>\n<p>%s, in %.0f s.</p>\n"
            .formatted("two edge routers, five neighbors, three cuts", verdict, outcome.seconds())
        + Html.tiles(
            List.of(
                Html.tile(
                    Html.number(worstProtected(outcome)), "packets lost at most with a backup"),
                Html.tile(Html.number(routes.holes()), "holes in the table"),
                Html.tile(
                    "%.1f %%".formatted(100 * routes.donutRatio()),
                    "donut ratio: prefixes that leave directly"),
                Html.tile(Html.number(routes.total()), "prefixes in the table"),
                Html.tile(Html.number(routes.guarded()), "with a backup in the kernel"),
                Html.tile(Html.millis(slowest(outcome)), "until the controller had caught up")));
  }

  private static long worstProtected(DemoResult outcome) {
    return outcome.events().stream()
        .filter(event -> event.kind().equals("cut"))
        .flatMap(event -> event.flows().stream())
        .filter(DemoResult.FlowOutcome::localBackup)
        .mapToLong(flow -> flow.stream().lost())
        .max()
        .orElse(0);
  }

  private static double slowest(DemoResult outcome) {
    return outcome.events().stream().mapToDouble(DemoResult.Event::convergedMs).max().orElse(0);
  }

  private static String picture(DemoResult outcome) {
    List<String> cuts =
        outcome.events().stream()
            .filter(event -> event.kind().equals("cut"))
            .map(DemoResult.Event::link)
            .toList();
    return "<div class=\"card overview\">"
        + DonutDrawing.draw(outcome.topology(), cuts)
        + "<div>"
        + legend()
        + ratio(outcome.routes())
        + "</div></div>\n";
  }

  private static String legend() {
    StringBuilder html = new StringBuilder("<p class=\"legend\">");
    for (var entry :
        List.of(
            Map.entry("ours", "our network"),
            Map.entry("customer", "customer"),
            Map.entry("peer", "peer"),
            Map.entry("transit", "transit"),
            Map.entry("others", "not ours"),
            Map.entry("bad", "cut, in this order"))) {
      html.append(
          "<span><i style=\"background:var(--%s)\"></i>%s</span>"
              .formatted(entry.getKey(), entry.getValue()));
    }
    return html.append("</p>").toString();
  }

  private static String ratio(DemoResult.Routes routes) {
    long total = Math.max(1, routes.direct() + routes.transit());
    StringBuilder html =
        new StringBuilder(
            "<p>%s prefixes leave directly, %s by transit.</p><div class=\"bar\">"
                .formatted(Html.number(routes.direct()), Html.number(routes.transit())));
    routes
        .byRelation()
        .forEach((relation, count) ->
            html.append(
                "<div title=\"%s: %s\" style=\"width:%.2f%%;background:var(--%s)\"></div>"
                    .formatted(
                        relation, Html.number(count), 100.0 * count / total, color(relation))));
    return html.append("</div>").toString();
  }

  private static String color(String relation) {
    return switch (relation) {
      case "transit" -> "transit";
      case "customer" -> "customer";
      case "own" -> "ours";
      default -> "peer";
    };
  }

  private static String closing(DemoResult outcome) {
    List<List<String>> rows = new ArrayList<>();
    for (DemoResult.Event event : outcome.events()) {
      for (DemoResult.FlowOutcome flow : event.flows()) {
        if (flow.isTouched()) {
          rows.add(
              List.of(
                  Html.escape(event.kind() + " " + event.link()),
                  name(flow),
                  losses(flow, event.kind()),
                  Html.millis(flow.stream().maxGapMs()),
                  backup(flow, event.kind()),
                  Html.millis(event.convergedMs()),
                  Html.millis(event.settledMs())));
        }
      }
    }
    return Html.table(
        List.of("event", "stream", "lost", "longest gap", "behind it", "control plane", "at rest"),
        rows);
  }

  private static String name(DemoResult.FlowOutcome flow) {
    return Html.escape(
        flow.stream().from()
            + " → "
            + flow.stream().to()
            + (flow.stream().family().equals("ipv6") ? " (IPv6)" : ""));
  }

  private static String losses(DemoResult.FlowOutcome flow, String kind) {
    String lost = Html.number(flow.stream().lost());
    boolean tooMany =
        kind.equals("cut") && flow.isProtected() && flow.stream().lost() > Demo.MOST_LOST;
    return tooMany ? "<span class=\"bad\">" + lost + "</span>" : lost;
  }

  private static String backup(DemoResult.FlowOutcome flow, String kind) {
    if (!kind.equals("cut") || !flow.affected()) {
      return "<span class=\"dim\">–</span>";
    }
    return flow.localBackup()
        ? "<span class=\"good\">local backup in our kernel</span>"
        : "<span class=\"dim\">" + Html.escape(flow.note()) + "</span>";
  }

  private static String event(DemoResult.Event event) {
    StringBuilder html =
        new StringBuilder(
            "<section class=\"card event\"><h3>%s</h3><p class=\"dim\">control plane caught up after %s, at rest after %s; %d holes%s</p>"
                .formatted(
                    Html.escape(event.name()),
                    Html.millis(event.convergedMs()),
                    Html.millis(event.settledMs()),
                    event.holes(),
                    carrier(event)));
    StringBuilder calm = new StringBuilder();
    int calmFlows = 0;
    for (DemoResult.FlowOutcome flow : event.flows()) {
      if (flow.isTouched()) {
        html.append(flow(event, flow));
      } else {
        calm.append(flow(event, flow));
        calmFlows++;
      }
    }
    if (calmFlows > 0) {
      html.append(
          Html.details(
              "%d %s that the event did not touch"
                  .formatted(calmFlows, calmFlows == 1 ? "stream" : "streams"),
              calm.toString()));
    }
    return html.append("</section>\n").toString();
  }

  private static String flow(DemoResult.Event event, DemoResult.FlowOutcome flow) {
    return "<div class=\"flow\"><div>%s</div>%s<div>lost %s of %s, gap %s%s</div><div class=\"way\">%s</div></div>"
        .formatted(
            name(flow),
            EventStripDrawing.draw(flow.strip(), event.kind()),
            losses(flow, event.kind()),
            Html.number(flow.stream().sent()),
            Html.millis(flow.stream().maxGapMs()),
            lostElsewhere(flow),
            way(flow));
  }

  private static String lostElsewhere(DemoResult.FlowOutcome flow) {
    long elsewhere = flow.stream().lost() - flow.strip().lost().size();
    return elsewhere > 0 ? "; %s of them outside the strip".formatted(Html.number(elsewhere)) : "";
  }

  private static String carrier(DemoResult.Event event) {
    StringBuilder text = new StringBuilder();
    event
        .carrierMs()
        .forEach((node, millis) ->
            text.append("; carrier gone at %s after %s".formatted(node, Html.millis(millis))));
    return text.toString();
  }

  private static String way(DemoResult.FlowOutcome flow) {
    String before = Html.escape(flow.before().toString());
    if (flow.before().nodes().equals(flow.after().nodes())) {
      return before;
    }
    return "was " + before + "<br>now " + Html.escape(flow.after().toString());
  }

  private static String neighbors(DemoResult outcome) {
    List<List<String>> rows = new ArrayList<>();
    for (DemoResult.Neighbor neighbor : outcome.neighbors()) {
      rows.add(
          List.of(
              neighbor.name(),
              "AS" + neighbor.asn(),
              neighbor.relation(),
              neighbor.router(),
              neighbor.software(),
              Html.number(neighbor.prefixes()),
              Html.number(neighbor.rejected()),
              Html.number(neighbor.best())));
    }
    StringBuilder html = new StringBuilder();
    outcome.tableStory().forEach(line -> html.append(Html.paragraph(line)));
    return html
        + Html.table(
            List.of(
                "neighbor", "AS", "relation", "at", "software", "routes", "rejected", "best for"),
            rows);
  }

  private static String kernels(DemoResult outcome) {
    List<List<String>> last = new ArrayList<>();
    outcome.kernel().forEach((router, kernel) -> last.add(kernelRow("at the end", router, kernel)));
    List<List<String>> before = new ArrayList<>();
    for (DemoResult.Event event : outcome.events()) {
      event
          .kernel()
          .forEach((router, kernel) -> before.add(kernelRow(event.name(), router, kernel)));
    }
    List<String> heads =
        List.of(
            "after",
            "router",
            "intended",
            "installed",
            "missing",
            "unexpected",
            "own count",
            "groups",
            "next hops");
    return Html.table(heads, last) + Html.details("after each event", Html.table(heads, before));
  }

  private static List<String> kernelRow(String when, String router, DemoResult.Kernel kernel) {
    return List.of(
        Html.escape(when),
        router,
        Html.number(kernel.intended()),
        Html.number(kernel.installed()),
        Html.number(kernel.missing()),
        Html.number(kernel.unexpected()),
        Html.number(kernel.counted()),
        Html.number(kernel.groups()),
        Html.number(kernel.nextHops()));
  }

  /// Those that fail in sight, all of them for who opens them.
  private static String checks(DemoResult outcome) {
    List<DemoResult.Check> failed =
        outcome.checks().stream().filter(check -> check.verdict() == Verdict.FAILS).toList();
    return (failed.isEmpty() ? "" : checkTable(failed))
        + Html.details(
            "all %d that must hold".formatted(outcome.checks().size()),
            checkTable(outcome.checks()));
  }

  private static String checkTable(List<DemoResult.Check> checks) {
    List<List<String>> rows = new ArrayList<>();
    for (DemoResult.Check check : checks) {
      rows.add(
          List.of(
              check.verdict() == Verdict.HOLDS
                  ? "<span class=\"good\">holds</span>"
                  : "<span class=\"bad\">fails</span>",
              Html.escape(check.name()),
              Html.escape(check.detail())));
    }
    return Html.table(List.of("", "what must hold", "what was found"), rows);
  }

  private static String environment(DemoResult outcome) {
    List<List<String>> rows = new ArrayList<>();
    outcome
        .environment()
        .forEach((key, value) -> rows.add(List.of(Html.escape(key), Html.escape(value))));
    return Html.table(List.of("", ""), rows);
  }
}

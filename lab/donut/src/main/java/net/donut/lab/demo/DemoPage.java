package net.donut.lab.demo;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import net.donut.lab.demo.DemoResult.Verdict;
import net.donut.lab.probe.Probes;
import net.donut.lab.probe.StripDrawing;
import net.donut.report.Html;

/// `report.html`: one page that needs nothing else, for a desk and a phone, light and dark.
public final class DemoPage {
  private static final String STYLE =
      """
      :root{--bg:#fbfaf8;--fg:#1d1f24;--dim:#6a6f7a;--card:#fff;--line:#e3e0da;--ours:#b45f06;
        --dough:#f3d6ae;--transit:#5b6b8c;--peer:#1f7a4d;--customer:#7a3ea1;--others:#a9adb5;--bad:#c62828;--good:#1f7a4d}
      @media(prefers-color-scheme:dark){:root{--bg:#15171b;--fg:#e8e6e1;--dim:#9aa0ab;--card:#1e2127;--line:#33373f;
        --ours:#f0a24a;--dough:#4a3820;--transit:#93a7d1;--peer:#5cc48f;--customer:#c08ae0;--others:#6b7079;--bad:#ff6b6b;--good:#5cc48f}}
      *{box-sizing:border-box}
      body{margin:0;background:var(--bg);color:var(--fg);font:15px/1.5 system-ui,-apple-system,"Segoe UI",sans-serif}
      main{max-width:1080px;margin:0 auto;padding:20px 16px 60px}
      h1{font-size:1.7rem;margin:.2em 0}h2{font-size:1.2rem;margin:2em 0 .6em}h3{font-size:1rem;margin:1.4em 0 .4em}
      p{margin:.4em 0}.dim{color:var(--dim)}.bad{color:var(--bad);font-weight:600}.good{color:var(--good);font-weight:600}
      .tiles{display:grid;grid-template-columns:repeat(auto-fit,minmax(150px,1fr));gap:10px;margin:16px 0}
      .tile,.card{background:var(--card);border:1px solid var(--line);border-radius:12px;padding:12px 14px}
      .tile b{display:block;font-size:1.5rem;line-height:1.2}.tile span{color:var(--dim);font-size:.85rem}
      .scroll{overflow-x:auto;border:1px solid var(--line);border-radius:12px;background:var(--card)}
      table{border-collapse:collapse;width:100%;font-size:.88rem}
      th,td{padding:6px 10px;text-align:left;border-bottom:1px solid var(--line);vertical-align:top}
      th{color:var(--dim);font-weight:600;white-space:nowrap}td.n{text-align:right;font-variant-numeric:tabular-nums;white-space:nowrap}
      td{white-space:nowrap}td.w{white-space:normal;min-width:240px}tbody tr:last-child td{border-bottom:0}
      .pan{overflow-x:auto}.donut{width:100%;min-width:560px;height:auto;max-height:560px}
      .dough{fill:none;stroke:var(--dough);stroke-width:58}
      .cap{fill:var(--dim);font-size:13px;text-anchor:middle}
      .l{stroke:var(--others);stroke-width:1.6;fill:none}
      .l.others{stroke-dasharray:4 4}.l.access{stroke-dasharray:2 3}
      .l.transit{stroke:var(--transit);stroke-width:3}.l.private-peer,.l.public-peer,.l.route-server{stroke:var(--peer);stroke-width:3}
      .l.customer{stroke:var(--customer);stroke-width:3}.l.internal{stroke:var(--ours);stroke-width:4}
      .b rect{fill:var(--card);stroke:var(--others);stroke-width:1.6}
      .b text{fill:var(--fg);font-size:14px;font-weight:600;text-anchor:middle}.b .s{fill:var(--dim);font-size:11px;font-weight:400}
      .b.ours rect{stroke:var(--ours);stroke-width:2.4}.b.transit rect{stroke:var(--transit);stroke-width:2.4}
      .b.private-peer rect,.b.public-peer rect{stroke:var(--peer);stroke-width:2.4}.b.customer rect{stroke:var(--customer);stroke-width:2.4}
      .cut circle{fill:var(--bad)}.cut text{fill:#fff;font-size:13px;font-weight:700;text-anchor:middle}
      .legend span{display:inline-block;margin-right:14px;font-size:.85rem}.legend i{display:inline-block;width:14px;height:4px;border-radius:2px;margin-right:5px;vertical-align:middle}
      .bar{display:flex;height:18px;border-radius:9px;overflow:hidden;background:var(--line)}
      .event{margin:14px 0}.event h3{margin-top:0}
      .flow{display:grid;grid-template-columns:210px 1fr 190px;gap:4px 12px;align-items:center;padding:5px 0;border-top:1px solid var(--line);font-size:.86rem}
      .flow .way{grid-column:1/-1;color:var(--dim);font-size:.8rem;overflow-wrap:anywhere}
      details{margin:8px 0}summary{cursor:pointer;color:var(--dim)}
      @media(max-width:640px){.flow{grid-template-columns:1fr auto}.flow .strip{grid-column:1/-1;order:3}.flow .way{order:4}h1{font-size:1.35rem}}
      """;

  private DemoPage() {}

  public static String render(DemoResult outcome) {
    StringBuilder html = new StringBuilder("<!DOCTYPE html>\n<html lang=\"en\"><head>\n");
    html.append("<meta charset=\"utf-8\">\n");
    html.append("<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n");
    html.append("<title>Donut demo</title>\n<style>\n").append(STYLE).append(StripDrawing.STYLE);
    html.append("</style></head><body><main>\n");
    html.append(head(outcome));
    html.append(picture(outcome));
    html.append("<h2>What the cuts cost</h2>\n").append(closing(outcome));
    html.append("<h2>The streams, event by event</h2>\n");
    html.append(
        "<p class=\"dim\">Share that arrived, in bins of %d ms; the dashed line is the event, red is lost.</p>\n"
            .formatted(Probes.BIN_MILLIS));
    outcome.events().forEach(event -> html.append(event(event)));
    if (!outcome.disturbed().isEmpty()) {
      html.append(
          "<h2>Trials not counted</h2><p class=\"dim\">The machine was too busy: its kernel had word of"
              + " the cut late, or the sender stood still. They were repeated.</p>\n");
      outcome.disturbed().forEach(event -> html.append(event(event)));
    }
    html.append("<h2>Neighbors</h2>\n").append(neighbors(outcome));
    html.append("<h2>Kernels against the intent</h2>\n").append(kernels(outcome));
    html.append("<h2>Checks</h2>\n").append(checks(outcome));
    html.append("<h2>Measured on</h2>\n").append(environment(outcome));
    return html.append("</main></body></html>\n").toString();
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
        + "<div class=\"tiles\">"
        + Html.tile(Html.number(routes.total()), "prefixes in the table")
        + Html.tile("%.1f %%".formatted(100 * routes.donutRatio()), "donut ratio: left directly")
        + Html.tile(Html.number(routes.holes()), "holes")
        + Html.tile(Html.number(routes.guarded()), "with a backup in the kernel")
        + Html.tile(
            String.valueOf(worstProtected(outcome)), "most packets lost with a local backup")
        + Html.tile(Html.millis(slowest(outcome)), "slowest control plane, first caught up")
        + "</div>\n";
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
    return "<div class=\"card\"><div class=\"pan\">"
        + DonutDrawing.draw(outcome.topology(), cuts)
        + "</div>"
        + legend()
        + ratio(outcome.routes())
        + "</div>\n";
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
        if (flow.affected() || flow.stream().lost() > 0) {
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
    for (DemoResult.FlowOutcome flow : event.flows()) {
      html.append("<div class=\"flow\"><div>").append(name(flow)).append("</div>");
      html.append(StripDrawing.draw(flow.stream(), event.leadMs()));
      html.append(
          "<div>lost %s of %s, gap %s</div>"
              .formatted(
                  losses(flow, event.kind()),
                  Html.number(flow.stream().sent()),
                  Html.millis(flow.stream().maxGapMs())));
      html.append("<div class=\"way\">").append(way(flow)).append("</div></div>");
    }
    return html.append("</section>\n").toString();
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
    outcome
        .tableStory()
        .forEach(line -> html.append("<p>").append(Html.escape(line)).append("</p>"));
    return html
        + Html.table(
            List.of(
                "neighbor", "AS", "relation", "at", "software", "routes", "rejected", "best for"),
            rows);
  }

  private static String kernels(DemoResult outcome) {
    List<List<String>> rows = new ArrayList<>();
    outcome.kernel().forEach((router, kernel) -> rows.add(kernelRow("at the end", router, kernel)));
    for (DemoResult.Event event : outcome.events()) {
      event.kernel().forEach((router, kernel) -> rows.add(kernelRow(event.name(), router, kernel)));
    }
    return Html.table(
        List.of(
            "after",
            "router",
            "intended",
            "installed",
            "missing",
            "unexpected",
            "own count",
            "groups",
            "next hops"),
        rows);
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

  private static String checks(DemoResult outcome) {
    List<List<String>> rows = new ArrayList<>();
    for (DemoResult.Check check : outcome.checks()) {
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

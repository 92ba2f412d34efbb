package net.donut.lab.demo;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import net.donut.lab.demo.DemoResult.Verdict;

/// `report.json`: what the demo found, for scripts. Keys are only ever added.
public final class DemoJson {
  private static final ObjectMapper JSON = new ObjectMapper();

  private DemoJson() {}

  public static String render(DemoResult outcome) {
    ObjectNode json = JSON.createObjectNode();
    json.put("ok", outcome.holds());
    json.put("duration_s", outcome.seconds());
    outcome.environment().forEach(json.putObject("environment")::put);
    outcome.tableStory().forEach(json.putArray("feeds")::add);
    neighbors(outcome, json.putArray("neighbors"));
    routes(outcome.routes(), json.putObject("routes"));
    ObjectNode kernel = json.putObject("kernel");
    outcome.kernel().forEach((router, counts) -> kernel(counts, kernel.putObject(router)));
    ArrayNode events = json.putArray("events");
    outcome.events().forEach(event -> event(event, events.addObject()));
    ArrayNode disturbed = json.putArray("disturbed");
    outcome.disturbed().forEach(event -> event(event, disturbed.addObject()));
    ArrayNode checks = json.putArray("checks");
    for (DemoResult.Check check : outcome.checks()) {
      checks
          .addObject()
          .put("name", check.name())
          .put("ok", check.verdict() == Verdict.HOLDS)
          .put("detail", check.detail());
    }
    return json.toPrettyString() + "\n";
  }

  private static void neighbors(DemoResult outcome, ArrayNode array) {
    for (DemoResult.Neighbor neighbor : outcome.neighbors()) {
      array
          .addObject()
          .put("name", neighbor.name())
          .put("software", neighbor.software())
          .put("prefixes", neighbor.prefixes())
          .put("as", neighbor.asn())
          .put("relation", neighbor.relation())
          .put("router", neighbor.router())
          .put("accepted", neighbor.accepted())
          .put("rejected", neighbor.rejected())
          .put("best", neighbor.best());
    }
  }

  private static void routes(DemoResult.Routes routes, ObjectNode json) {
    json.put("total", routes.total())
        .put("direct", routes.direct())
        .put("transit", routes.transit())
        .put("protected", routes.guarded())
        .put("holes", routes.holes())
        .put("donut_ratio", routes.donutRatio())
        .put("paths", routes.paths())
        .put("single_exit", routes.singleExit())
        .put("cost_leaks", routes.costLeaks());
    routes.byRelation().forEach(json.putObject("by_relation")::put);
  }

  private static void kernel(DemoResult.Kernel kernel, ObjectNode json) {
    json.put("intended", kernel.intended())
        .put("installed", kernel.installed())
        .put("missing", kernel.missing())
        .put("unexpected", kernel.unexpected())
        .put("counted", kernel.counted())
        .put("groups", kernel.groups())
        .put("next_hops", kernel.nextHops());
  }

  private static void event(DemoResult.Event event, ObjectNode json) {
    json.put("name", event.name())
        .put("kind", event.kind())
        .put("link", event.link())
        .put("trial", event.trial())
        .put("converged_ms", event.convergedMs())
        .put("settled_ms", event.settledMs())
        .put("holes", event.holes());
    event.carrierMs().forEach(json.putObject("carrier_ms")::put);
    ArrayNode flows = json.putArray("flows");
    event.flows().forEach(flow -> flow(flow, flows.addObject()));
    ObjectNode kernel = json.putObject("kernel");
    event.kernel().forEach((router, counts) -> kernel(counts, kernel.putObject(router)));
  }

  private static void flow(DemoResult.FlowOutcome flow, ObjectNode json) {
    json.put("from", flow.stream().from())
        .put("to", flow.stream().to())
        .put("family", flow.stream().family())
        .put("sent", flow.stream().sent())
        .put("received", flow.stream().received())
        .put("lost", flow.stream().lost())
        .put("duplicated", flow.stream().duplicated())
        .put("reordered", flow.stream().reordered())
        .put("max_gap_ms", flow.stream().maxGapMs())
        .put("gaps", flow.stream().gaps())
        .put("path_before", flow.before().toString())
        .put("path_after", flow.after().toString())
        .put("affected", flow.affected())
        .put("local_backup", flow.localBackup())
        .put("note", flow.note())
        .put("detect_ms", flow.detectMs())
        .put("sender_stall_ms", flow.stream().stallMs());
    flow.stream().bins().forEach(json.putArray("received_per_bin")::add);
    flow.stream().lostBins().forEach(json.putArray("lost_per_bin")::add);
    ArrayNode lost = json.putArray("lost_at_ms");
    flow.strip().lost().forEach(packet -> lost.add(packet.atMs()));
  }
}

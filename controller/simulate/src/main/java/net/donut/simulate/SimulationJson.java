package net.donut.simulate;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.List;
import java.util.Map;
import net.donut.core.answer.Counts;
import net.donut.core.answer.Coverage;
import net.donut.core.answer.Explanation;
import net.donut.core.answer.OriginValidity;
import net.donut.core.answer.PathView;
import net.donut.core.answer.Refusals;
import net.donut.core.answer.WhatIf;
import net.donut.model.Relation;
import net.donut.simulate.Findings.World;

/// `simulate.json`: what was found, for scripts. Keys are only ever added.
final class SimulationJson {
  private static final ObjectMapper JSON = new ObjectMapper();

  private SimulationJson() {}

  static String render(Findings findings) {
    ObjectNode json = JSON.createObjectNode();
    json.put("policy", findings.policy());
    findings.dumps().forEach(json.putArray("dumps")::add);
    load(findings.load(), json.putObject("load"));
    json.put("decide_s", findings.decideSeconds());
    peers(findings.peers(), json.putArray("peers"));
    neighbors(findings.neighbors(), json.putArray("neighbors"));
    routes(findings.counts(), json.putObject("routes"));
    coverage(findings.coverage(), json.putObject("coverage"));
    refusals(findings, json.putObject("refused"));
    comparisons(findings.comparisons(), json.putArray("whatif"));
    explanations(findings.explanations(), json.putArray("explain"));
    json.put("best_rows", findings.bestRows());
    return json.toPrettyString() + "\n";
  }

  private static void load(Findings.Load load, ObjectNode json) {
    json.put("records", load.records())
        .put("announcements", load.announcements())
        .put("withdrawals", load.withdrawals())
        .put("seconds", load.seconds())
        .put("paths_per_s", load.pathsPerSecond())
        .put("sessions_lost", load.sessionsLost())
        .put("unknown_records", load.unknownRecords())
        .put("unknown_peer_entries", load.unknownPeerEntries())
        .put("incomplete", load.incomplete());
    ObjectNode skipped = json.putObject("skipped");
    load.skipped().forEach(skipped::put);
    ArrayNode faults = json.putArray("malformed");
    for (Findings.Fault fault : load.faults()) {
      faults
          .addObject()
          .put("kind", fault.kind())
          .put("times", fault.times())
          .put("first", fault.first());
    }
  }

  private static void peers(List<Findings.PeerRow> peers, ArrayNode json) {
    for (Findings.PeerRow peer : peers) {
      json.addObject()
          .put("address", peer.address())
          .put("as", peer.asn())
          .put("neighbor", peer.neighbor())
          .put("reason", peer.reason())
          .put("paths", peer.paths());
    }
  }

  private static void neighbors(List<Findings.NeighborRow> neighbors, ArrayNode json) {
    for (Findings.NeighborRow neighbor : neighbors) {
      json.addObject()
          .put("name", neighbor.name())
          .put("relation", neighbor.relation())
          .put("as", neighbor.asn())
          .put("accepted", neighbor.accepted())
          .put("rejected", neighbor.rejected())
          .put("best", neighbor.best());
    }
  }

  private static void routes(Counts counts, ObjectNode json) {
    json.put("prefixes", counts.prefixes())
        .put("direct", counts.direct())
        .put("transit", counts.transit())
        .put("donut_ratio", counts.donutRatio())
        .put("protected", counts.protectedPrefixes())
        .put("paths", counts.paths())
        .put("accepted", counts.accepted())
        .put("attribute_sets", counts.attributeSets())
        .put("classes", counts.classes());
    ObjectNode prefixes = json.putObject("prefixes_by_relation");
    ObjectNode paths = json.putObject("paths_by_relation");
    for (Relation relation : Relation.values()) {
      prefixes.put(relation.word(), counts.prefixesByRelation().getOrDefault(relation, 0L));
      paths.put(relation.word(), counts.pathsByRelation().getOrDefault(relation, 0L));
    }
  }

  private static void coverage(Coverage coverage, ObjectNode json) {
    json.put("ipv4_addresses", coverage.ipv4Addresses())
        .put("ipv6_slash48s", coverage.ipv6Addresses().slash48s())
        .put("ipv6_slash64s", coverage.ipv6Addresses().slash64s())
        .put("defaults_ipv4", coverage.defaultsIpv4())
        .put("defaults_ipv6", coverage.defaultsIpv6());
    blocks("holes", coverage.holeCount(), coverage.holes(), json);
    blocks("single_exit", coverage.singleExitCount(), coverage.singleExit(), json);
    costLeaks(coverage, json.putObject("cost_leaks"));
    blocks("covered_holes", coverage.coveredHoleCount(), coverage.coveredHoles(), json);
    ArrayNode bypasses = json.putArray("bypasses");
    for (Coverage.Bypass bypass : coverage.bypasses()) {
      bypasses
          .addObject()
          .put("direct", bypass.direct())
          .put("transit", bypass.transit())
          .put("prefixes", bypass.prefixes())
          .put("ipv4_addresses", bypass.ipv4Addresses())
          .put("ipv6_slash48s", bypass.ipv6Addresses().slash48s())
          .put("ipv6_slash64s", bypass.ipv6Addresses().slash64s())
          .put("direct_price", bypass.directPrice())
          .put("transit_price", bypass.transitPrice());
    }
    ArrayNode losses = json.putArray("exit_losses");
    for (Coverage.ExitLoss loss : coverage.exitLosses()) {
      losses
          .addObject()
          .put("neighbor", loss.neighbor())
          .put("price", loss.price())
          .put("carries", loss.moved())
          .put("carries_ipv4_share", loss.movedIpv4Share())
          .put("carries_ipv6_share", loss.movedIpv6Share())
          .put("moved", loss.moved())
          .put("moved_ipv4_share", loss.movedIpv4Share())
          .put("lost", loss.lost())
          .put("lost_ipv4_share", loss.lostIpv4Share())
          .put("lost_ipv6_share", loss.lostIpv6Share());
    }
  }

  private static void costLeaks(Coverage coverage, ObjectNode json) {
    json.put("count", coverage.costLeakCount());
    ArrayNode largest = json.putArray("largest");
    for (Coverage.CostLeak leak : coverage.costLeaks()) {
      largest
          .addObject()
          .put("prefix", leak.prefix().toString())
          .put("reason", leak.reason())
          .put("exit", leak.direct())
          .put("cover", leak.cover().toString())
          .put("transit", leak.transit())
          .put("direct_price", leak.directPrice())
          .put("transit_price", leak.transitPrice());
    }
  }

  private static void blocks(
      String name, long count, List<Coverage.Block> blocks, ObjectNode json) {
    ObjectNode part = json.putObject(name);
    part.put("count", count);
    ArrayNode largest = part.putArray("largest");
    for (Coverage.Block block : blocks) {
      largest
          .addObject()
          .put("prefix", block.prefix().toString())
          .put("reason", block.reason())
          .put("exit", block.exit());
    }
  }

  private static void refusals(Findings findings, ObjectNode json) {
    findings.limits().forEach(json.putArray("limits")::add);
    ArrayNode reasons = json.putArray("reasons");
    for (Refusals.Refusal refusal : findings.refusals().refusals()) {
      ObjectNode one = reasons.addObject();
      one.put("reason", refusal.reason().word()).put("paths", refusal.paths());
      ArrayNode examples = one.putArray("examples");
      for (Refusals.Example example : refusal.examples()) {
        examples
            .addObject()
            .put("prefix", example.prefix().toString())
            .put("neighbor", example.neighbor())
            .put("as_path", example.path().toString());
      }
    }
    ObjectNode origins = json.putObject("origins");
    origins.put("payloads", findings.payloads());
    Map<OriginValidity, Long> counts = findings.refusals().origins();
    for (OriginValidity validity : OriginValidity.values()) {
      origins.put(validity.word(), counts.getOrDefault(validity, 0L));
    }
  }

  private static void comparisons(List<Findings.Comparison> comparisons, ArrayNode json) {
    for (Findings.Comparison comparison : comparisons) {
      ObjectNode one = json.addObject();
      one.put("change", comparison.change())
          .put("moved", comparison.moved())
          .put("lost", comparison.lost())
          .put("milliseconds", comparison.millis());
      world(comparison.before(), one.putObject("before"));
      world(comparison.after(), one.putObject("after"));
      ArrayNode shifts = one.putArray("shifts");
      for (WhatIf.Shift shift : comparison.shifts()) {
        shifts
            .addObject()
            .put("router", shift.router())
            .put("from", shift.from())
            .put("to", shift.to())
            .put("prefixes", shift.prefixes());
      }
    }
  }

  private static void world(World world, ObjectNode json) {
    json.put("prefixes", world.prefixes())
        .put("donut_ratio", world.donutRatio())
        .put("holes", world.holes())
        .put("single_exit", world.singleExits())
        .put("cost_leaks", world.costLeaks())
        .put("covered_holes", world.coveredHoles());
    world.byRelation().forEach(json.putObject("prefixes_by_relation")::put);
  }

  private static void explanations(List<Explanation> explanations, ArrayNode json) {
    for (Explanation explanation : explanations) {
      ObjectNode one = json.addObject();
      one.put("address", explanation.address().toString()).put("router", explanation.router());
      ArrayNode chain = one.putArray("chain");
      for (Explanation.Covering covering : explanation.chain()) {
        ObjectNode link = chain.addObject();
        link.put("prefix", covering.prefix().toString())
            .put("selected", covering.selection() == Explanation.Selection.SELECTED);
        ArrayNode paths = link.putArray("paths");
        covering.paths().forEach(path -> path(path, paths.addObject()));
      }
    }
  }

  private static void path(PathView path, ObjectNode json) {
    json.put("neighbor", path.neighbor())
        .put("relation", path.relation().word())
        .put("as_path", path.attributes().asPath().toString())
        .put("rank", path.rank())
        .put("rejected", path.rejected() == null ? null : path.rejected().word())
        .put("lost_at", path.lostAt() == null ? null : path.lostAt().word())
        .put("lost_to", path.lostTo());
  }
}

package net.donut.simulate;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import net.donut.core.Engine;
import net.donut.core.ValidatedPayloads;
import net.donut.core.answer.Counts;
import net.donut.core.answer.Coverage;
import net.donut.core.answer.Explanation;
import net.donut.core.answer.NeighborCounts;
import net.donut.core.policy.NeighborConfig;
import net.donut.model.IpAddress;
import net.donut.model.Relation;
import net.donut.simulate.Findings.NeighborRow;
import net.donut.simulate.Findings.PeerRow;
import org.jspecify.annotations.Nullable;

/// Loads dumps into an engine and asks it everything a report tells.
final class Simulation {
  /// How many of each list a report has.
  static final int LISTED = 20;

  private static final int EXAMPLES = 3;

  private final Question question;
  private final Progress progress;
  private final Engine engine;
  private final List<Explanation> explanations = new ArrayList<>();
  private VrpFile.Reading payloads = new VrpFile.Reading(ValidatedPayloads.NONE, 0, "");

  private Simulation(Question question, Progress progress, Engine engine) {
    this.question = question;
    this.progress = progress;
    this.engine = engine;
  }

  /// Every peer alike.
  static Findings plain(Question question, Progress progress) {
    EveryPeer peers = new EveryPeer();
    Simulation simulation = new Simulation(question, progress, peers.engine());
    List<Change> changes = new ArrayList<>();
    for (String text : question.changes()) {
      Change change = Change.parse(text);
      if (change instanceof Change.Add) {
        throw new BadInput(
            "what-if '"
                + text
                + "': every peer is a neighbor with --policy none (expected: cut ...)");
      }
      changes.add(change);
    }
    simulation.validate();
    LoadCounts counts = new Loader(peers, progress).load(question.dumps());
    List<PeerRow> rows = new ArrayList<>();
    return simulation.findings(
        "none",
        counts,
        () -> {
          peers
              .named()
              .forEach((name, peer) ->
                  rows.add(
                      new PeerRow(
                          peer.address().toString(),
                          peer.asn(),
                          name,
                          "",
                          simulation.heard(name))));
          return rows;
        },
        List.of(),
        neighbor -> neighbor == 0 ? null : peers.peer(neighbor),
        () -> new Comparisons(simulation.engine, progress).cuts(changes, peers.named()));
  }

  /// As a policy file says.
  static Findings of(Path file, Question question, Progress progress) {
    SimulationPolicy policy = SimulationPolicy.read(file);
    List<Change> changes = question.changes().stream().map(Change::parse).toList();
    PolicyPeers peers = new PolicyPeers(policy, changes);
    Simulation simulation = new Simulation(question, progress, peers.engine());
    simulation.validate();
    LoadCounts counts = new Loader(peers, progress).load(question.dumps());
    peers.checkAdded();
    List<String> limits = peers.enforceLimits();
    return simulation.findings(
        file.toString(),
        counts,
        peers::rows,
        limits,
        peers::peer,
        () -> new Comparisons(simulation.engine, progress).all(changes, peers));
  }

  /// What a kind of simulation has to tell once everything is decided.
  private interface Later<T> {
    T get();
  }

  private void validate() {
    Path vrps = question.vrps();
    if (vrps != null) {
      payloads = VrpFile.read(vrps);
      engine.validateOrigins(payloads.payloads());
    }
  }

  private Findings findings(
      String policy,
      LoadCounts load,
      Later<List<PeerRow>> peers,
      List<String> limits,
      java.util.function.IntFunction<@Nullable MrtPeer> peerOf,
      Later<List<Findings.Comparison>> comparisons) {
    progress.step("deciding");
    long begun = System.nanoTime();
    engine.commit();
    double decideSeconds = (System.nanoTime() - begun) / 1e9;
    String router = engine.policy().routers().getFirst().name();
    Path best = question.best();
    if (best != null) {
      progress.step("writing " + best);
    }
    long rows = best == null ? 0 : BestFile.write(best, engine, router, peerOf);
    question.addresses().forEach(address -> explanations.add(explain(address, router)));
    progress.step("judging the address space");
    return new Findings(
        policy,
        question.dumps().stream().map(Path::toString).toList(),
        load(load),
        peers.get(),
        neighbors(),
        engine.counts(),
        engine.coverage(LISTED),
        engine.refusals(EXAMPLES),
        payloads.payloads().size(),
        limits,
        comparisons.get(),
        explanations,
        decideSeconds,
        rows);
  }

  private long heard(String neighbor) {
    NeighborCounts counts = engine.neighborCounts(engine.neighbor(neighbor));
    return counts.accepted() + counts.rejected();
  }

  private Explanation explain(String text, String router) {
    try {
      return engine.explain(IpAddress.parse(text), router);
    } catch (IllegalArgumentException e) {
      throw new BadInput("--explain " + text + ": " + e.getMessage());
    }
  }

  private Findings.Load load(LoadCounts counts) {
    List<Findings.Fault> faults = new ArrayList<>();
    if (payloads.damaged() > 0) {
      faults.add(new Findings.Fault("payload", payloads.damaged(), payloads.firstDamaged()));
    }
    counts.complaints.forEach((kind, complaint) ->
        faults.add(new Findings.Fault(kind, complaint.times, complaint.first)));
    faults.sort(Comparator.comparingLong(Findings.Fault::times).reversed());
    return new Findings.Load(
        counts.records,
        counts.entries,
        counts.withdrawals,
        counts.seconds,
        counts.rate(),
        counts.sessionsLost,
        counts.unknownRecords,
        counts.unknownPeerEntries,
        faults,
        counts.skipped.counts(),
        counts.empty,
        counts.incomplete || payloads.damaged() > 0);
  }

  private List<NeighborRow> neighbors() {
    List<NeighborRow> rows = new ArrayList<>();
    for (NeighborConfig config : engine.policy().neighbors()) {
      NeighborCounts counts = engine.neighborCounts(engine.neighbor(config.name()));
      rows.add(
          new NeighborRow(
              config,
              config.name(),
              config.relation().word(),
              config.as(),
              counts.accepted(),
              counts.rejected(),
              counts.best()));
    }
    return rows;
  }

  /// The figures of the world as committed.
  static Findings.World world(Engine engine) {
    Counts counts = engine.counts();
    Coverage coverage = engine.coverage(0);
    Map<Relation, Long> ordered = new EnumMap<>(Relation.class);
    ordered.putAll(counts.prefixesByRelation());
    Map<String, Long> byRelation = new LinkedHashMap<>();
    ordered.forEach((relation, count) -> byRelation.put(relation.word(), count));
    return new Findings.World(
        counts.prefixes(),
        counts.donutRatio(),
        byRelation,
        coverage.holeCount(),
        coverage.singleExitCount(),
        coverage.costLeakCount(),
        coverage.coveredHoleCount());
  }
}

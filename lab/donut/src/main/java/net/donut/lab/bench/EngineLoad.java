package net.donut.lab.bench;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.stream.LongStream;
import net.donut.core.Engine;
import net.donut.core.answer.Counts;
import net.donut.core.answer.WhatIf;
import net.donut.core.policy.Filters;
import net.donut.core.policy.LinkConfig;
import net.donut.core.policy.LinkEnd;
import net.donut.core.policy.NeighborConfig;
import net.donut.core.policy.Policy;
import net.donut.core.policy.RouterConfig;
import net.donut.core.policy.SessionConfig;
import net.donut.core.policy.Timers;
import net.donut.lab.table.PathGenerator;
import net.donut.lab.table.PrefixList;
import net.donut.lab.table.RoutingTable.Announcement;
import net.donut.model.IpAddress;
import net.donut.model.PathAttributes;
import net.donut.model.Prefixes;
import net.donut.model.Relation;

/// The decision engine alone, under full feeds of the same prefixes: two routers, the first four
/// neighbors transits, the others peers, all with the whole table. Owned by the thread that runs
/// it.
final class EngineLoad {
  private static final int ROUNDS = 9;
  private static final long FIRST_AS = 64600;

  private final PrefixList list;
  private final int feeds;
  private final PathGenerator generator;
  private final Engine engine;

  EngineLoad(PrefixList list, int feeds, long seed) {
    this.list = list;
    this.feeds = feeds;
    generator = new PathGenerator(list.prefixes(), seed, Set.of());
    engine = new Engine(policy(feeds));
  }

  private static Policy policy(int feeds) {
    List<NeighborConfig> neighbors = new ArrayList<>();
    for (int n = 0; n < feeds; n++) {
      Relation relation =
          n < 4 ? Relation.TRANSIT : n % 2 == 0 ? Relation.PRIVATE_PEER : Relation.PUBLIC_PEER;
      neighbors.add(
          NeighborConfig.builder("n" + n, "edge" + (1 + n % 2), FIRST_AS + n, relation, "if" + n)
              .session(new SessionConfig(nextHop(n), null, 0))
              .build());
    }
    LinkConfig link =
        new LinkConfig(
            "edge1-edge2",
            10,
            new LinkEnd("edge1", "edge2", IpAddress.parse("100.64.12.1"), null),
            new LinkEnd("edge2", "edge1", IpAddress.parse("100.64.12.2"), null));
    return new Policy(
        64500,
        List.of(),
        List.of(
            new RouterConfig("edge1", "a:1", IpAddress.parse("10.0.0.1")),
            new RouterConfig("edge2", "b:1", IpAddress.parse("10.0.0.2"))),
        List.of(link),
        neighbors,
        Filters.NONE,
        Timers.DEFAULT);
  }

  private static IpAddress nextHop(int neighbor) {
    return IpAddress.ofIpv4(0x6440_0002 + neighbor * 4);
  }

  /// Loads everything and measures.
  List<Measurement> measure() {
    long empty = heapBytes();
    double loadMillis = 0;
    long paths = 0;
    for (int n = 0; n < feeds; n++) {
      List<Announce> table = table(n);
      int neighbor = engine.neighbor("n" + n);
      loadMillis +=
          Rounds.millis(() ->
              table.forEach(entry -> engine.announce(neighbor, entry.prefixes, entry.attributes)));
      paths += list.prefixes().size();
    }
    double firstCommitMillis = Rounds.millis(engine::commit);
    double heapBytes = heapBytes() - empty;
    Counts counts = engine.counts();
    List<Measurement> figures = new ArrayList<>();
    figures.add(new Measurement("prefixes", "prefixes", counts.prefixes()));
    figures.add(new Measurement("paths", "paths", paths));
    figures.add(new Measurement("attribute_sets", "attribute sets", counts.attributeSets()));
    figures.add(new Measurement("classes", "classes", counts.classes()));
    figures.add(
        new Measurement(
            "ingest_paths_per_s", "paths taken in a second, first time", paths / loadMillis * 1e3));
    figures.add(new Measurement("first_commit_ms", "first decision of all, ms", firstCommitMillis));
    figures.add(new Measurement("heap_mb", "heap, MB", heapBytes / (1 << 20)));
    figures.add(new Measurement("bytes_per_path", "bytes a path, all in", heapBytes / paths));
    figures.add(
        new Measurement(
            "bytes_per_prefix", "bytes a prefix, all in", heapBytes / counts.prefixes()));
    figures.addAll(decisions());
    return figures;
  }

  private record Announce(Prefixes prefixes, PathAttributes attributes) {}

  /// A table as its neighbor announces it, made before the clock runs.
  private List<Announce> table(int neighbor) {
    List<Announce> table = new ArrayList<>();
    for (Announcement entry : generator.feed(FIRST_AS + neighbor)) {
      PathAttributes attributes = entry.attributes();
      table.add(
          new Announce(
              entry.prefixes(),
              attributes.toBuilder()
                  .asPath(attributes.asPath().prepend(FIRST_AS + neighbor, 1))
                  .nextHop(nextHop(neighbor))
                  .build()));
    }
    return table;
  }

  private List<Measurement> decisions() {
    double[] judge = new double[ROUNDS];
    double[] recompute = new double[ROUNDS];
    for (int round = 0; round < ROUNDS; round++) {
      judge[round] = Rounds.millis(() -> engine.applyPolicy(engine.policy()));
      recompute[round] = Rounds.millis(engine::commit);
    }
    Runnable cut = () -> engine.whatIf(List.of(new WhatIf.Change.CutNeighbor("n0")));
    double firstCut = Rounds.millis(cut);
    return List.of(
        new Measurement(
            "judge_ms", "policy's verdict on every attribute set anew, ms", Rounds.median(judge)),
        new Measurement("recompute_ms", "every prefix decided anew, ms", Rounds.median(recompute)),
        new Measurement("whatif_first_ms", "what-if of a cut neighbor, first time, ms", firstCut),
        new Measurement(
            "whatif_ms", "what-if of a cut neighbor, ms", Rounds.medianMillis(ROUNDS, cut)));
  }

  private static long heapBytes() {
    // Once is not enough for the collector to say what is left.
    LongStream.range(0, 3).forEach(_ -> System.gc());
    Runtime runtime = Runtime.getRuntime();
    return runtime.totalMemory() - runtime.freeMemory();
  }
}

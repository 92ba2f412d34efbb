package net.donut.core;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import net.donut.core.policy.Filters;
import net.donut.core.policy.LinkConfig;
import net.donut.core.policy.LinkEnd;
import net.donut.core.policy.NeighborConfig;
import net.donut.core.policy.Policy;
import net.donut.core.policy.RouterConfig;
import net.donut.core.policy.SessionConfig;
import net.donut.core.policy.Timers;
import net.donut.model.AsPath;
import net.donut.model.Communities;
import net.donut.model.Family;
import net.donut.model.IpAddress;
import net.donut.model.Origin;
import net.donut.model.PathAttributes;
import net.donut.model.Prefixes;
import net.donut.model.Relation;

/// Loads a full table from several feeds and prints how long things take and what they weigh. Not a
/// test: run `main` with the number of prefixes and of feeds, and a fixed heap.
public final class EngineBenchmark {
  private static final int GROUPS = 65_000;
  private static final int ROUNDS = 10;

  private final int prefixCount;
  private final int feeds;
  private final Engine engine;
  private final int[] addresses;
  private final int[] groupOf;
  private long paths;

  private EngineBenchmark(int prefixCount, int feeds) {
    this.prefixCount = prefixCount;
    this.feeds = feeds;
    engine = new Engine(policy(feeds));
    addresses = new int[prefixCount];
    groupOf = new int[prefixCount];
    Random random = new Random(1);
    int group = 0;
    int left = 0;
    for (int i = 0; i < prefixCount; i++) {
      addresses[i] = (1 << 24) + (i << 8);
      if (left == 0) {
        group = random.nextInt(GROUPS);
        left = 1 + random.nextInt(2 * Math.max(1, prefixCount / GROUPS));
      }
      groupOf[i] = group;
      left--;
    }
  }

  /// Two routers, transits and peers in turn.
  private static Policy policy(int feeds) {
    List<NeighborConfig> neighbors = new ArrayList<>();
    for (int n = 0; n < feeds; n++) {
      Relation relation =
          n < 4 ? Relation.TRANSIT : n % 2 == 0 ? Relation.PRIVATE_PEER : Relation.PUBLIC_PEER;
      neighbors.add(
          NeighborConfig.builder("n" + n, "edge" + (1 + n % 2), 64600 + n, relation, "if" + n)
              .session(new SessionConfig(IpAddress.ofIpv4(0x64400002 + n * 4), null, 0))
              .build());
    }
    LinkConfig link =
        new LinkConfig(
            "edge1-edge2",
            10,
            new LinkEnd("edge1", "edge2", IpAddress.parse("100.64.12.1"), null),
            new LinkEnd("edge2", "edge1", IpAddress.parse("100.64.12.2"), null));
    neighbors.add(
        NeighborConfig.builder("customer", "edge2", 64700, Relation.CUSTOMER, "customer")
            .session(new SessionConfig(IpAddress.parse("100.64.200.2"), null, 0))
            .build());
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

  /// One neighbor's table: 65,000 distinct paths, a fifth with MED, most with communities. Peers
  /// send four fifths of the groups.
  private void load(int neighbor) {
    Random random = new Random(neighbor);
    Map<Integer, PathAttributes> sets = new HashMap<>();
    int number = engine.neighbor("n" + neighbor);
    Prefixes.Builder batch = new Prefixes.Builder(Family.IPV4);
    int batchGroup = -1;
    for (int i = 0; i <= prefixCount; i++) {
      int group = i == prefixCount ? -1 : groupOf[i];
      if (group != batchGroup) {
        if (batch.size() > 0 && (neighbor < 4 || batchGroup % 5 != neighbor % 5)) {
          PathAttributes set =
              sets.computeIfAbsent(batchGroup, g -> attributes(neighbor, g, random));
          Prefixes prefixes = batch.build();
          engine.announce(number, prefixes, set);
          paths += prefixes.size();
        }
        batch = new Prefixes.Builder(Family.IPV4);
        batchGroup = group;
      }
      if (i < prefixCount) {
        batch.add((long) addresses[i] << 32, 0, 24);
      }
    }
  }

  private static PathAttributes attributes(int neighbor, int group, Random random) {
    int length = 2 + Math.min(6, (int) Math.abs(random.nextGaussian() * 1.5 + 2));
    long[] path = new long[length];
    path[0] = 64600L + neighbor;
    for (int i = 1; i < length - 1; i++) {
      path[i] = 1000L + random.nextInt(3000);
    }
    path[length - 1] = 100_000L + group;
    PathAttributes.Builder builder =
        PathAttributes.builder(
            random.nextInt(20) == 0 ? Origin.INCOMPLETE : Origin.IGP,
            AsPath.of(path),
            IpAddress.ofIpv4(0x64400002 + neighbor * 4));
    if (random.nextInt(5) == 0) {
      builder.med(random.nextInt(50));
    }
    int communities = random.nextInt(5);
    int[] values = new int[communities];
    for (int i = 0; i < communities; i++) {
      values[i] = (64600 + neighbor) << 16 | random.nextInt(200);
    }
    return builder.communities(Communities.of(values)).build();
  }

  private void run() {
    long empty = heap();
    long start = System.nanoTime();
    for (int n = 0; n < feeds; n++) {
      load(n);
    }
    long loaded = System.nanoTime();
    Delta first = engine.commit();
    long committed = System.nanoTime();
    System.out.printf(
        "prefixes=%d paths=%d load_ms=%d ingest_paths_per_s=%d first_commit_ms=%d%n",
        prefixCount,
        paths,
        (loaded - start) / 1_000_000,
        paths * 1_000_000_000L / (loaded - start),
        (committed - loaded) / 1_000_000);
    System.out.printf(
        "first delta: %d routers, %d export blocks%n",
        first.routers().size(), first.exports().size());
    first = new Delta(0, List.of(), List.of(), first.moved());
    long full = heap() - empty;
    Counts counts = engine.counts();
    System.out.printf(
        "heap_mb=%d bytes_per_path=%.1f bytes_per_prefix=%.1f attribute_sets=%d classes=%d%n",
        full >> 20,
        (double) full / paths,
        (double) full / prefixCount,
        counts.attributeSets(),
        counts.classes());
    System.out.printf("moved=%d%n", first.moved());
    Policy policy = engine.policy();
    for (int round = 0; round < ROUNDS; round++) {
      long before = System.nanoTime();
      engine.applyPolicy(policy);
      long judged = System.nanoTime();
      engine.commit();
      long decided = System.nanoTime();
      System.out.printf(
          "judge_ms=%.1f recompute_ms=%.1f%n", (judged - before) / 1e6, (decided - judged) / 1e6);
    }
    measure("whatif_cut_n0", () -> engine.whatIf(List.of(new WhatIf.Change.CutNeighbor("n0"))));
    measure(
        "cut_and_restore_n0",
        () -> {
          engine.setInterface("edge1", "if0", InterfaceState.DOWN);
          engine.commit();
          engine.setInterface("edge1", "if0", InterfaceState.UP);
          engine.commit();
        });
    measure("counts", engine::counts);
    measure("coverage", () -> engine.coverage(10));
    measure(
        "clear_n1",
        () -> {
          engine.clear(engine.neighbor("n1"), Family.IPV4);
          engine.commit();
        });
  }

  private static void measure(String what, Runnable work) {
    StringBuilder line = new StringBuilder(what).append("_ms=");
    for (int round = 0; round < 5; round++) {
      long before = System.nanoTime();
      work.run();
      line.append(String.format("%.1f ", (System.nanoTime() - before) / 1e6));
    }
    System.out.println(line);
  }

  private static long heap() {
    for (int i = 0; i < 3; i++) {
      System.gc();
    }
    Runtime runtime = Runtime.getRuntime();
    return runtime.totalMemory() - runtime.freeMemory();
  }

  /// Arguments: prefixes (1000000), feeds (10).
  public static void main(String[] arguments) {
    int prefixes = arguments.length > 0 ? Integer.parseInt(arguments[0]) : 1_000_000;
    int feeds = arguments.length > 1 ? Integer.parseInt(arguments[1]) : 10;
    new EngineBenchmark(prefixes, feeds).run();
  }
}

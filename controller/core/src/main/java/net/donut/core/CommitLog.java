package net.donut.core;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import net.donut.core.change.ExportBlock;
import net.donut.core.change.OverrideEnd;
import net.donut.core.change.RouteBlock;
import net.donut.model.Family;
import net.donut.model.PathAttributes;
import net.donut.model.Prefixes;
import net.donut.model.table.PrefixTable;

/// Collects what a commit changes in routes and exports, packed, until it ends. Owned by the
/// engine's thread.
final class CommitLog {
  /// Prefixes of one family with their groups at one router and stage.
  private static final class Block {
    private final Prefixes.Builder prefixes;
    private long[] groups = new long[16];

    Block(Family family) {
      prefixes = new Prefixes.Builder(family);
    }

    void add(PrefixTable table, int slot, long group) {
      int at = prefixes.size();
      if (at == groups.length) {
        groups = Arrays.copyOf(groups, at * 2);
      }
      groups[at] = group;
      prefixes.add(table.high(slot), table.low(slot), table.length(slot));
    }

    RouteBlock build(int stage) {
      int size = prefixes.size();
      return new RouteBlock(stage, prefixes.build(), Arrays.copyOf(groups, size));
    }
  }

  private record BlockKey(int stage, Family family) implements Comparable<BlockKey> {
    @Override
    public int compareTo(BlockKey other) {
      return stage != other.stage
          ? Integer.compare(stage, other.stage)
          : family.compareTo(other.family);
    }
  }

  /// Who is told, whose path it is, and its attributes (0: withdrawn).
  private record Told(Family family, int to, int from, int attributes) {}

  private final List<TreeMap<BlockKey, Block>> routes = new ArrayList<>();
  private final List<List<OverrideEnd>> overrideEnds = new ArrayList<>();
  private final Map<Told, Prefixes.Builder> told = new LinkedHashMap<>();
  private final Map<Told, PathAttributes> rewritten = new LinkedHashMap<>();
  private final Map<Integer, String> names = new LinkedHashMap<>();
  private final List<ExportBlock> exports = new ArrayList<>();
  long moved;

  CommitLog(int routers) {
    for (int router = 0; router < routers; router++) {
      routes.add(new TreeMap<>());
      overrideEnds.add(new ArrayList<>());
    }
  }

  void route(int router, int stage, PrefixTable table, int slot, long group) {
    routes
        .get(router)
        .computeIfAbsent(new BlockKey(stage, table.family()), key -> new Block(table.family()))
        .add(table, slot, group);
  }

  void announce(Exporter exporter, int to, int from, int attributes, PrefixTable table, int slot) {
    Told key = new Told(table.family(), to, from, attributes);
    Prefixes.Builder prefixes = told.get(key);
    if (prefixes == null) {
      prefixes = new Prefixes.Builder(table.family());
      told.put(key, prefixes);
      rewritten.put(key, exporter.rewritten(to, from, attributes));
      names.put(to, exporter.name(to));
    }
    prefixes.add(table.high(slot), table.low(slot), table.length(slot));
  }

  void withdraw(String name, int to, PrefixTable table, int slot) {
    names.put(to, name);
    told.computeIfAbsent(
            new Told(table.family(), to, 0, 0), key -> new Prefixes.Builder(table.family()))
        .add(table.high(slot), table.low(slot), table.length(slot));
  }

  void export(ExportBlock block) {
    exports.add(block);
  }

  void overrideEnd(int router, OverrideEnd end) {
    overrideEnds.get(router).add(end);
  }

  List<OverrideEnd> overrideEnds(int router) {
    return overrideEnds.get(router);
  }

  List<RouteBlock> routes(int router) {
    List<RouteBlock> blocks = new ArrayList<>();
    routes.get(router).forEach((key, block) -> blocks.add(block.build(key.stage())));
    return blocks;
  }

  List<ExportBlock> exports() {
    List<ExportBlock> all = new ArrayList<>();
    told.forEach((key, prefixes) -> {
      String name = names.getOrDefault(key.to(), "");
      PathAttributes attributes = rewritten.get(key);
      all.add(
          attributes == null
              ? new ExportBlock.Withdraw(name, prefixes.build())
              : new ExportBlock.Announce(name, prefixes.build(), attributes));
    });
    all.addAll(exports);
    return all;
  }
}

package net.donut.simulate;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import net.donut.core.answer.Counts;
import net.donut.core.answer.Coverage;
import net.donut.core.answer.Explanation;
import net.donut.core.answer.Refusals;
import net.donut.core.answer.WhatIf;
import net.donut.core.policy.NeighborConfig;
import org.jspecify.annotations.Nullable;

/// Everything a simulation found, for the reports. `policy` is the file, or `none`.
record Findings(
    String policy,
    List<String> dumps,
    Load load,
    List<PeerRow> peers,
    List<NeighborRow> neighbors,
    Counts counts,
    Coverage coverage,
    Refusals refusals,
    long payloads,
    List<String> limits,
    List<Comparison> comparisons,
    List<Explanation> explanations,
    double decideSeconds,
    long bestRows) {

  Findings {
    dumps = List.copyOf(dumps);
    peers = List.copyOf(peers);
    neighbors = List.copyOf(neighbors);
    limits = List.copyOf(limits);
    comparisons = List.copyOf(comparisons);
    explanations = List.copyOf(explanations);
  }

  boolean isPlain() {
    return policy.equals("none");
  }

  /// What was read.
  ///
  /// @param faults malformed attributes and records, by kind
  /// @param skipped what was left out on purpose, by kind
  /// @param empty a line for each dump without a record
  /// @param incomplete whether routes of a dump, or rows of another input, were left out for faults
  record Load(
      long records,
      long announcements,
      long withdrawals,
      double seconds,
      double pathsPerSecond,
      long sessionsLost,
      long unknownRecords,
      long unknownPeerEntries,
      List<Fault> faults,
      Map<String, Long> skipped,
      List<String> empty,
      boolean incomplete) {
    Load {
      faults = List.copyOf(faults);
      skipped = Collections.unmodifiableMap(new LinkedHashMap<>(skipped));
      empty = List.copyOf(empty);
    }
  }

  /// A kind of malformed input, how often, and the first case.
  record Fault(String kind, long times, String first) {}

  /// A peer of the dumps: who it is here, empty when it is left out, and why.
  record PeerRow(String address, long asn, String neighbor, String reason, long paths) {}

  /// A neighbor: what was heard of it, what it is best for.
  record NeighborRow(
      @Nullable NeighborConfig config,
      String name,
      String relation,
      long asn,
      long accepted,
      long rejected,
      long best) {}

  /// The figures of a world that can be compared.
  record World(
      long prefixes,
      double donutRatio,
      Map<String, Long> byRelation,
      long holes,
      long singleExits,
      long costLeaks,
      long coveredHoles) {}

  /// Another world beside the one that is: what moves, and the figures of both.
  record Comparison(
      String change,
      World before,
      World after,
      long moved,
      long lost,
      List<WhatIf.Shift> shifts,
      double millis) {
    Comparison {
      shifts = List.copyOf(shifts);
    }

    /// Whether the other world has routes that this one has not.
    boolean adds() {
      return after.prefixes() > before.prefixes() || moved > 0;
    }
  }
}

package net.donut.core.answer;

import java.util.Map;

/// How many paths were heard from a neighbor; `best` counts the prefixes whose best path at the
/// neighbor's own router it is, right now.
public record NeighborCounts(
    String neighbor, long accepted, long rejected, long best, Map<RejectReason, Long> rejects) {
  public NeighborCounts {
    rejects = Map.copyOf(rejects);
  }
}

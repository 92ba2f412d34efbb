package net.donut.core.answer;

import java.util.List;

/// How well packets are served: the counts, why there are holes, what was lost with neighbors, and
/// the default routes of transits, by session: those that can be used, and all that were announced,
/// by lost transits too.
public record Health(
    Counts counts,
    List<Coverage.HoleCause> holeCauses,
    Loss loss,
    int defaults,
    int defaultsKnown) {
  public Health {
    holeCauses = List.copyOf(holeCauses);
  }
}

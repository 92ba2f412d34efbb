package net.donut.core.answer;

import java.util.List;

/// What a change would do to the network as it is now: for each router, prefixes by the neighbor
/// they leave and the one they go to.
public record WhatIf(List<Shift> shifts, long moved, long lost) {
  public WhatIf {
    shifts = List.copyOf(shifts);
  }

  /// Prefixes of a router that move; `to` is empty for those that would not be forwarded.
  public record Shift(String router, String from, String to, long prefixes) {}

  /// A change to ask about.
  public sealed interface Change {
    /// A neighbor can no longer be reached, in both families.
    record CutNeighbor(String neighbor) implements Change {}

    /// An internal link is cut.
    record CutLink(String link) implements Change {}
  }
}

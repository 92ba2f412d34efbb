package net.donut.core.answer;

import net.donut.core.decision.Step;
import net.donut.model.PathAttributes;
import net.donut.model.Relation;
import org.jspecify.annotations.Nullable;

/// One path of a prefix as one router sees it.
///
/// `rank` is 0 for the best, 1 and 2 for the other two of the exit list, -1 for the rest, and for
/// every path that is not usable. A rejected path has `rejected` and the `evidence` for it, what
/// was found and what was expected, which is empty for others; an accepted one that is not the best
/// has the step at which it lost, the neighbor it lost to and a text with both values, if it lost
/// by the decision.
public record PathView(
    String neighbor,
    String router,
    Relation relation,
    PathAttributes attributes,
    Liveness liveness,
    int rank,
    @Nullable RejectReason rejected,
    String evidence,
    @Nullable Step lostAt,
    @Nullable String lostTo,
    String lostText) {

  /// Whether packets can leave by the path now.
  public enum Liveness {
    USABLE,
    /// The session is lost; the path is kept for its return.
    STALE,
    /// The interface towards the neighbor is down.
    INTERFACE_DOWN,
    /// The next hop does not answer for its hardware address.
    SILENT,
    /// No internal links lead to the neighbor's router.
    UNREACHABLE
  }

  public PathView {
    rank = liveness == Liveness.USABLE ? rank : -1;
  }

  /// Whether the path is accepted and kept, and can carry nothing now.
  public boolean isHeld() {
    return rejected == null && liveness != Liveness.USABLE;
  }

  /// Why it was rejected, as operators read it: the reason and its evidence; empty when it was not.
  public String refusal() {
    return rejected == null ? "" : rejected.word() + ": " + evidence;
  }

  public boolean isBest() {
    return rank == 0;
  }
}

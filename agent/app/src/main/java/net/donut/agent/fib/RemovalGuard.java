package net.donut.agent.fib;

import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// What keeps a mistaken controller from emptying a router: the removal budget, and who may end a
/// synchronization. Owned by `agent-fib`.
public final class RemovalGuard {
  /*
   * Missing is not empty. A controller that lost its state, reads a wrong policy or has a bug asks for
   * the removal of routes that are still good. So an agent that is configured by a controller counts,
   * by table, what it is asked to remove, and refuses what goes beyond a share of it within a window,
   * until an operator says otherwise.
   *
   *   free       a removal that the controller explains: the neighbors withdrew the route from it
   *   counted    every other, and the sweep of adopted routes nobody asked for again
   *   refused    what exceeds the budget, and an unexplained removal of a default route
   *
   * A refusal renews the window, so that a controller that keeps asking does not empty the table one
   * share a minute; once it stops asking, the budget is whole again after a window.
   */

  /// Whether a controller says why a route goes.
  public enum Reason {
    /// The neighbors withdrew it, or the session to them is lost.
    WITHDRAWN,
    UNEXPLAINED
  }

  static final int LEAST_ROUTES = 1000;
  static final Duration WINDOW = Duration.ofSeconds(60);

  private final int percent;
  private final Map<RouteTable, Window> windows = new HashMap<>();
  private final List<String> notices = new ArrayList<>();
  private boolean enforced;
  private boolean allowed;
  private long allowedUntilNanos;
  private long refused;
  private long electionHigh;
  private long electionLow;

  private static final class Window {
    long endNanos;
    long present;
    long taken;
    boolean told;
  }

  /// @param percent the share of a table that may go within a window, 1..100; 100 for all
  public RemovalGuard(int percent) {
    this.percent = percent;
  }

  /// From now on the budget holds: a controller of ours configures this agent.
  public void enforce() {
    enforced = percent < 100;
  }

  public boolean isEnforced() {
    return enforced;
  }

  /// Lets everything go for a while, on the word of an operator. Returns how many removals were
  /// refused so far.
  public long allow(Duration time, long nowNanos) {
    allowed = true;
    allowedUntilNanos = nowNanos + time.toNanos();
    windows.clear();
    notices.add("removals: allowed by the operator for " + time.toSeconds() + " s");
    return refused;
  }

  private boolean isAllowed(long nowNanos) {
    allowed &= nowNanos - allowedUntilNanos < 0;
    return allowed || !enforced;
  }

  /// Takes the removal of one route from the budget. Returns why it may not go, or null.
  public @Nullable String objection(RouteTable table, int slot, Reason reason, long nowNanos) {
    if (reason == Reason.WITHDRAWN || isAllowed(nowNanos)) {
      return null;
    }
    if (table.prefixes().length(slot) == 0) {
      refused++;
      return tell(
          window(table, table.intended(), nowNanos),
          "%s: the default route, and not withdrawn by its neighbors"
              .formatted(table.prefix(slot)));
    }
    return take(table, 1, table.intended(), nowNanos);
  }

  /// Takes the removal of many routes of a table from the budget, all or none.
  @Nullable String take(RouteTable table, long count, long present, long nowNanos) {
    if (isAllowed(nowNanos)) {
      return null;
    }
    Window window = window(table, present, nowNanos);
    if (window.present < LEAST_ROUTES || window.taken + count <= window.present * percent / 100) {
      window.taken += count;
      return null;
    }
    refused += count;
    window.endNanos = nowNanos + WINDOW.toNanos();
    return tell(
        window,
        "removal of more than %d %% of %d %s routes of %s within %d s"
            .formatted(
                percent,
                window.present,
                table.family(),
                table.instance().name(),
                WINDOW.toSeconds()));
  }

  private Window window(RouteTable table, long present, long nowNanos) {
    Window window = windows.get(table);
    if (window == null || nowNanos - window.endNanos >= 0) {
      window = new Window();
      window.endNanos = nowNanos + WINDOW.toNanos();
      window.present = present;
      windows.put(table, window);
    }
    return window;
  }

  private String tell(Window window, String what) {
    String text = "refused: " + what + " (expected: less; donut allow-removal ROUTER lets it go)";
    if (!window.told) {
      window.told = true;
      notices.add(text);
    }
    return text;
  }

  /// Removals refused since the start.
  public long refused() {
    return refused;
  }

  /// A client with this election id writes from now on.
  public void primary(long high, long low) {
    electionHigh = high;
    electionLow = low;
  }

  boolean isPrimary(long high, long low) {
    return high == electionHigh && low == electionLow;
  }

  /// What the operator shall read, once.
  List<String> takeNotices() {
    List<String> taken = List.copyOf(notices);
    notices.clear();
    return taken;
  }
}

package net.donut.agent.fib;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import net.donut.model.Prefix;

/// What others did to our kernel state: counted, told in at most a few lines a tick, and when the
/// next audit is due. Owned by `agent-fib`.
final class Drift {
  private static final Duration AUDIT_EVERY = Duration.ofSeconds(60);
  /* An audit may take this share of the time at most: one part in so many. */
  private static final int AUDIT_SHARE = 50;

  private final FibOptions options;
  private final List<String> conflicts = new ArrayList<>();
  private long repaired;
  private long routesSince;
  private String firstRoute = "";
  private int objectsSince;
  private int conflictsSince;
  private boolean auditWanted;
  private long lastAuditNanos = System.nanoTime();

  Drift(FibOptions options) {
    this.options = options;
  }

  long repaired() {
    return repaired;
  }

  void routeRepaired(RouteTable table, Prefix prefix) {
    repaired++;
    if (routesSince++ == 0) {
      firstRoute = prefix + " of " + table.instance();
    }
  }

  void objectsRepaired(int count) {
    repaired += count;
    objectsSince += count;
  }

  void conflict(String text) {
    if (conflictsSince++ < 3) {
      conflicts.add(text);
    }
  }

  void auditNow() {
    auditWanted = true;
  }

  /// Whether an audit is due; asking begins it.
  boolean takeAuditDue(long nowNanos, Duration lastTook) {
    long pause = Math.max(AUDIT_EVERY.toNanos(), lastTook.toNanos() * AUDIT_SHARE);
    boolean due = auditWanted || nowNanos - lastAuditNanos >= pause;
    if (due) {
      auditWanted = false;
      lastAuditNanos = nowNanos;
    }
    return due;
  }

  /// What happened since the last call, as lines for the operator.
  List<String> notices() {
    List<String> lines = new ArrayList<>(conflicts);
    if (conflictsSince > conflicts.size()) {
      lines.add("route conflicts: " + conflictsSince + " in all");
    }
    if (routesSince > 0) {
      lines.add(
          "drift: routes that others removed or changed, put right: "
              + routesSince
              + " (first: "
              + firstRoute
              + ", protocol "
              + options.protocol()
              + ")");
    }
    if (objectsSince > 0) {
      lines.add("drift: next hops and groups that were not as intended: " + objectsSince);
    }
    conflicts.clear();
    conflictsSince = 0;
    routesSince = 0;
    objectsSince = 0;
    return lines;
  }
}

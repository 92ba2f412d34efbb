package net.donut.controller.rib;

import java.util.concurrent.TimeUnit;
import net.donut.controller.southbound.Report;

/// Whether the intent is complete enough to be sent: after a start of the controller, what an agent
/// has is left alone until every session was heard, or the grace is over. When no agent has
/// anything, there is nothing to lose. Owned by `rib`.
final class InitialSync {
  static final long GRACE_NANOS = TimeUnit.SECONDS.toNanos(30);
  private static final long UNREACHABLE_NANOS = TimeUnit.SECONDS.toNanos(3);

  private final long started;
  private boolean complete;

  InitialSync(long now) {
    started = now;
  }

  boolean isComplete() {
    return complete;
  }

  /// Looks again. Returns whether it became complete now.
  boolean look(Iterable<AgentRecord> agents, SessionTable sessions, long now) {
    if (complete) {
      return false;
    }
    long age = now - started;
    complete = age >= GRACE_NANOS || isHeard(agents, sessions, age);
    return complete;
  }

  private static boolean isHeard(Iterable<AgentRecord> agents, SessionTable sessions, long age) {
    boolean anyEntries = false;
    boolean anyGone = false;
    for (AgentRecord agent : agents) {
      boolean gone = agent.progress().phase() == Report.Phase.UNREACHABLE;
      if (!gone && (agent.inventory() < 0 || !agent.isStateKnown())) {
        return false;
      }
      anyGone |= gone;
      anyEntries |= agent.inventory() > 0;
    }
    if (anyGone && (anyEntries || age < UNREACHABLE_NANOS)) {
      return false;
    }
    return !anyEntries || areSessionsHeard(agents, sessions);
  }

  private static boolean areSessionsHeard(Iterable<AgentRecord> agents, SessionTable sessions) {
    for (AgentRecord agent : agents) {
      for (SessionTable.Session session : sessions.at(agent.router())) {
        boolean heard =
            switch (session.liveness) {
              case UNKNOWN -> false;
              case UP -> session.complete;
              case DOWN, RESTARTING -> true;
            };
        if (!heard) {
          return false;
        }
      }
    }
    return true;
  }

  /// When time alone makes it complete.
  long nextLook(long now) {
    if (complete) {
      return Long.MAX_VALUE;
    }
    long age = now - started;
    return started + (age < UNREACHABLE_NANOS ? UNREACHABLE_NANOS : GRACE_NANOS);
  }
}

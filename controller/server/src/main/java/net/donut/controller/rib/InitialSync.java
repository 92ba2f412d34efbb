package net.donut.controller.rib;

import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.concurrent.TimeUnit;
import net.donut.controller.southbound.Report;

/// Which agents may be made equal to the intent. After a start of the controller, what an agent has
/// is left alone until every session was heard, or its grace is over; when no agent has anything,
/// there is nothing to lose. An agent that is not there by then is left alone until its own
/// sessions were heard. Owned by `rib`.
final class InitialSync {
  private static final long UNREACHABLE_NANOS = TimeUnit.SECONDS.toNanos(3);

  private final long started;
  private boolean complete;

  InitialSync(long now) {
    started = now;
  }

  /// Whether decisions go out at all.
  boolean isComplete() {
    return complete;
  }

  /// Looks again. Returns the agents that may be made equal to the intent from now on.
  List<AgentRecord> look(Collection<AgentRecord> agents, SessionTable sessions, long now) {
    complete = complete || isTimeFor(agents, sessions, now);
    List<AgentRecord> released = new ArrayList<>();
    for (AgentRecord agent : agents) {
      if (complete
          && !agent.isReleased()
          && !isGone(agent)
          && isReady(agent, sessions, agent.hasRoutes(), now)) {
        agent.release();
        released.add(agent);
      }
    }
    return released;
  }

  private boolean isTimeFor(Collection<AgentRecord> agents, SessionTable sessions, long now) {
    boolean anyRoutes = agents.stream().anyMatch(AgentRecord::hasRoutes);
    for (AgentRecord agent : agents) {
      boolean ready =
          isGone(agent)
              ? now - started >= (anyRoutes ? SessionWait.LEAST_NANOS : UNREACHABLE_NANOS)
              : isReady(agent, sessions, anyRoutes, now);
      if (!ready) {
        return false;
      }
    }
    return true;
  }

  private static boolean isGone(AgentRecord agent) {
    return agent.progress().phase() == Report.Phase.UNREACHABLE;
  }

  private static boolean isReady(
      AgentRecord agent, SessionTable sessions, boolean anythingToLose, long now) {
    return agent.isGraceOver(now)
        || (agent.isKnown() && (!anythingToLose || areHeard(sessions.at(agent.router()))));
  }

  private static boolean areHeard(List<SessionTable.Session> sessions) {
    for (SessionTable.Session session : sessions) {
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
    return true;
  }

  /// When time alone lets an agent go.
  long nextLook(Collection<AgentRecord> agents, long now) {
    long soonest = Long.MAX_VALUE;
    for (long age : new long[] {UNREACHABLE_NANOS, SessionWait.LEAST_NANOS}) {
      if (!complete && now - started < age) {
        soonest = Math.min(soonest, started + age);
      }
    }
    for (AgentRecord agent : agents) {
      if (!agent.isReleased()) {
        soonest = Math.min(soonest, agent.graceEnds());
      }
    }
    return soonest;
  }
}

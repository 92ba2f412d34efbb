package net.donut.controller.rib;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.TimeUnit;
import net.donut.api.agent.v1.FibCounters;
import net.donut.api.agent.v1.HelloResponse;
import net.donut.api.agent.v1.LinkState;
import net.donut.api.agent.v1.MalformedRoute;
import net.donut.api.agent.v1.SessionState;
import net.donut.controller.policy.PolicyDocument.NeighborEntry;
import net.donut.controller.southbound.AgentDriver;
import net.donut.controller.southbound.Report;
import net.donut.controller.southbound.SessionName;
import net.donut.core.answer.NeighborCounts;
import net.donut.model.Family;
import net.donut.model.Prefix;
import org.jspecify.annotations.Nullable;

/// What the RIB thread tells of agents and sessions: values that may leave it.
public final class Views {
  private Views() {}

  /// One agent. `hello` is null before the first connection.
  public record Agent(
      String router,
      AgentDriver driver,
      Report.Progress progress,
      @Nullable HelloResponse hello,
      FibCounters counters,
      List<LinkState> links,
      List<String> warnings,
      long connectedUnixMs) {}

  /// One session with what its neighbor brought; `heldMillis` is how long the routes of a lost one
  /// are still kept, 0 when they are not.
  public record Session(
      NeighborEntry neighbor,
      Family family,
      SessionState state,
      NeighborCounts counts,
      Drain drain,
      boolean linkUp,
      long heldMillis) {}

  /// What became of a session.
  public enum Condition {
    UP,
    /// It was up, and is not.
    LOST,
    /// Nobody remembers that it was up.
    NOT_UP_YET,
    /// Its neighbor restarts; its routes stay meanwhile.
    RESTARTING,
    /// Kept down after more prefixes than its limit.
    MAX_PREFIX,
    /// Kept down by us.
    SHUT_DOWN,
    /// The agent of its router does not answer.
    UNKNOWN
  }

  /// One session, and how long it has been down.
  ///
  /// @param usable whether packets may follow its routes: up, and past the hold of what returns
  /// @param downSinceUnixMs 0 for one that is up, or never was
  /// @param reason why it is down, empty when that is not known
  /// @param ratioBefore the donut ratio just before it was lost
  /// @param keptNanos how long its routes are still kept, masked
  public record SessionHealth(
      SessionName name,
      NeighborEntry neighbor,
      Condition condition,
      boolean usable,
      long downSinceUnixMs,
      String reason,
      double ratioBefore,
      long keptNanos) {}

  /// Whether a neighbor is, or is being, taken out of use by hand.
  public enum Drain {
    NONE,
    DRAINED
  }

  public static List<Agent> agents(ControllerRib state) {
    List<Agent> agents = new ArrayList<>();
    for (AgentRecord agent : state.agents()) {
      agents.add(
          new Agent(
              agent.router(),
              agent.driver(),
              agent.progress(),
              agent.hello(),
              agent.counters(),
              agent.links(),
              agent.warnings(),
              agent.connectedUnixMs()));
    }
    return agents;
  }

  /// The sessions of the policy in its order, those never heard of included.
  public static List<Session> sessions(ControllerRib state, String neighborOrEmpty) {
    List<Session> found = new ArrayList<>();
    long now = System.nanoTime();
    for (SessionTable.Session session : state.sessions().all()) {
      NeighborEntry neighbor = state.policy().document().neighbor(session.name.neighbor());
      if (neighbor == null
          || (!neighborOrEmpty.isEmpty() && !neighborOrEmpty.equals(neighbor.name()))) {
        continue;
      }
      found.add(
          new Session(
              neighbor,
              session.name.family(),
              sessionState(session, now),
              state.engine().neighborCounts(state.engine().neighbor(neighbor.name())),
              state.isDrained(neighbor.name()) ? Drain.DRAINED : Drain.NONE,
              isLinkUp(state, neighbor.router(), neighbor.networkInterface()),
              session.heldMillis(now)));
    }
    return found;
  }

  /// What is wrong with the kernels of routers now, one line each with the router's name.
  public static List<String> faults(ControllerRib state) {
    List<String> all = new ArrayList<>();
    for (AgentRecord agent : state.agents()) {
      agent.faults().forEach(fault -> all.add(agent.router() + ": " + fault));
    }
    return all;
  }

  /// What became of every session of the policy, in its order.
  public static List<SessionHealth> health(ControllerRib state, long now) {
    List<SessionHealth> all = new ArrayList<>();
    for (SessionTable.Session session : state.sessions().all()) {
      NeighborEntry neighbor = state.policy().document().neighbor(session.name.neighbor());
      if (neighbor != null) {
        all.add(health(state, session, neighbor, now));
      }
    }
    return all;
  }

  private static SessionHealth health(
      ControllerRib state, SessionTable.Session session, NeighborEntry neighbor, long now) {
    Condition condition = condition(state, session);
    boolean down = condition != Condition.UP && session.everUp;
    SessionState told = sessionState(session, now);
    long toldSince = told.getDownSinceUnixMs();
    long since = toldSince > 0 ? toldSince : session.lostUnixMs;
    boolean kept = condition == Condition.LOST && session.clearAt != Long.MAX_VALUE;
    return new SessionHealth(
        session.name,
        neighbor,
        condition,
        condition == Condition.UP
            && !session.isHeld()
            && isLinkUp(state, neighbor.router(), neighbor.networkInterface()),
        down ? since : 0,
        condition == Condition.UP ? "" : told.getDownReason(),
        session.ratioBefore,
        kept ? Math.max(0, session.clearAt - now) : 0);
  }

  private static Condition condition(ControllerRib state, SessionTable.Session session) {
    if (!state.isConnected(session.router)) {
      return Condition.UNKNOWN;
    }
    SessionState told = sessionState(session, System.nanoTime());
    if (told.getState().equals("Established")) {
      return Condition.UP;
    }
    if (SessionTable.isShutDown(session)) {
      return Condition.SHUT_DOWN;
    }
    if (told.getAdmin().equals("max-prefix")) {
      return Condition.MAX_PREFIX;
    }
    if (told.getStale()) {
      return Condition.RESTARTING;
    }
    return session.everUp ? Condition.LOST : Condition.NOT_UP_YET;
  }

  private static SessionState sessionState(SessionTable.Session session, long now) {
    SessionState state = session.state;
    if (state == null) {
      return SessionState.newBuilder()
          .setNeighbor(session.name.toString())
          .setState("Unknown")
          .build();
    }
    if (state.getNextTryMs() == 0) {
      return state;
    }
    long gone = TimeUnit.NANOSECONDS.toMillis(now - session.reportedAt);
    return state.toBuilder().setNextTryMs(Math.max(1, state.getNextTryMs() - gone)).build();
  }

  /// A route that a neighbor announced in a malformed UPDATE, and that was withdrawn for it.
  public record Malformed(NeighborEntry neighbor, Prefix prefix, String fault, long unixMs) {}

  /// The malformed routes of the policy's sessions as far as agents remember them, by prefix.
  public static List<Malformed> malformed(ControllerRib state) {
    List<Malformed> found = new ArrayList<>();
    for (SessionTable.Session session : state.sessions().all()) {
      NeighborEntry neighbor = state.policy().document().neighbor(session.name.neighbor());
      SessionState told = session.state;
      if (neighbor != null && told != null) {
        for (MalformedRoute route : told.getMalformedList()) {
          found.add(
              new Malformed(
                  neighbor, Prefix.parse(route.getPrefix()), route.getFault(), route.getUnixMs()));
        }
      }
    }
    found.sort(Comparator.comparing(Malformed::prefix));
    return found;
  }

  /// Whether an interface of a router is up as far as its agent said.
  public static boolean isLinkUp(ControllerRib state, String router, String interfaceName) {
    for (AgentRecord agent : state.agents()) {
      if (agent.router().equals(router)) {
        return agent.isUp(interfaceName);
      }
    }
    return false;
  }
}

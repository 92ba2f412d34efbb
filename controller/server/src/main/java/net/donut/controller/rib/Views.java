package net.donut.controller.rib;

import java.util.ArrayList;
import java.util.List;
import net.donut.api.agent.v1.FibCounters;
import net.donut.api.agent.v1.HelloResponse;
import net.donut.api.agent.v1.LinkState;
import net.donut.api.agent.v1.SessionState;
import net.donut.controller.policy.PolicyDocument.NeighborEntry;
import net.donut.controller.southbound.AgentDriver;
import net.donut.controller.southbound.Report;
import net.donut.core.NeighborCounts;
import net.donut.model.Family;
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

  /// One session with what its neighbor brought.
  public record Session(
      NeighborEntry neighbor,
      Family family,
      SessionState state,
      NeighborCounts counts,
      Drain drain,
      boolean linkUp) {}

  public enum Drain {
    NONE,
    DRAINED
  }

  public static List<Agent> agents(RibState state) {
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
  public static List<Session> sessions(RibState state, String neighborOrEmpty) {
    List<Session> found = new ArrayList<>();
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
              sessionState(session),
              state.engine().neighborCounts(state.engine().neighbor(neighbor.name())),
              state.isDrained(neighbor.name()) ? Drain.DRAINED : Drain.NONE,
              isLinkUp(state, neighbor.router(), neighbor.networkInterface())));
    }
    return found;
  }

  private static SessionState sessionState(SessionTable.Session session) {
    SessionState state = session.state;
    return state != null
        ? state
        : SessionState.newBuilder()
            .setNeighbor(session.name.toString())
            .setState("Unknown")
            .build();
  }

  /// Whether an interface of a router is up as far as its agent said.
  public static boolean isLinkUp(RibState state, String router, String interfaceName) {
    for (AgentRecord agent : state.agents()) {
      if (agent.router().equals(router)) {
        return agent.isUp(interfaceName);
      }
    }
    return false;
  }
}

package net.donut.controller.southbound;

import java.util.Collection;
import java.util.List;
import net.donut.api.agent.v1.HelloResponse;
import net.donut.api.agent.v1.StateEvent;
import net.donut.model.Family;
import net.donut.model.Prefix;
import net.donut.model.Prefixes;
import net.donut.model.table.SharedAttributes;
import org.jspecify.annotations.Nullable;

/// What the RIB thread hears of an agent on its urgent lane. The agent's own messages are carried
/// as received: they go on to operators unchanged.
public sealed interface Report {

  /// Something waits on another lane.
  record Wake() implements Report {}

  /// A connection began; `connection` grows.
  record Connected(String router, long connection, HelloResponse hello) implements Report {}

  /// The agent took its configuration: from now on it can be told what to announce.
  record Configured(String router) implements Report {}

  record Disconnected(String router, String reason) implements Report {}

  /// How many entries the agent had when it was read, 0 when nothing can be lost.
  record Inventory(String router, int entries) implements Report {}

  record State(String router, StateEvent event) implements Report {}

  /// Routes that were in an agent's kernel as intended and are not any more, or are again.
  record KernelVerdicts(String router, List<KernelVerdict> routes) implements Report {
    public KernelVerdicts {
      routes = List.copyOf(routes);
    }
  }

  /// @param error why it is not in the kernel; empty when it is again
  record KernelVerdict(Prefix prefix, String error) {}

  record Notice(String router, String text) implements Report {}

  /// Prefixes with one set of attributes; null withdraws them.
  record Heard(@Nullable SharedAttributes attributes, Prefixes prefixes) {}

  /// A batch of routes of one session, on the lane for routes, so that one of an earlier connection
  /// may come late.
  record Routes(
      String router,
      long connection,
      String session,
      long epoch,
      List<Heard> heard,
      List<Family> complete,
      List<Family> cleared,
      Membership membership) {

    public Routes {
      heard = List.copyOf(heard);
      complete = List.copyOf(complete);
      cleared = List.copyOf(cleared);
    }
  }

  enum Membership {
    CONFIGURED,
    REMOVED
  }

  /// How far an agent is; `held` counts announcements that wait for a forwarding table; the latest
  /// replaces the one before. Everything of generations up to `settled` that may be sent with
  /// tickets up to `settledTicket` was acknowledged.
  record Progress(
      String router,
      Phase phase,
      long settled,
      long settledTicket,
      int unacked,
      int pending,
      int refused,
      int held,
      int groups,
      int prefixes,
      String error) {

    /// Whether every agent that is kept equal acknowledged a generation, up to a ticket.
    public static boolean allHave(Collection<Progress> agents, long generation, long ticket) {
      return agents.stream()
          .filter(agent -> agent.phase() == Phase.SYNCED)
          .allMatch(agent -> agent.settled() >= generation && agent.settledTicket() >= ticket);
    }
  }

  enum Phase {
    UNREACHABLE,
    /// Connected; what it has is not yet compared with the intent.
    CONNECTED,
    /// Its table is kept equal to the intent.
    SYNCED
  }
}

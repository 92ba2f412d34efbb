package net.donut.controller.rib;

import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import net.donut.controller.southbound.Report;

/// Why not everything is settled, for operators: what is not decided yet, and what was decided and
/// is not in every router yet. A view of what `rib` owns, for one question on that thread.
record Unsettled(
    boolean dirty,
    long generation,
    InitialSync initialSync,
    LinkHolds linkHolds,
    SessionTable sessions,
    Collection<AgentRecord> agents) {
  private static final String RETURNING =
      " is up again; it is used once it has stayed up for a while";

  /// One line each; empty when everything is settled.
  List<String> reasons() {
    List<String> reasons = new ArrayList<>();
    if (dirty) {
      reasons.add("controller: changes have come in that are not decided yet");
    }
    if (!initialSync.isComplete()) {
      reasons.add("controller: waiting for the routes of every session");
    }
    for (LinkHolds.Link link : linkHolds.all()) {
      reasons.add(link.router() + ": " + link.interfaceName() + RETURNING);
    }
    for (SessionTable.Session session : sessions.all()) {
      if (session.isHeld()) {
        reasons.add(session.name + ":" + RETURNING);
      }
    }
    for (AgentRecord agent : agents) {
      String reason = reason(agent);
      if (!reason.isEmpty()) {
        reasons.add(agent.router() + ": " + reason);
      }
    }
    return reasons;
  }

  private String reason(AgentRecord agent) {
    Report.Progress progress = agent.progress();
    return switch (progress.phase()) {
      case UNREACHABLE -> "unreachable: " + progress.error();
      case CONNECTED ->
          agent.isReleased()
              ? "connected; its kernel is being compared with what it should have"
              : "connected; waiting for the tables of its neighbors";
      case SYNCED -> {
        if (progress.refused() > 0) {
          yield progress.refused()
              + " entries refused: "
              + progress.error()
              + (progress.held() > 0 ? " (" + progress.held() + " announcements wait)" : "");
        }
        if (progress.unacked() + progress.pending() > 0) {
          yield "%,d operations sent and not acknowledged yet, %,d to send"
              .formatted(progress.unacked(), progress.pending());
        }
        yield progress.settled() < generation ? "it has not confirmed the latest change yet" : "";
      }
    };
  }
}

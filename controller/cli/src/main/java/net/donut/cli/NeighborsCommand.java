package net.donut.cli;

import java.io.PrintWriter;
import java.time.Duration;
import java.util.List;
import net.donut.api.agent.v1.BfdState;
import net.donut.api.agent.v1.MalformedRoute;
import net.donut.api.agent.v1.SessionState;
import net.donut.api.operator.v1.ListNeighborsRequest;
import net.donut.api.operator.v1.ListNeighborsResponse;
import net.donut.api.operator.v1.NeighborInfo;
import net.donut.report.text.TextTable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

/// `donut neighbors`: the sessions.
@Command(
    name = "neighbors",
    description = "List the BGP sessions with what they brought; with a name, everything of one.",
    footer = {"", "Example: donut neighbors tier1a"})
final class NeighborsCommand extends OperatorCommand {
  @Parameters(arity = "0..1", paramLabel = "NAME", description = "A neighbor of the policy.")
  private String name = "";

  @Override
  public void run() {
    ListNeighborsResponse answer =
        controller.ask(
            stub -> stub.listNeighbors(ListNeighborsRequest.newBuilder().setName(name).build()));
    output.print(out(), answer, out -> table(out, answer));
  }

  private void table(PrintWriter out, ListNeighborsResponse answer) {
    TextTable table =
        new TextTable(
            "NEIGHBOR",
            "ROUTER",
            "RELATION",
            "AS",
            "STATE",
            "BFD",
            "SINCE",
            "IPV4",
            "IPV6",
            "ACCEPTED",
            "REJECTED",
            "BEST",
            "SENT",
            "LINK");
    for (NeighborInfo neighbor : answer.getNeighborsList()) {
      SessionState session = neighbor.getSession();
      table.row(
          sessionName(neighbor),
          neighbor.getRouter(),
          neighbor.getRelation(),
          Integer.toUnsignedString(session.getRemoteAs()),
          state(neighbor),
          session.hasBfd() ? session.getBfd().getState() : "-",
          Words.since(session.getEstablishedUnixMs()),
          session.getPrefixesIpv4(),
          session.getPrefixesIpv6(),
          accepted(neighbor),
          neighbor.getRejected(),
          neighbor.getBest(),
          session.getAdvertisedIpv4() + session.getAdvertisedIpv6(),
          neighbor.getLinkUp() ? "up" : "DOWN");
    }
    table.print(out, pen());
    List<NeighborInfo> notUp =
        answer.getNeighborsList().stream()
            .filter(neighbor -> !isUp(neighbor.getSession()))
            .toList();
    if (!name.isEmpty()) {
      answer.getNeighborsList().forEach(neighbor -> details(out, neighbor));
    } else if (!notUp.isEmpty()) {
      out.println();
      downTable(out, notUp);
    }
  }

  private static boolean isUp(SessionState session) {
    return session.getState().equals("Established");
  }

  /// The state, and what keeps the session in it.
  private static String state(NeighborInfo neighbor) {
    SessionState session = neighbor.getSession();
    String admin = session.getAdmin();
    boolean held = session.getState().equals("Idle") && session.getNextTryMs() > 0;
    return session.getState()
        + (admin.isEmpty() || admin.equals("up") ? held ? " (held)" : "" : " (" + admin + ")")
        + (neighbor.getDrained() ? " (drained)" : "")
        + (session.getStale() ? " (stale)" : "");
  }

  /// The routes of a lost session carry nothing: they wait for its return.
  private static String accepted(NeighborInfo neighbor) {
    return neighbor.getAccepted()
        + (neighbor.getHeldMs() > 0 && neighbor.getAccepted() > 0
            ? " (held " + Words.span(Duration.ofMillis(neighbor.getHeldMs())) + ")"
            : "");
  }

  private static String reason(SessionState session) {
    return !session.getDownReason().isEmpty()
        ? session.getDownReason()
        : !session.getAttemptError().isEmpty() ? session.getAttemptError() : "never established";
  }

  /// When the session is tried next, and what became of the last attempt.
  private static String nextTry(SessionState session) {
    if (session.getAdmin().equals("shutdown")) {
      return "-";
    }
    String when =
        session.getNextTryMs() > 0
            ? Words.span(Duration.ofMillis(session.getNextTryMs()))
            : switch (session.getState()) {
              case "Connect", "OpenSent", "OpenConfirm" -> "now";
              case "Active" -> "when it connects";
              default -> "-";
            };
    String last =
        session.getAttemptError().isEmpty() ? "" : " (last: " + session.getAttemptError() + ")";
    return when
        + last
        + (session.getAdmin().equals("max-prefix") ? ", or once max-prefix is raised" : "");
  }

  /// The sessions that are not established: since when, why, and what is done about it.
  private void downTable(PrintWriter out, List<NeighborInfo> neighbors) {
    TextTable table =
        new TextTable(
            "NEIGHBOR", "ROUTER", "RELATION", "AS", "STATE", "DOWN", "REASON", "NEXT TRY");
    for (NeighborInfo neighbor : neighbors) {
      SessionState session = neighbor.getSession();
      table.row(
          sessionName(neighbor),
          neighbor.getRouter(),
          neighbor.getRelation(),
          Integer.toUnsignedString(session.getRemoteAs()),
          state(neighbor),
          Words.since(session.getDownSinceUnixMs()),
          reason(session),
          nextTry(session));
    }
    table.print(out, pen());
  }

  private static String sessionName(NeighborInfo neighbor) {
    String session = neighbor.getSession().getNeighbor();
    return session.isEmpty() ? neighbor.getName() : session;
  }

  private static void down(PrintWriter out, SessionState session) {
    if (isUp(session)) {
      if (!session.getDownReason().isEmpty()) {
        out.println("  last down          " + session.getDownReason());
      }
      return;
    }
    out.println("  down since         " + Words.since(session.getDownSinceUnixMs()));
    out.println("  down reason        " + reason(session));
    if (!session.getAttemptError().isEmpty()) {
      out.println("  last attempt       " + session.getAttemptError());
    }
    out.println("  next try           " + nextTry(session));
  }

  private static void malformed(PrintWriter out, SessionState session) {
    if (!session.getLastFault().isEmpty()) {
      out.println(
          "  last fault         %s, %s ago"
              .formatted(session.getLastFault(), Words.since(session.getLastFaultUnixMs())));
    }
    for (MalformedRoute route : session.getMalformedList()) {
      out.println(
          "  malformed route    %s: %s, %s ago"
              .formatted(route.getPrefix(), route.getFault(), Words.since(route.getUnixMs())));
    }
  }

  private static void bfd(PrintWriter out, BfdState bfd) {
    out.println(
        "  bfd                %s, neighbor %s, path %s since %s, lost %d times"
            .formatted(
                bfd.getState(),
                bfd.getRemoteState(),
                bfd.getPath(),
                Words.since(bfd.getSinceUnixMs()),
                bfd.getLosses()));
    out.println(
        "  bfd timers         sends every %s ms, detects in %s ms"
            .formatted(bfd.getTransmitMicros() / 1000, bfd.getDetectionMicros() / 1000));
    out.println(
        "  bfd diagnostic     %s, neighbor's %s"
            .formatted(bfd.getDiagnostic(), bfd.getRemoteDiagnostic()));
  }

  private static void details(PrintWriter out, NeighborInfo neighbor) {
    SessionState session = neighbor.getSession();
    out.println();
    out.println(session.getNeighbor() + ":");
    out.println(
        "  address            " + session.getAddress() + ", ours " + session.getLocalAddress());
    out.println("  router id          " + session.getRemoteRouterId());
    out.println("  hold time          " + session.getHoldTimeSeconds() + " s");
    out.println("  capabilities       " + String.join(", ", session.getCapabilitiesList()));
    out.println(
        "  updates            "
            + session.getUpdatesReceived()
            + " received, "
            + session.getUpdatesSent()
            + " sent");
    out.println(
        "  malformed          "
            + session.getTreatedAsWithdraw()
            + " treated as withdraw, "
            + session.getAttributesDiscarded()
            + " attributes discarded");
    out.println("  flaps              " + session.getFlaps());
    malformed(out, session);
    if (session.hasBfd()) {
      bfd(out, session.getBfd());
    }
    down(out, session);
    if (neighbor.getPrice() > 0) {
      out.println("  price              " + neighbor.getPrice() + " per Mbit/s and month");
    }
    if (neighbor.getCapacityMbps() > 0) {
      out.println("  capacity           " + neighbor.getCapacityMbps() + " Mbit/s");
    }
    neighbor
        .getRejectsList()
        .forEach(reject ->
            out.println("  rejected           " + reject.getCount() + ": " + reject.getReason()));
  }
}

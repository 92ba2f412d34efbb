package net.donut.cli;

import static net.donut.cli.ValueText.TRANSIT;

import java.io.PrintWriter;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import net.donut.api.operator.v1.DownSession;
import net.donut.api.operator.v1.LostRoutes;
import net.donut.api.operator.v1.RouteCounts;
import net.donut.api.operator.v1.SessionSummary;
import net.donut.api.operator.v1.StatusRequest;
import net.donut.api.operator.v1.StatusResponse;
import net.donut.api.operator.v1.UnknownSessions;
import net.donut.report.text.Ink;
import net.donut.report.text.Pen;
import net.donut.report.text.TextTable;
import net.donut.report.text.Thousands;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/// `donut status`: the controller in a few lines.
@Command(
    name = "status",
    description = {
      "Show whether everything has converged, which sessions are down, and the routes by relation.",
      "Exit code 1: not converged, a transit is down that was not shut down here, a hole, or"
          + " prefixes lost with a neighbor."
    },
    footer = {"", "Example: donut status -o json"})
final class StatusCommand extends OperatorCommand {
  private static final int MOST_SESSIONS = 20;

  @Option(names = "--any", description = "Exit code 1 for any session that is down, too.")
  private boolean any;

  @Override
  public void run() {
    StatusResponse status = controller.ask(stub -> stub.status(StatusRequest.getDefaultInstance()));
    output.print(out(), status, out -> table(out, status));
    List<String> reasons = reasons(status);
    if (!reasons.isEmpty()) {
      throw new Failures.Refused(Failures.NEGATIVE, String.join("; ", reasons));
    }
  }

  /// Why the exit code is 1, in a few words.
  private List<String> reasons(StatusResponse status) {
    List<String> reasons = new ArrayList<>();
    if (!status.getConverged()) {
      reasons.add("not converged");
    }
    List<String> transits = down(status, session -> session.getRelation().equals(TRANSIT));
    if (!transits.isEmpty()) {
      reasons.add("transit is down: " + String.join(", ", transits));
    }
    List<String> others = down(status, session -> !session.getRelation().equals(TRANSIT));
    if (any && !others.isEmpty()) {
      reasons.add("down: " + String.join(", ", others));
    }
    int unknown = unknown(status);
    if (any && unknown > 0) {
      reasons.add(Thousands.of(unknown, "session is unknown", "sessions are unknown"));
    }
    long holes = status.getRoutes().getHoles();
    if (holes > 0) {
      reasons.add(Thousands.of(holes, "hole", "holes"));
    }
    if (status.getLostPrefixes() > 0) {
      reasons.add(ValueText.number(status.getLostPrefixes()) + " prefixes are lost");
    }
    return reasons;
  }

  private static List<String> down(StatusResponse status, Predicate<DownSession> which) {
    return status.getSessions().getDownList().stream()
        .filter(which)
        .map(DownSession::getSession)
        .toList();
  }

  private static int unknown(StatusResponse status) {
    return status.getSessions().getUnknownList().stream()
        .mapToInt(UnknownSessions::getSessions)
        .sum();
  }

  private void table(PrintWriter out, StatusResponse status) {
    RouteCounts routes = status.getRoutes();
    out.println(
        "AS "
            + Integer.toUnsignedString(status.getLocalAs())
            + ", up "
            + ValueText.since(status.getStartedUnixMs())
            + ", policy "
            + status.getPolicyFile()
            + " (generation "
            + status.getPolicyGeneration()
            + "), "
            + (status.getConverged()
                ? pen().write(Ink.GOOD, "converged")
                : pen().write(Ink.WAITING, "converging")));
    if (status.hasSessions()) {
      out.println(sessions(status.getSessions()));
    }
    status
        .getWaitingList()
        .forEach(line -> out.println(pen().write(Ink.WAITING, "  waiting: ") + line));
    status
        .getProblemsList()
        .forEach(line -> out.println(pen().write(Ink.BAD, "  warning: ") + line));
    status
        .getWarningsList()
        .forEach(line -> out.println(pen().write(Ink.BAD, "  warning: ") + line));
    if (status.hasLost()) {
      out.println(lost(status.getLost()));
    }
    counts(out, routes, pen());
  }

  /// `41 of 46 up; down: t1/ipv4 12s (lost transit), ...; shut down: 2 (p1, p2)`
  private String sessions(SessionSummary sessions) {
    StringBuilder text = new StringBuilder();
    text.append(
        "sessions: %s of %s up"
            .formatted(ValueText.number(sessions.getUp()), ValueText.number(sessions.getTotal())));
    if (sessions.getDownCount() > 0) {
      text.append("; ").append(pen().write(Ink.BAD, "down")).append(": ");
      text.append(
          sessions.getDownList().stream()
              .limit(MOST_SESSIONS)
              .map(StatusCommand::session)
              .collect(Collectors.joining(", ")));
      int more = sessions.getDownCount() - MOST_SESSIONS;
      text.append(more > 0 ? " and " + more + " more (donut neighbors)" : "");
    }
    if (sessions.getShutDownCount() > 0) {
      Set<String> names = new LinkedHashSet<>();
      sessions.getShutDownList().forEach(session -> names.add(session.getNeighbor()));
      text.append("; shut down: ")
          .append(Thousands.marked(sessions.getShutDownCount()))
          .append(" (")
          .append(String.join(", ", names))
          .append(")");
    }
    for (UnknownSessions unknown : sessions.getUnknownList()) {
      text.append("; unknown: ")
          .append(Thousands.marked(unknown.getSessions()))
          .append(" (")
          .append(unknown.getRouter())
          .append(" does not answer)");
    }
    return text.toString();
  }

  private static String session(DownSession session) {
    boolean transit = session.getRelation().equals(TRANSIT);
    String note =
        switch (session.getKind()) {
          case "lost" -> transit ? " (lost transit)" : "";
          case "not-up-yet" -> transit ? " not up yet (transit)" : " not up yet";
          case "restarting" -> transit ? " (restarting transit)" : " (restarting)";
          default -> " (" + session.getKind() + (transit ? ", transit)" : ")");
        };
    String since =
        session.getDownSinceUnixMs() == 0
            ? ""
            : " " + ValueText.since(session.getDownSinceUnixMs());
    return session.getSession() + since + note;
  }

  private static String lost(LostRoutes lost) {
    return "lost: %s %s with %s%s; donut ratio was %s"
        .formatted(
            ValueText.number(lost.getPrefixes()),
            lost.getPrefixes() == 1 ? "prefix" : "prefixes",
            String.join(", ", lost.getNeighborsList()),
            lost.getSinceUnixMs() == 0 ? "" : " since " + ValueText.moment(lost.getSinceUnixMs()),
            ValueText.percent(lost.getDonutRatio()));
  }

  /// The routes by relation, and the donut ratio.
  static void counts(PrintWriter out, RouteCounts routes, Pen pen) {
    out.printf(
        "%s prefixes (%s paths): %s direct, %s by transit; donut ratio %s; %s protected; %s holes%n",
        ValueText.number(routes.getTotal()),
        ValueText.number(routes.getPaths()),
        ValueText.number(routes.getDirect()),
        ValueText.number(routes.getTransit()),
        ValueText.percent(routes.getDonutRatio()),
        ValueText.number(routes.getProtected()),
        ValueText.number(routes.getHoles()));
    TextTable table = new TextTable("RELATION", "PREFIXES", "PATHS");
    routes
        .getByRelationList()
        .forEach(row ->
            table.row(
                row.getRelation(),
                ValueText.number(row.getPrefixes()),
                ValueText.number(row.getPaths())));
    table.print(out, pen);
  }
}

package net.donut.cli;

import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Stream;
import net.donut.api.agent.v1.SessionState;
import net.donut.api.operator.v1.NeighborInfo;
import net.donut.report.text.Ink;
import net.donut.report.text.Inked;
import net.donut.report.text.TextTable;
import net.donut.report.text.Thousands;
import org.jspecify.annotations.Nullable;

/// The sessions as tables for a terminal: one row per neighbor with its families side by side, and
/// one per session that is down with the reason and the next try.
final class NeighborTable {
  private static final String IPV6 = "/ipv6";

  private NeighborTable() {}

  /// One neighbor with its sessions, in the order of the answer.
  record Row(List<NeighborInfo> sessions) {
    static List<Row> of(List<NeighborInfo> sessions) {
      Map<String, List<NeighborInfo>> byName = new LinkedHashMap<>();
      sessions.forEach(
          one -> byName.computeIfAbsent(one.getName(), _ -> new ArrayList<>()).add(one));
      return byName.values().stream().map(Row::new).toList();
    }

    /// What is the same for all of its sessions.
    NeighborInfo neighbor() {
      return sessions.getFirst();
    }

    boolean isUp() {
      return sessions.stream().allMatch(one -> NeighborTable.isUp(one.getSession()));
    }

    /// What was received on all of its sessions.
    long received() {
      return sessions.stream()
          .map(NeighborInfo::getSession)
          .mapToLong(session -> (long) session.getPrefixesIpv4() + session.getPrefixesIpv6())
          .sum();
    }

    /// What policy accepted of them.
    long accepted() {
      return sessions.stream().mapToLong(NeighborInfo::getAccepted).max().orElse(0);
    }

    /// When the session that has been down longest went down; the largest number where none is.
    long downSince() {
      return sessions.stream()
          .map(NeighborInfo::getSession)
          .filter(session -> !NeighborTable.isUp(session))
          .mapToLong(SessionState::getDownSinceUnixMs)
          .min()
          .orElse(Long.MAX_VALUE);
    }

    private @Nullable NeighborInfo family(boolean ipv6) {
      return sessions.stream()
          .filter(one -> one.getSession().getNeighbor().endsWith(IPV6) == ipv6)
          .findFirst()
          .orElse(null);
    }

    /// A text of the sessions: once where it is the same for all, else with the family of each.
    private String shared(Function<SessionState, String> text) {
      List<String> different =
          sessions.stream().map(NeighborInfo::getSession).map(text).distinct().toList();
      if (different.size() == 1) {
        return different.getFirst();
      }
      List<String> parts = new ArrayList<>();
      for (NeighborInfo one : sessions) {
        String part = text.apply(one.getSession());
        if (!part.isEmpty()) {
          String session = one.getSession().getNeighbor();
          parts.add(session.substring(session.indexOf('/') + 1) + ": " + part);
        }
      }
      return String.join("; ", parts);
    }
  }

  static boolean isUp(SessionState session) {
    return session.getState().equals("Established");
  }

  /// One row per neighbor.
  static TextTable overview(List<Row> rows) {
    TextTable table =
        new TextTable(
            "NEIGHBOR",
            "ROUTER",
            "RELATION",
            "AS",
            "IPV4",
            "RECEIVED",
            "SENT",
            "IPV6",
            "RECEIVED",
            "SENT",
            "ACCEPTED",
            "REFUSED",
            "BEST",
            "BFD",
            "LINK",
            "LAST DOWN");
    for (Row row : rows) {
      NeighborInfo neighbor = row.neighbor();
      NeighborInfo ipv4 = row.family(false);
      NeighborInfo ipv6 = row.family(true);
      table.row(
          neighbor.getName(),
          neighbor.getRouter(),
          neighbor.getRelation(),
          Integer.toUnsignedString(neighbor.getSession().getRemoteAs()),
          standing(ipv4),
          figure(ipv4, SessionState::getPrefixesIpv4),
          figure(ipv4, SessionState::getAdvertisedIpv4),
          standing(ipv6),
          figure(ipv6, SessionState::getPrefixesIpv6),
          figure(ipv6, SessionState::getAdvertisedIpv6),
          accepted(row),
          Thousands.marked(neighbor.getRejected()),
          Thousands.marked(neighbor.getBest()),
          bfd(row),
          neighbor.getLinkUp() ? "up" : Ink.BAD.of("DOWN"),
          row.isUp()
              ? Ink.FAINT.of(row.shared(SessionState::getDownReason))
              : row.shared(session -> isUp(session) ? "" : reason(session)));
    }
    return table;
  }

  /// `up 3m18s`, or the state of a session that is not established and how long it has been so.
  private static Inked standing(@Nullable NeighborInfo neighbor) {
    if (neighbor == null) {
      return Ink.PLAIN.of("");
    }
    SessionState session = neighbor.getSession();
    boolean up = isUp(session);
    long since = up ? session.getEstablishedUnixMs() : session.getDownSinceUnixMs();
    boolean meant = session.getAdmin().equals("shutdown") || session.getStale();
    Ink ink =
        up
            ? neighbor.getDrained() || session.getStale() ? Ink.WAITING : Ink.GOOD
            : meant ? Ink.WAITING : Ink.BAD;
    return ink.of(
        (up ? state(neighbor).replaceFirst("^Established", "up") : state(neighbor))
            + (since == 0 ? "" : " " + ValueText.since(since)));
  }

  /// The state, and what keeps the session in it.
  static String state(NeighborInfo neighbor) {
    SessionState session = neighbor.getSession();
    String admin = session.getAdmin();
    boolean held = session.getState().equals("Idle") && session.getNextTryMs() > 0;
    return session.getState()
        + (admin.isEmpty() || admin.equals("up") ? held ? " (held)" : "" : " (" + admin + ")")
        + (neighbor.getDrained() ? " (drained)" : "")
        + (session.getStale() ? " (stale)" : "");
  }

  private static String figure(
      @Nullable NeighborInfo neighbor, Function<SessionState, Integer> count) {
    return neighbor == null ? "" : Thousands.marked(count.apply(neighbor.getSession()));
  }

  /// The routes of a lost session carry nothing: they wait for its return.
  private static Inked accepted(Row row) {
    long held = row.sessions().stream().mapToLong(NeighborInfo::getHeldMs).max().orElse(0);
    String count = Thousands.marked(row.accepted());
    return held > 0 && row.accepted() > 0
        ? Ink.WAITING.of("%s (held %s)".formatted(count, ValueText.span(Duration.ofMillis(held))))
        : Ink.PLAIN.of(count);
  }

  private static Inked bfd(Row row) {
    String states =
        String.join(
            "/",
            row.sessions().stream()
                .map(NeighborInfo::getSession)
                .filter(SessionState::hasBfd)
                .map(session -> session.getBfd().getState())
                .distinct()
                .toList());
    return (states.contains("Down") ? Ink.BAD : Ink.PLAIN).of(states);
  }

  static String reason(SessionState session) {
    return Stream.of(session.getDownReason(), session.getAttemptError(), "never established")
        .filter(text -> !text.isEmpty())
        .findFirst()
        .orElse("");
  }

  /// When the session is tried next, and what became of the last attempt.
  static String nextTry(SessionState session) {
    if (session.getAdmin().equals("shutdown")) {
      return "-";
    }
    String when =
        session.getNextTryMs() > 0
            ? ValueText.span(Duration.ofMillis(session.getNextTryMs()))
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

  /// The sessions that are not established: since when, why, and what is done about it. One row for
  /// both sessions of a neighbor where all of that is the same.
  static TextTable down(List<Row> rows) {
    TextTable table =
        new TextTable(
            "NEIGHBOR", "ROUTER", "RELATION", "AS", "STATE", "DOWN", "REASON", "NEXT TRY");
    for (Row row : rows) {
      List<List<Object>> cells =
          row.sessions().stream()
              .filter(one -> !isUp(one.getSession()))
              .map(NeighborTable::downCells)
              .distinct()
              .toList();
      boolean isOneRow =
          cells.size() == 1 && row.sessions().stream().noneMatch(one -> isUp(one.getSession()));
      if (isOneRow && row.sessions().size() > 1) {
        table.row(downRow(row.neighbor().getName(), cells.getFirst()));
      } else {
        row.sessions().stream()
            .filter(one -> !isUp(one.getSession()))
            .forEach(one -> table.row(downRow(sessionName(one), downCells(one))));
      }
    }
    return table;
  }

  private static List<Object> downRow(String name, List<Object> cells) {
    List<Object> row = new ArrayList<>(List.of(name));
    row.addAll(cells);
    return row;
  }

  private static List<Object> downCells(NeighborInfo neighbor) {
    SessionState session = neighbor.getSession();
    boolean meant = session.getAdmin().equals("shutdown") || session.getStale();
    return List.of(
        neighbor.getRouter(),
        neighbor.getRelation(),
        Integer.toUnsignedString(session.getRemoteAs()),
        (meant ? Ink.WAITING : Ink.BAD).of(state(neighbor)),
        ValueText.since(session.getDownSinceUnixMs()),
        reason(session),
        nextTry(session));
  }

  private static String sessionName(NeighborInfo neighbor) {
    String session = neighbor.getSession().getNeighbor();
    return session.isEmpty() ? neighbor.getName() : session;
  }
}

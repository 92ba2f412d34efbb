package net.donut.controller.northbound;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.TimeUnit;
import net.donut.api.operator.v1.DownSession;
import net.donut.api.operator.v1.LostRoutes;
import net.donut.api.operator.v1.SessionSummary;
import net.donut.api.operator.v1.StatusResponse;
import net.donut.api.operator.v1.UnknownSessions;
import net.donut.controller.rib.ControllerRib;
import net.donut.controller.rib.Views;
import net.donut.controller.rib.Views.Condition;
import net.donut.controller.rib.Views.SessionHealth;
import net.donut.core.answer.Coverage;
import net.donut.core.answer.Health;
import net.donut.model.Family;
import net.donut.model.Relation;

/// How things are: whether anything is in flight, and whether packets are served. Asked on the
/// thread `rib`.
final class StatusQuestions {
  /*
   * Converged is not healthy. Converged: what was decided is in every kernel, nothing is on its way;
   * a network that lost everything converges on that. Healthy: converged, no transit down that we did
   * not shut, no hole, nothing lost. A tool that waits for a change reads `converged`; a check that
   * wakes people reads `healthy`, which is the exit code.
   */
  private static final int MOST_CAUSES = 3;

  private final ControllerRib state;
  private final List<SessionHealth> sessions;
  private final Health health;

  StatusQuestions(ControllerRib state, long now) {
    this.state = state;
    this.sessions = Views.health(state, now);
    this.health = state.engine().health();
  }

  StatusResponse status(String version, List<String> warnings) {
    List<String> waiting = state.waiting();
    List<String> problems = problems();
    boolean transitDown =
        sessions.stream().anyMatch(session -> isTransit(session) && isDown(session.condition()));
    StatusResponse.Builder answer =
        StatusResponse.newBuilder()
            .setVersion(version)
            .setStartedUnixMs(state.startedUnixMs())
            .setPolicyFile(state.policy().fileName())
            .setPolicyGeneration(state.policy().generation())
            .setRoutes(OperatorAnswers.counts(health.counts()))
            .setConverged(waiting.isEmpty())
            .setGeneration(state.generation())
            .setConvergedUnixNs(state.convergedUnixNs())
            .setLocalAs((int) state.policy().document().localAs())
            .addAllWaiting(waiting)
            .setSessions(summary())
            .setLostPrefixes(health.loss().prefixes())
            .setHealthy(
                waiting.isEmpty()
                    && !transitDown
                    && health.counts().holes() == 0
                    && health.loss().prefixes() == 0)
            .addAllProblems(problems)
            .setDefaultRoutes(health.defaults())
            .setDefaultRoutesKnown(health.defaultsKnown())
            .addAllWarnings(warnings)
            .addAllWarnings(Views.faults(state))
            .addAllWarnings(OverrideQuestions.warnings(state));
    if (health.loss().prefixes() > 0) {
      answer.setLost(lost());
    }
    return answer.build();
  }

  /// Down, and not by our own will.
  private static boolean isDown(Condition condition) {
    return switch (condition) {
      case LOST, NOT_UP_YET, RESTARTING, MAX_PREFIX -> true;
      case UP, SHUT_DOWN, UNKNOWN -> false;
    };
  }

  private static boolean isTransit(SessionHealth session) {
    return session.neighbor().relation() == Relation.TRANSIT;
  }

  private SessionSummary summary() {
    SessionSummary.Builder summary = SessionSummary.newBuilder().setTotal(sessions.size());
    Map<String, Integer> unknown = new LinkedHashMap<>();
    List<SessionHealth> down = new ArrayList<>();
    for (SessionHealth session : sessions) {
      switch (session.condition()) {
        case UP -> summary.setUp(summary.getUp() + 1);
        case UNKNOWN -> unknown.merge(session.neighbor().router(), 1, Integer::sum);
        case SHUT_DOWN -> summary.addShutDown(down(session));
        case LOST, NOT_UP_YET, RESTARTING, MAX_PREFIX -> down.add(session);
      }
    }
    down.sort(
        Comparator.comparing((SessionHealth session) -> !isTransit(session))
            .thenComparing(Comparator.comparingLong(SessionHealth::downSinceUnixMs).reversed()));
    down.forEach(session -> summary.addDown(down(session)));
    unknown.forEach((router, count) ->
        summary.addUnknown(UnknownSessions.newBuilder().setRouter(router).setSessions(count)));
    return summary.build();
  }

  private static DownSession down(SessionHealth session) {
    return DownSession.newBuilder()
        .setSession(session.name().toString())
        .setNeighbor(session.neighbor().name())
        .setRouter(session.neighbor().router())
        .setRelation(session.neighbor().relation().word())
        .setDownSinceUnixMs(session.downSinceUnixMs())
        .setReason(session.reason())
        .setKind(kind(session.condition()))
        .setRoutesKeptMs(TimeUnit.NANOSECONDS.toMillis(session.keptNanos()))
        .build();
  }

  private static String kind(Condition condition) {
    return switch (condition) {
      case UP -> "up";
      case LOST -> "lost";
      case NOT_UP_YET -> "not-up-yet";
      case RESTARTING -> "restarting";
      case MAX_PREFIX -> "max-prefix";
      case SHUT_DOWN -> "shut-down";
      case UNKNOWN -> "unknown";
    };
  }

  private LostRoutes lost() {
    Set<String> names = new LinkedHashSet<>();
    long since = Long.MAX_VALUE;
    double ratio = 0;
    for (SessionHealth session : sessions) {
      int neighbor = state.engine().neighbor(session.neighbor().name());
      if (health.loss().neighbors().contains(neighbor)) {
        names.add(session.neighbor().name());
        if (session.downSinceUnixMs() > 0 && session.downSinceUnixMs() < since) {
          since = session.downSinceUnixMs();
          ratio = session.ratioBefore();
        }
      }
    }
    return LostRoutes.newBuilder()
        .addAllNeighbors(names)
        .setPrefixes(health.loss().prefixes())
        .setSinceUnixMs(since == Long.MAX_VALUE ? 0 : since)
        .setDonutRatio(ratio)
        .build();
  }

  // What is not well, a sentence each.

  private List<String> problems() {
    List<String> problems = new ArrayList<>();
    if (health.counts().holes() > 0) {
      problems.add(holes());
    }
    problems.addAll(withoutTransit());
    return problems;
  }

  private String holes() {
    long holes = health.counts().holes();
    List<Coverage.HoleCause> causes = health.holeCauses();
    List<String> parts = new ArrayList<>();
    causes.stream().limit(MOST_CAUSES).forEach(cause -> parts.add(cause.text()));
    if (causes.size() > MOST_CAUSES) {
      parts.add("%,d more causes, see donut coverage".formatted(causes.size() - MOST_CAUSES));
    }
    Set<String> gone = new TreeSet<>();
    causes.forEach(cause -> gone.addAll(cause.gone()));
    String kept = kept(gone);
    return "%,d %s: %s%s"
        .formatted(
            holes,
            holes == 1 ? "hole" : "holes",
            String.join("; ", parts),
            kept.isEmpty() ? "" : "; " + kept);
  }

  /// How long the routes of lost neighbors are kept, at least.
  private String kept(Set<String> neighbors) {
    Set<String> names = new LinkedHashSet<>();
    long least = Long.MAX_VALUE;
    for (SessionHealth session : sessions) {
      if (session.keptNanos() > 0 && neighbors.contains(session.neighbor().name())) {
        names.add(session.neighbor().name());
        least = Math.min(least, session.keptNanos());
      }
    }
    return names.isEmpty()
        ? ""
        : "routes of %s are kept %d s more"
            .formatted(
                String.join(", ", names), Math.max(1, TimeUnit.NANOSECONDS.toSeconds(least)));
  }

  /// Routers none of whose transits can be used, where one is down that we did not shut.
  private List<String> withoutTransit() {
    Map<String, List<String>> routersByWord = new LinkedHashMap<>();
    for (String router : state.routers()) {
      String word = missingTransit(router);
      if (!word.isEmpty()) {
        routersByWord.computeIfAbsent(word, _ -> new ArrayList<>()).add(router);
      }
    }
    String defaults =
        health.defaultsKnown() == 0
            ? ""
            : "; default routes: %d of %d".formatted(health.defaults(), health.defaultsKnown());
    List<String> lines = new ArrayList<>();
    routersByWord.forEach((word, routers) ->
        lines.add("no %s is left at %s%s".formatted(word, String.join(", ", routers), defaults)));
    return lines;
  }

  /// `transit`, `IPv4 transit`, `IPv6 transit`, or nothing.
  private String missingTransit(String router) {
    List<Family> configured = new ArrayList<>();
    List<Family> missing = new ArrayList<>();
    for (Family family : Family.values()) {
      List<SessionHealth> transits =
          sessions.stream()
              .filter(session ->
                  isTransit(session)
                      && session.neighbor().router().equals(router)
                      && session.name().family() == family)
              .toList();
      if (!transits.isEmpty()) {
        configured.add(family);
        if (transits.stream().noneMatch(SessionHealth::usable)
            && transits.stream().anyMatch(session -> isDown(session.condition()))) {
          missing.add(family);
        }
      }
    }
    if (missing.isEmpty()) {
      return "";
    }
    return missing.equals(configured)
        ? "transit"
        : (missing.getFirst() == Family.IPV4 ? "IPv4" : "IPv6") + " transit";
  }
}

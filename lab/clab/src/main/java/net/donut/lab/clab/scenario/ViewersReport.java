package net.donut.lab.clab.scenario;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import net.donut.lab.clab.model.Scenario;
import net.donut.lab.clab.scenario.ScenarioResult.StepResult;
import net.donut.lab.probe.PlayoutBuffer.Playback;
import net.donut.lab.probe.PlayoutBuffer.Player;
import net.donut.lab.probe.StreamLog;
import net.donut.lab.probe.Viewing;
import net.donut.lab.probe.ViewingJson;
import net.donut.report.Html;

/// What the viewers of a scenario saw: from its beginning to its end, and at each change.
final class ViewersReport {
  private final ScenarioResult result;
  private final long begun;
  private final long ended;

  /// @param result with one step or more
  ViewersReport(ScenarioResult result) {
    this.result = result;
    this.begun = result.steps().getFirst().begunNanos();
    this.ended = result.steps().getLast().endedNanos();
  }

  /// What each audience saw.
  void put(ArrayNode json) {
    for (StreamLog log : result.viewers()) {
      ObjectNode entry = json.addObject();
      ViewingJson.put(entry, Viewing.of(log, begun, ended));
      List<Playback> playbacks = playbacks(log);
      entry.put("stalls", stalls(playbacks)).put("rebuffering_s", rebufferingSeconds(playbacks));
    }
  }

  /// What each audience saw at a step; nothing for one that changes nothing.
  void put(ArrayNode json, StepResult step) {
    ViewingJson.put(json, viewings(step));
  }

  private List<Viewing> viewings(StepResult step) {
    return step.step() instanceof Scenario.Change
        ? result.viewings(step).stream().filter(viewing -> viewing.asked() > 0).toList()
        : List.of();
  }

  private List<Playback> playbacks(StreamLog log) {
    return Viewing.playbacks(log, Player.LIVE, ended);
  }

  private static int stalls(List<Playback> playbacks) {
    return playbacks.stream().mapToInt(Playback::stalls).sum();
  }

  private static double rebufferingSeconds(List<Playback> playbacks) {
    return playbacks.stream()
            .map(Playback::rebuffering)
            .reduce(Duration.ZERO, Duration::plus)
            .toMillis()
        / 1e3;
  }

  String html() {
    if (result.viewers().isEmpty()) {
      return "";
    }
    List<List<String>> changes = new ArrayList<>();
    for (StepResult step : result.steps()) {
      viewings(step).forEach(viewing -> changes.add(row(step, viewing)));
    }
    String table =
        Html.heading("Viewers")
            + Html.table(
                List.of(
                    "viewers",
                    "streams",
                    "lost",
                    "round trip p50",
                    "p99",
                    "jitter",
                    "longest outage",
                    "stalls",
                    "rebuffering"),
                result.viewers().stream().map(this::row).toList());
    return changes.isEmpty()
        ? table
        : table
            + Html.table(
                List.of("step", "viewers", "lost", "longest outage", "streams interrupted"),
                changes);
  }

  private List<String> row(StreamLog log) {
    Viewing viewing = Viewing.of(log, begun, ended);
    List<Playback> playbacks = playbacks(log);
    return List.of(
        Html.escape(viewing.audience().name()),
        Html.number(viewing.audience().streams()),
        "%.2f %%".formatted(viewing.lossPercent()),
        Html.millis(viewing.roundTripMillis(50)),
        Html.millis(viewing.roundTripMillis(99)),
        Html.millis(viewing.jitterMicros() / 1e3),
        Html.millis(viewing.outage().toNanos() / 1e6),
        Html.number(stalls(playbacks)),
        "%.1f s".formatted(rebufferingSeconds(playbacks)));
  }

  private static List<String> row(StepResult step, Viewing viewing) {
    return List.of(
        Html.escape(step.step().title()),
        Html.escape(viewing.audience().name()),
        "%.2f %%".formatted(viewing.lossPercent()),
        Html.millis(viewing.outage().toNanos() / 1e6),
        Html.number(viewing.interrupted()));
  }
}

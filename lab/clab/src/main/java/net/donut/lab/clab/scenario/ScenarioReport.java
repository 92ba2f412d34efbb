package net.donut.lab.clab.scenario;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import net.donut.lab.clab.scenario.ScenarioResult.StepResult;
import net.donut.lab.clab.scenario.ScenarioResult.Verdict;
import net.donut.lab.net.LabException;
import net.donut.lab.probe.StreamResult;
import net.donut.lab.probe.StripDrawing;
import net.donut.report.Html;
import net.donut.report.Page;

/// A result as `report.json`, `report.html` and `junit.xml`.
public final class ScenarioReport {
  private static final ObjectMapper JSON = new ObjectMapper();

  private ScenarioReport() {}

  /// Writes all three into a directory.
  public static void write(ScenarioResult result, Path directory) {
    try {
      Files.createDirectories(directory);
      Files.writeString(directory.resolve("report.json"), json(result).toPrettyString() + "\n");
      Files.writeString(directory.resolve("report.html"), html(result));
      Files.writeString(directory.resolve("junit.xml"), junit(result));
    } catch (IOException e) {
      throw LabException.of(directory, e);
    }
  }

  static ObjectNode json(ScenarioResult result) {
    ObjectNode json = JSON.createObjectNode();
    json.put("scenario", result.scenario()).put("lab", result.lab()).put("ok", result.hasPassed());
    ViewersReport viewers = new ViewersReport(result);
    viewers.put(json.putArray("viewers"));
    ArrayNode steps = json.putArray("steps");
    for (StepResult step : result.steps()) {
      ObjectNode entry =
          steps
              .addObject()
              .put("title", step.step().title())
              .put("place", step.step().place().toString())
              .put("verdict", word(step.verdict()))
              .put("seconds", step.took().toMillis() / 1000.0);
      if (step.verdict() instanceof Verdict.Failed(String reason)) {
        entry.put("reason", reason);
      }
      ArrayNode streams = entry.putArray("streams");
      step.streams().forEach(stream -> put(streams.addObject(), stream));
      viewers.put(entry.putArray("viewers"), step);
    }
    return json;
  }

  private static String word(Verdict verdict) {
    return switch (verdict) {
      case Verdict.Plain.PASSED -> "passed";
      case Verdict.Plain.SKIPPED -> "skipped";
      case Verdict.Failed _ -> "failed";
    };
  }

  private static void put(ObjectNode json, StreamResult stream) {
    json.put("flow", stream.flow())
        .put("from", stream.from())
        .put("to", stream.to())
        .put("sent", stream.sent())
        .put("received", stream.received())
        .put("lost", stream.lost())
        .put("duplicated", stream.duplicated())
        .put("reordered", stream.reordered())
        .put("outage_ms", stream.maxGapMs())
        .put("gaps", stream.gaps())
        .put("sender_late_us_p99", stream.lateMicrosP99());
  }

  static String html(ScenarioResult result) {
    StringBuilder body = new StringBuilder("<style>" + StripDrawing.STYLE + "</style>");
    body.append("<h1>").append(Html.escape(result.scenario())).append("</h1>\n<p>");
    body.append(
        result.hasPassed()
            ? "<span class=\"good\">every step passed</span>"
            : "<span class=\"bad\">not every step passed</span>");
    body.append(" in lab ").append(Html.escape(result.lab())).append("</p>\n");
    body.append(
        Html.table(
            List.of("step", "verdict", "seconds"),
            result.steps().stream().map(ScenarioReport::row).toList()));
    result.steps().stream()
        .filter(step -> !step.streams().isEmpty())
        .forEach(step -> body.append(streams(step)));
    body.append(new ViewersReport(result).html());
    return Page.of(result.scenario(), body.toString());
  }

  private static List<String> row(StepResult step) {
    String verdict =
        switch (step.verdict()) {
          case Verdict.Plain.PASSED -> "<span class=\"good\">passed</span>";
          case Verdict.Plain.SKIPPED -> "<span class=\"dim\">skipped</span>";
          case Verdict.Failed(String reason) ->
              "<span class=\"bad\">failed</span> " + Html.escape(reason);
        };
    return List.of(
        Html.escape(step.step().title()),
        verdict,
        "%.1f".formatted(step.took().toMillis() / 1000.0));
  }

  /// What became of the flows in one step: the dashed line is when it was done.
  private static String streams(StepResult step) {
    List<List<String>> rows =
        step.streams().stream()
            .map(stream ->
                List.of(
                    Html.escape(stream.flow() + ": " + stream.from() + " to " + stream.to()),
                    Html.number(stream.sent()),
                    Html.number(stream.lost()),
                    Html.millis(stream.maxGapMs()),
                    StripDrawing.draw(stream, ScenarioRun.LEAD.toNanos() / 1e6)))
            .toList();
    return Html.heading(step.step().title())
        + Html.table(List.of("flow", "sent", "lost", "longest outage", "arrived"), rows);
  }

  /// A test case a step.
  static String junit(ScenarioResult result) {
    List<Verdict> verdicts = result.steps().stream().map(StepResult::verdict).toList();
    long failed = verdicts.stream().filter(Verdict.Failed.class::isInstance).count();
    long skipped = verdicts.stream().filter(Verdict.Plain.SKIPPED::equals).count();
    StringBuilder xml =
        new StringBuilder(
            """
            <?xml version="1.0" encoding="UTF-8"?>
            <testsuite name="%s" tests="%d" failures="%d" skipped="%d">
            """
                .formatted(Html.escape(result.scenario()), result.steps().size(), failed, skipped));
    for (StepResult step : result.steps()) {
      xml.append(
          "  <testcase classname=\"%s\" name=\"%s %s\" time=\"%.3f\">%s</testcase>\n"
              .formatted(
                  Html.escape(result.scenario()),
                  step.step().place(),
                  Html.escape(step.step().title()),
                  step.took().toMillis() / 1000.0,
                  outcome(step.verdict())));
    }
    return xml.append("</testsuite>\n").toString();
  }

  private static String outcome(Verdict verdict) {
    return switch (verdict) {
      case Verdict.Plain.PASSED -> "";
      case Verdict.Plain.SKIPPED -> "<skipped/>";
      case Verdict.Failed(String reason) ->
          "<failure message=\"%s\"/>".formatted(Html.escape(reason));
    };
  }
}

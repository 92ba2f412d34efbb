package net.donut.lab.bench;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import net.donut.lab.bench.FailoverResult.Case;
import net.donut.lab.bench.FailoverResult.Destination;
import net.donut.lab.bench.FailoverResult.Phases;
import net.donut.lab.bench.FailoverResult.Trial;
import net.donut.lab.topology.Bfd;
import net.donut.model.Family;

/// The result of a failover bench as JSON, for scripts and to go on with it later.
public final class FailoverJson {
  private FailoverJson() {}

  public static String write(FailoverResult result) {
    FailoverOptions options = result.options();
    ObjectNode root = frame(options);
    root.put("machine", result.machine());
    root.put("table", result.table());
    ArrayNode results = root.putArray("results");
    result.cases().forEach(each -> describe(each, options, results.addObject()));
    return root.toPrettyString() + "\n";
  }

  private static ObjectNode frame(FailoverOptions options) {
    ObjectNode root = new ObjectMapper().createObjectNode();
    root.put("bench", "failover");
    root.put("family", options.family().toString());
    root.put("rate", options.rate());
    root.put("seed", options.seed());
    root.put("bfd_interval_ms", Bfd.WITH_OUR_ROUTERS.intervalMillis());
    root.put("bfd_multiplier", Bfd.WITH_OUR_ROUTERS.multiplier());
    return root;
  }

  private static void describe(Case each, FailoverOptions options, ObjectNode json) {
    json.put("system", each.system());
    json.put("version", each.version());
    json.put("setup", each.setup());
    json.put("kind", each.kind().word());
    json.put("routes", each.routes());
    json.put("trials", each.trials().size());
    json.put("valid", each.valid().size());
    ObjectNode gap = json.putObject("worst_gap_ms");
    gap.put("min", rounded(each.worstGapMs(0)));
    gap.put("p50", rounded(each.worstGapMs(0.5)));
    gap.put("p95", rounded(each.worstGapMs(0.95)));
    gap.put("max", rounded(each.worstGapMs(1)));
    json.put("lost_max", each.mostLost());
    json.put("lost_on_return_max", each.mostLostOnReturn());
    json.put("probe_interval_us", 1_000_000 / options.rate());
    describe(each.phases(), json.putObject("phases_ms"));
    ArrayNode trials = json.putArray("each_trial");
    each.trials().forEach(trial -> describe(trial, trials.addObject()));
  }

  private static void describe(Phases phases, ObjectNode json) {
    json.put("detect", rounded(phases.detect()));
    json.put("kernel", rounded(phases.kernel()));
    json.put("control_plane", rounded(phases.controlPlane()));
  }

  private static void describe(Trial trial, ObjectNode json) {
    json.put("trial", trial.number());
    json.put("valid", trial.isValid());
    ArrayNode problems = json.putArray("problems");
    trial.problems().forEach(problems::add);
    describe(trial.phases(), json.putObject("phases_ms"));
    json.put("kernel_routes_changed", trial.kernelRoutes());
    json.put("lost_on_return", trial.lostOnReturn());
    json.put("sender_stall_ms", rounded(trial.stallMs()));
    ArrayNode destinations = json.putArray("destinations");
    for (Destination destination : trial.destinations()) {
      ObjectNode node = destinations.addObject();
      node.put("address", destination.address());
      node.put("sent", destination.sent());
      node.put("lost", destination.lost());
      node.put("gap_ms", rounded(destination.gapMs()));
      node.put("loss_ms", rounded(destination.lossMs()));
      node.put("from_ms", rounded(destination.fromMs()));
    }
  }

  private static double rounded(double value) {
    return Double.isNaN(value) ? value : Math.round(value * 1000) / 1000.0;
  }

  /// The cases in what [#write] gave. Throws IllegalArgumentException when it is no such text, or
  /// was measured with another family, rate, seed or BFD than these options have.
  public static List<Case> cases(String text, FailoverOptions options) {
    JsonNode root = parse(text);
    String now = conditions(frame(options));
    if (!conditions(root).equals(now)) {
      throw new IllegalArgumentException(
          "measured with %s (expected: %s)".formatted(conditions(root), now));
    }
    return cases(root);
  }

  /// The whole of what [#write] gave, for its reports to be written again. Throws
  /// IllegalArgumentException when it is no such text.
  public static FailoverResult read(String text) {
    JsonNode root = parse(text);
    List<Case> cases = cases(root);
    if (cases.isEmpty()) {
      throw new IllegalArgumentException("no results (expected: at least one)");
    }
    int destinations =
        cases.stream()
            .flatMap(each -> each.trials().stream())
            .mapToInt(trial -> trial.destinations().size() - 1)
            .max()
            .orElse(1);
    FailoverOptions options =
        new FailoverOptions(
            "report",
            cases.stream().map(Case::routes).distinct().toList(),
            cases.stream().map(Case::kind).distinct().toList(),
            cases.stream().map(Case::system).distinct().toList(),
            Family.valueOf(root.path("family").asText("IPV4")),
            1,
            1,
            Duration.ofMinutes(1),
            Math.max(1, destinations),
            root.path("rate").asInt(),
            root.path("seed").asLong(),
            null,
            Path.of("logs"));
    return new FailoverResult(
        options, root.path("machine").asText(), root.path("table").asText(), cases);
  }

  private static List<Case> cases(JsonNode root) {
    if (!root.path("results").isArray()) {
      throw new IllegalArgumentException("no results (expected: \"results\": [...])");
    }
    List<Case> cases = new ArrayList<>();
    for (JsonNode each : root.path("results")) {
      List<Trial> trials = new ArrayList<>();
      each.path("each_trial").forEach(trial -> trials.add(trial(trial)));
      cases.add(
          new Case(
              each.path("system").asText(),
              each.path("version").asText(),
              each.path("setup").asText(),
              FailureKind.parse(each.path("kind").asText()),
              each.path("routes").asInt(),
              trials));
    }
    return cases;
  }

  private static JsonNode parse(String text) {
    try {
      return new ObjectMapper().readTree(text);
    } catch (JsonProcessingException e) {
      throw new IllegalArgumentException("no JSON: " + e.getOriginalMessage(), e);
    }
  }

  private static String conditions(JsonNode root) {
    return "bench %s, family %s, rate %s, seed %s, BFD %s ms x %s"
        .formatted(
            root.path("bench").asText("unknown"),
            root.path("family").asText("unknown"),
            root.path("rate").asText("unknown"),
            root.path("seed").asText("unknown"),
            root.path("bfd_interval_ms").asText("unknown"),
            root.path("bfd_multiplier").asText("unknown"));
  }

  private static Trial trial(JsonNode json) {
    List<String> problems = new ArrayList<>();
    json.path("problems").forEach(problem -> problems.add(problem.asText()));
    List<Destination> destinations = new ArrayList<>();
    json.path("destinations").forEach(each -> destinations.add(destination(each)));
    JsonNode phases = json.path("phases_ms");
    return new Trial(
        json.path("trial").asInt(),
        problems,
        destinations,
        new Phases(
            phases.path("detect").asDouble(),
            phases.path("kernel").asDouble(),
            phases.path("control_plane").asDouble()),
        json.path("lost_on_return").asLong(),
        json.path("kernel_routes_changed").asLong(),
        json.path("sender_stall_ms").asDouble());
  }

  private static Destination destination(JsonNode json) {
    return new Destination(
        json.path("address").asText(),
        json.path("sent").asLong(),
        json.path("lost").asLong(),
        json.path("gap_ms").asDouble(),
        json.path("loss_ms").asDouble(),
        json.path("from_ms").asDouble());
  }
}

package net.donut.lab.net;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.time.Duration;

/// A cut as fields of JSON, in the state file and in `donut lab status -o json`.
public final class CutJson {
  private CutJson() {}

  /// Adds the fields of a cut: its kind and its measures.
  public static void put(ObjectNode json, Cut cut) {
    json.put("kind", cut.kind());
    switch (cut) {
      case Cut.BrownOut(double lossPercent) -> json.put("loss_percent", lossPercent);
      case Cut.Flap(int count, Duration period) ->
          json.put("count", count).put("period_ms", period.toMillis());
      case Cut.Plain _, Cut.OfNode _ -> {}
    }
  }

  static Cut read(JsonNode json) {
    String kind = json.path("kind").asText();
    return switch (kind) {
      case Cut.BrownOut.KIND -> new Cut.BrownOut(json.path("loss_percent").asDouble());
      case Cut.Flap.KIND ->
          new Cut.Flap(
              json.path("count").asInt(), Duration.ofMillis(json.path("period_ms").asLong()));
      default -> Cut.parse(kind);
    };
  }
}

package net.donut.lab.net;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.time.Duration;

/// Cuts as fields of JSON, in the file of faults and in what `-o json` prints.
public final class CutJson {
  private CutJson() {}

  /// Adds what a link or node is: `up`, `down`, or `cut` and in which way.
  public static void put(ObjectNode json, CutState standing) {
    switch (standing) {
      case CutState.Uncut.UP -> json.put("state", "up");
      case CutState.Uncut.DOWN_WITH_NODE -> json.put("state", "down");
      case CutState.Failed(Cut how) -> put(json.put("state", "cut"), how);
    }
  }

  /// Adds the fields of a cut: its kind and its measures.
  static void put(ObjectNode json, Cut cut) {
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

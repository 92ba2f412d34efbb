package net.donut.lab.probe;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.List;

/// Viewings in reports for programs.
public final class ViewingJson {
  private ViewingJson() {}

  /// An object an audience.
  public static void put(ArrayNode json, List<Viewing> viewings) {
    viewings.forEach(viewing -> put(json.addObject(), viewing));
  }

  public static void put(ObjectNode json, Viewing viewing) {
    json.put("name", viewing.audience().name())
        .put("streams", viewing.audience().streams())
        .put("asked", viewing.asked())
        .put("lost", viewing.lost())
        .put("routers", viewing.routers())
        .put("rtt_ms_p50", viewing.roundTripMillis(50))
        .put("rtt_ms_p99", viewing.roundTripMillis(99))
        .put("jitter_ms", viewing.jitterMicros() / 1e3)
        .put("outage_ms", viewing.outage().toNanos() / 1e6)
        .put("interrupted_streams", viewing.interrupted())
        .put("way_changes", viewing.wayChanges());
  }
}

package net.donut.lab.clab.link;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.PrintWriter;
import java.time.Duration;
import java.util.List;
import net.donut.lab.clab.run.LabRecord;
import net.donut.lab.impair.Calibration;
import net.donut.lab.impair.Quality;
import net.donut.lab.net.Impairment;
import net.donut.report.text.Pen;
import net.donut.report.text.TextTable;

/// What was asked of a link and what a calibration found.
///
/// @param means by which it is impaired; empty for a wire
public record CalibratedLink(
    LabRecord.Link link, Impairment asked, String means, Calibration.Found found) {
  private static final ObjectMapper JSON = new ObjectMapper();

  /// Two lines a link, one a direction.
  public static void print(PrintWriter out, List<CalibratedLink> links) {
    TextTable table = new TextTable("LINK", "ASKED", "BY", "P50", "P99", "JITTER", "LOSS", "RATE");
    for (CalibratedLink one : links) {
      LabRecord.Link link = one.link;
      table
          .row(row(direction(link.a(), link.b()), one.asked, one.means, one.found.forth()))
          .row(row(direction(link.b(), link.a()), " ", " ", one.found.back()));
    }
    table.print(out, Pen.PLAIN);
  }

  private static List<Object> row(String direction, Object asked, String means, Quality quality) {
    return List.of(
        direction,
        asked,
        means,
        milliseconds(quality, quality.delayP50()),
        milliseconds(quality, quality.delayP99()),
        milliseconds(quality, quality.jitter()),
        "%.2f %%".formatted(quality.lossPercent()),
        quality.rateBits() == 0
            ? "not measured"
            : "%,.2f mbit".formatted(quality.rateBits() / 1e6));
  }

  private static String direction(LabRecord.End from, LabRecord.End to) {
    return from + " > " + to;
  }

  private static String milliseconds(Quality quality, Duration time) {
    return quality.isDead() ? "-" : "%.2f ms".formatted(time.toNanos() / 1e6);
  }

  /// The same as an array.
  public static ArrayNode json(List<CalibratedLink> links) {
    ArrayNode all = JSON.createArrayNode();
    for (CalibratedLink one : links) {
      ObjectNode json = all.addObject().put("link", one.link.name()).put("means", one.means);
      ObjectNode asked = json.putObject("asked");
      one.asked.texts().forEach((measure, text) -> asked.put(measure.word(), text));
      ArrayNode found = json.putArray("found");
      put(found.addObject(), one.link.a(), one.link.b(), one.found.forth());
      put(found.addObject(), one.link.b(), one.link.a(), one.found.back());
    }
    return all;
  }

  private static void put(ObjectNode json, LabRecord.End from, LabRecord.End to, Quality quality) {
    json.put("from", from.toString())
        .put("to", to.toString())
        .put("sent", quality.sent())
        .put("loss_percent", quality.lossPercent());
    if (!quality.isDead()) {
      json.put("delay_p50_ms", quality.delayP50().toNanos() / 1e6)
          .put("delay_p99_ms", quality.delayP99().toNanos() / 1e6)
          .put("jitter_ms", quality.jitter().toNanos() / 1e6);
    }
    if (quality.rateBits() > 0) {
      json.put("rate_bits", quality.rateBits());
    }
  }
}

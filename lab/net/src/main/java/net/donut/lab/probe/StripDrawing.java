package net.donut.lab.probe;

import java.util.List;

/// The received rate of one direction through one event, as a strip: full height is all that was
/// sent, red is what is missing.
public final class StripDrawing {
  private static final int COLUMNS = 260;
  private static final int HEIGHT = 34;

  private StripDrawing() {}

  /// What a page that has one needs in its style.
  public static final String STYLE =
      """
      .strip{width:100%;height:34px;display:block;background:color-mix(in srgb,var(--good) 6%,var(--card));border-radius:4px}
      .strip .got{fill:color-mix(in srgb,var(--good) 45%,transparent)}.strip .lost{fill:var(--bad)}
      .strip .at{stroke:var(--fg);stroke-width:1;vector-effect:non-scaling-stroke;stroke-dasharray:3 2}
      """;

  /// @param leadMs how long the window lasted before the event
  public static String draw(StreamResult stream, double leadMs) {
    List<Integer> bins = stream.bins();
    if (bins.isEmpty()) {
      return "";
    }
    int columns = Math.min(COLUMNS, bins.size());
    StringBuilder got = new StringBuilder("M0 " + HEIGHT);
    StringBuilder missing = new StringBuilder();
    for (int column = 0; column < columns; column++) {
      int from = column * bins.size() / columns;
      int to = Math.max(from + 1, (column + 1) * bins.size() / columns);
      double share = 1;
      for (int bin = from; bin < to; bin++) {
        int lost = stream.lostBins().get(bin);
        if (lost > 0) {
          share = Math.min(share, bins.get(bin) / (double) (bins.get(bin) + lost));
        }
      }
      double top = HEIGHT * (1 - share);
      got.append(" V%.1f H%d".formatted(top, column + 1));
      if (share < 1) {
        missing.append("M%d 0 h1 V%.1f h-1 Z".formatted(column, Math.max(top, 2)));
      }
    }
    got.append(" V").append(HEIGHT).append(" Z");
    double event = columns * leadMs / (bins.size() * (double) Probes.BIN_MILLIS);
    return """
    <svg class="strip" viewBox="0 0 %d %d" preserveAspectRatio="none" role="img" \
    aria-label="received rate: %d of %d packets">\
    <path class="got" d="%s"/><path class="lost" d="%s"/>\
    <line class="at" x1="%.1f" x2="%.1f" y1="0" y2="%d"/></svg>\
    """
        .formatted(
            columns, HEIGHT, stream.received(), stream.sent(), got, missing, event, event, HEIGHT);
  }
}

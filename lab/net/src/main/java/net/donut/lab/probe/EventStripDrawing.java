package net.donut.lab.probe;

import java.util.List;
import java.util.Locale;

/// An [EventStrip] as SVG: a dot for each packet that arrived, a cross for each that was lost. Time
/// runs in columns of [EventStrip#COLUMN_MS] from left to right, and in each from top to bottom.
public final class EventStripDrawing {
  private static final double COLUMN = 10;
  private static final int ROWS = 5;
  private static final double DOT = 0.36;

  private EventStripDrawing() {}

  /// What a page that has one needs in its style.
  public static final String STYLE =
      """
      .dots{width:100%;height:auto;display:block}
      .dots .got{stroke:var(--good);stroke-linecap:round;fill:none;opacity:.75}
      .dots .lost{stroke:var(--bad);stroke-width:2.4;stroke-linecap:round;fill:none}
      .dots .at{stroke:var(--fg);stroke-width:1.5;stroke-dasharray:4 3}
      .ms{position:relative;height:1.25em;font-size:.7rem;color:var(--dim)}
      .ms span{position:absolute;white-space:nowrap}
      """;

  /// @param event what to write below the line of the event
  public static String draw(EventStrip strip, String event) {
    int rows = Math.clamp((strip.packets().size() - 1) / EventStrip.COLUMNS + 1, 1, ROWS);
    double height = rows * COLUMN;
    StringBuilder got = new StringBuilder();
    StringBuilder lost = new StringBuilder();
    double thinnest = COLUMN;
    for (int column = 0; column < EventStrip.COLUMNS; column++) {
      List<EventStrip.Packet> packets = strip.column(column);
      double step = height / Math.max(rows, packets.size());
      thinnest = Math.min(thinnest, step);
      for (int i = 0; i < packets.size(); i++) {
        double x = (column + 0.5) * COLUMN;
        double y = (i + 0.5) * step;
        switch (packets.get(i).fate()) {
          case ARRIVED -> got.append("M%s %sh0".formatted(number(x), number(y)));
          case LOST -> {
            double arm = Math.max(1.5, step * DOT);
            lost.append(
                "M%s %sl%3$s %3$sm0-%3$sl-%3$s %3$s"
                    .formatted(number(x - arm), number(y - arm), number(2 * arm)));
          }
        }
      }
    }
    double at = -EventStrip.FROM_MS * COLUMN / EventStrip.COLUMN_MS;
    return """
    <div><svg class="dots" viewBox="0 0 %s %s" role="img" aria-label="%d of %d packets lost">\
    <path class="got" stroke-width="%s" d="%s"/><path class="lost" d="%s"/>\
    <line class="at" x1="%s" x2="%s" y1="0" y2="%s"/></svg>\
    <div class="ms"><span style="left:0">%d ms</span><span style="left:%s%%">%s</span>\
    <span style="right:0">+%d ms</span></div></div>\
    """
        .formatted(
            number(COLUMN * EventStrip.COLUMNS),
            number(height),
            strip.lost().size(),
            strip.packets().size(),
            number(Math.max(2, thinnest * 2 * DOT)),
            got,
            lost,
            number(at),
            number(at),
            number(height),
            EventStrip.FROM_MS,
            number(100 * at / (COLUMN * EventStrip.COLUMNS)),
            event,
            EventStrip.TO_MS);
  }

  private static String number(double value) {
    return String.format(Locale.ROOT, "%.1f", value).replaceAll("\\.0$", "");
  }
}

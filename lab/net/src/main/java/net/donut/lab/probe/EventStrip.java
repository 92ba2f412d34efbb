package net.donut.lab.probe;

import java.util.List;

/// Each packet that one direction of a flow sent around an event.
///
/// @param packets those sent from [#FROM_MS] to [#TO_MS] after the event, in the order of sending
public record EventStrip(List<Packet> packets) {
  /// Where a strip begins: before the event.
  public static final int FROM_MS = -50;

  public static final int TO_MS = 250;

  /// How much time one column of a drawing, or one character of the text, stands for.
  public static final int COLUMN_MS = 5;

  static final int COLUMNS = (TO_MS - FROM_MS) / COLUMN_MS;

  private static final int MOST_DIGITS = 9;

  /// A packet.
  ///
  /// @param atMs when it was sent, after the event; below 0 before it
  public record Packet(double atMs, Fate fate) {}

  /// What became of a packet.
  public enum Fate {
    ARRIVED,
    LOST
  }

  public EventStrip {
    packets =
        packets.stream()
            .filter(packet -> packet.atMs() >= FROM_MS && packet.atMs() < TO_MS)
            .toList();
  }

  /// The packets that were lost.
  public List<Packet> lost() {
    return packets.stream().filter(packet -> packet.fate() == Fate.LOST).toList();
  }

  /// The packets of one column.
  List<Packet> column(int column) {
    double from = FROM_MS + column * (double) COLUMN_MS;
    return packets.stream()
        .filter(packet -> packet.atMs() >= from && packet.atMs() < from + COLUMN_MS)
        .toList();
  }

  /// A line for a terminal, one character per column: `.` where all arrived, a digit for how many
  /// were lost, `#` where none arrived, a blank where none was sent; `|` is the event.
  public String text() {
    StringBuilder text = new StringBuilder("%d ms ".formatted(FROM_MS));
    for (int column = 0; column < COLUMNS; column++) {
      if (column == -FROM_MS / COLUMN_MS) {
        text.append('|');
      }
      text.append(character(column(column)));
    }
    return text.append(" +%d ms".formatted(TO_MS)).toString();
  }

  private static char character(List<Packet> packets) {
    int lost = (int) packets.stream().filter(packet -> packet.fate() == Fate.LOST).count();
    if (packets.isEmpty()) {
      return ' ';
    }
    if (lost == 0) {
      return '.';
    }
    return lost == packets.size() || lost > MOST_DIGITS ? '#' : (char) ('0' + lost);
  }
}

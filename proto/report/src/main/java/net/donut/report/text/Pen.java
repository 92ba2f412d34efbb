package net.donut.report.text;

/// Writes inked text: with colours on a terminal, as plain text anywhere else.
public enum Pen {
  PLAIN,
  COLOUR;

  /// The one that writes in colour, or the one that does not.
  public static Pen of(boolean colour) {
    return colour ? COLOUR : PLAIN;
  }

  /// The text as it is sent to the terminal.
  public String write(Inked inked) {
    return write(inked.ink(), inked.text());
  }

  /// As [#write(Inked)].
  public String write(Ink ink, String text) {
    return this == PLAIN || ink == Ink.PLAIN || text.isEmpty()
        ? text
        : "\u001b[" + ink.code() + "m" + text + "\u001b[0m";
  }
}

package net.donut.report.text;

/// What a piece of text says about how things are. A [Pen] turns it into a colour, or into nothing.
public enum Ink {
  PLAIN(""),
  /// As it should be: a session that is up, a route in the kernel.
  GOOD("32"),
  /// Not as it should be: a session that is down, a link that is cut.
  BAD("31"),
  /// On its way, or kept for a while: routes of a lost session, a process that is frozen.
  WAITING("33"),
  /// What the eye should find first: the best path.
  STRONG("1"),
  /// What may be skipped.
  FAINT("2");

  private final String code;

  Ink(String code) {
    this.code = code;
  }

  /// The parameter of the SGR control sequence (ECMA-48 §8.3.117); empty for none.
  String code() {
    return code;
  }

  /// The text in this ink.
  public Inked of(Object text) {
    return new Inked(this, String.valueOf(text));
  }
}

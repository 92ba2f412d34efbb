package net.donut.report.text;

/// A piece of text with the ink it is written in. `toString` is the text alone.
public record Inked(Ink ink, String text) {
  @Override
  public String toString() {
    return text;
  }
}

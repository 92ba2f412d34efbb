package net.donut.lab.clab.template;

/// What a template may cost, so that one which goes on without end is stopped. Owned by the thread
/// that renders.
final class Budget {
  /// Characters of the output, or of any text on the way to it.
  private static final int MOST_TEXT = 1 << 20;

  private static final long MOST_STEPS = 10_000_000;
  private static final int MOST_DEPTH = 400;
  private static final int CHARACTERS_A_STEP = 64;

  private long steps;
  private int depth;

  /// Throws IllegalArgumentException for a text that is too long.
  static void requireText(long length) {
    if (length > MOST_TEXT) {
      throw new IllegalArgumentException(
          "a text of %d characters (expected: at most %d)".formatted(length, MOST_TEXT));
    }
  }

  /// Takes a step over a value of some size. Throws IllegalArgumentException after too many.
  void step(long size) {
    steps += 1 + size / CHARACTERS_A_STEP;
    if (steps > MOST_STEPS) {
      throw new IllegalArgumentException("it takes more than " + MOST_STEPS + " steps");
    }
  }

  /// Goes into a part or a call. Throws IllegalArgumentException for the inside of too many.
  void enter() {
    if (++depth > MOST_DEPTH) {
      throw new IllegalArgumentException(
          "more than " + MOST_DEPTH + " calls and parts inside of each other");
    }
  }

  void leave() {
    depth--;
  }
}

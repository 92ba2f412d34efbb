package net.donut.wire.mrt;

import java.util.List;

/// What became of a record that was to be printed. Lines, problems and what was skipped together
/// account for all of it, but for a PEER_INDEX_TABLE, which is kept for the entries behind it.
///
/// @param lines how many lines it gave
/// @param skipped what was left out on purpose, such as `KEEPALIVE`; empty when nothing was
/// @param problems what was wrong, value and expectation, one each
public record Printed(int lines, String skipped, List<String> problems) {
  public Printed {
    problems = List.copyOf(problems);
  }

  static final Printed KEPT = new Printed(0, "", List.of());

  static Printed lines(int lines) {
    return new Printed(lines, "", List.of());
  }

  static Printed skipped(String what) {
    return new Printed(0, what, List.of());
  }
}

package net.donut.simulate;

import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;

/// What is said on standard error about a dump that is printed: the first problems in full and how
/// many there were, and in one line what was left out on purpose.
final class Remarks {
  private final PrintWriter err;
  private final int mostProblems;
  private final LeftOutCounts skipped = new LeftOutCounts();
  private long problems;

  Remarks(PrintWriter err, int mostProblems) {
    this.err = err;
    this.mostProblems = mostProblems;
  }

  /// Something of the dump could not be used.
  void problem(String line) {
    if (++problems <= mostProblems) {
      err.println("donut: " + line);
    }
  }

  /// Something was left out on purpose; nothing was when `what` is empty.
  void skipped(String what) {
    if (!what.isEmpty()) {
      skipped.count(what, 1);
    }
  }

  long problems() {
    return problems;
  }

  void end(Path file) {
    if (problems > mostProblems) {
      err.println(
          "donut: %s: %,d more problems like these".formatted(file, problems - mostProblems));
    }
    if (!skipped.isEmpty()) {
      err.println("donut: " + file + ": " + skipped.line());
    }
  }

  /// Counts by kind.
  static final class LeftOutCounts {
    private final Map<String, Long> counts = new TreeMap<>();

    void count(String kind, long times) {
      counts.merge(kind, times, Long::sum);
    }

    boolean isEmpty() {
      return counts.isEmpty();
    }

    Map<String, Long> counts() {
      return counts;
    }

    /// Such as `left out on purpose: 3 KEEPALIVE, 2 RIB_IPV4_MULTICAST`.
    String line() {
      return line(counts);
    }

    static String line(Map<String, Long> counts) {
      return counts.entrySet().stream()
          .map(entry -> "%,d %s".formatted(entry.getValue(), entry.getKey()))
          .collect(Collectors.joining(", ", "left out on purpose: ", ""));
    }
  }
}

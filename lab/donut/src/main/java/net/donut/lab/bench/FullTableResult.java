package net.donut.lab.bench;

import java.util.Comparator;
import java.util.List;

/// What a bench of the full table has measured.
///
/// @param prefixes where the prefixes come from
/// @param distinctPaths AS paths in all feeds together
/// @param attributeSets of the first feed
public record FullTableResult(
    FullTableOptions options,
    String prefixes,
    int distinctPaths,
    int attributeSets,
    String machine,
    List<Row> rows) {
  public FullTableResult {
    rows = List.copyOf(rows);
  }

  /// One system, all its trials.
  public record Row(String system, String version, String setup, List<Trial> trials) {
    public Row {
      trials = List.copyOf(trials);
    }

    /// The trial in the middle by its time; of two the slower.
    public Trial median() {
      return trials.stream()
          .sorted(Comparator.comparingDouble(Trial::seconds))
          .toList()
          .get(trials.size() / 2);
    }

    public double fastestSeconds() {
      return trials.stream().mapToDouble(Trial::seconds).min().orElse(Double.NaN);
    }

    public double slowestSeconds() {
      return trials.stream().mapToDouble(Trial::seconds).max().orElse(Double.NaN);
    }
  }

  /// One run of a system. Seconds since its first process was started.
  ///
  /// @param seconds to the last change of a route in the kernel
  /// @param completeSeconds until the kernel had as many routes as the table; NaN if never
  /// @param installed routes in a dump of the kernel after the end
  /// @param feederCpuSeconds what the feeds used meanwhile: it shares the processors
  /// @param phases what the system says of itself, in the order of time; empty for others than
  ///   Donut
  public record Trial(
      double seconds,
      double firstSeconds,
      double completeSeconds,
      double cpuSeconds,
      double rssMb,
      double peakRssMb,
      long installed,
      long changes,
      boolean overrun,
      double feederCpuSeconds,
      List<Phase> phases) {
    public Trial {
      phases = List.copyOf(phases);
    }
  }

  /// Something that had happened so many seconds after the start.
  public record Phase(String what, double seconds) {}

  /// Whether every system has put the whole table into the kernel, every time.
  public boolean complete() {
    return rows.stream()
        .flatMap(row -> row.trials().stream())
        .allMatch(trial -> trial.installed() == options.routes());
  }
}

package net.donut.lab.bench;

import java.util.List;
import java.util.function.ToDoubleFunction;

/// What a bench of failover measured.
///
/// @param table where the prefixes come from
public record FailoverResult(
    FailoverOptions options, String machine, String table, List<Case> cases) {
  public FailoverResult {
    cases = List.copyOf(cases);
  }

  /// The systems that were measured, in the order of the cases. A bench that goes on from an
  /// earlier one was asked for the last of them only.
  public List<String> systems() {
    return cases.stream().map(Case::system).distinct().toList();
  }

  /// The kinds of failure that were measured, in the order of the cases.
  public List<FailureKind> kinds() {
    return cases.stream().map(Case::kind).distinct().toList();
  }

  /// Whether every case has a trial that counts.
  public boolean complete() {
    return cases.stream().noneMatch(each -> each.valid().isEmpty());
  }

  /// One system, kind of failure and table size.
  public record Case(
      String system,
      String version,
      String setup,
      FailureKind kind,
      int routes,
      List<Trial> trials) {
    public Case {
      trials = List.copyOf(trials);
    }

    /// The trials that count.
    public List<Trial> valid() {
      return trials.stream().filter(Trial::isValid).toList();
    }

    /// Of the trials that count, in ascending order.
    double[] sorted(ToDoubleFunction<Trial> value) {
      return valid().stream().mapToDouble(value).sorted().toArray();
    }

    /// A share of the worst gaps is at most this long; `share` 0..1. NaN without a trial that
    /// counts.
    public double worstGapMs(double share) {
      return quantile(share, sorted(Trial::worstGapMs));
    }

    /// The median of each phase over the trials that count.
    Phases phases() {
      return new Phases(
          median(trial -> trial.phases().detect()),
          median(trial -> trial.phases().kernel()),
          median(trial -> trial.phases().controlPlane()));
    }

    private double median(ToDoubleFunction<Trial> value) {
      return quantile(0.5, sorted(value));
    }

    /// The most packets lost to one destination.
    public long mostLost() {
      return valid().stream().mapToLong(Trial::mostLost).max().orElse(0);
    }

    /// The most packets lost to one destination when the exit came back.
    public long mostLostOnReturn() {
      return valid().stream().mapToLong(Trial::lostOnReturn).max().orElse(0);
    }
  }

  /// The smallest value that so large a share of all does not exceed (nearest rank).
  static double quantile(double share, double... sorted) {
    if (sorted.length == 0) {
      return Double.NaN;
    }
    int rank = (int) Math.ceil(share * sorted.length);
    return sorted[Math.clamp(rank - 1L, 0, sorted.length - 1)];
  }

  /// One failure and return.
  ///
  /// @param problems why it does not count, empty if it does
  /// @param phases of the destination that was worst
  /// @param lostOnReturn most packets lost to one destination when the exit came back
  /// @param kernelRoutes routes changed in the kernel from failure to rest
  /// @param stallMs longest time in which the sender itself sent nothing
  public record Trial(
      int number,
      List<String> problems,
      List<Destination> destinations,
      Phases phases,
      long lostOnReturn,
      long kernelRoutes,
      double stallMs) {
    public Trial {
      problems = List.copyOf(problems);
      destinations = List.copyOf(destinations);
    }

    public boolean isValid() {
      return problems.isEmpty();
    }

    /// The destination with the longest gap.
    public Destination worst() {
      return destinations.stream()
          .max(java.util.Comparator.comparingDouble(Destination::gapMs))
          .orElseThrow();
    }

    public double worstGapMs() {
      return worst().gapMs();
    }

    public long mostLost() {
      return destinations.stream().mapToLong(Destination::lost).max().orElse(0);
    }
  }

  /// What one destination lost.
  ///
  /// @param gapMs longest time between two packets that arrived with some lost in between; one
  ///   period without loss
  /// @param lossMs lost packets times their period: differs from the gap when there was more than
  ///   one
  /// @param fromMs when the longest gap began, since the failure
  public record Destination(
      String address, long sent, long lost, double gapMs, double lossMs, double fromMs) {}

  /// Where the time went, in milliseconds; detect and kernel are the outage, the control plane
  /// works on after it.
  ///
  /// @param detect from the failure to the first change in the kernel of the router
  /// @param kernel from there until the worst destination was reached again
  /// @param controlPlane from there to the last change in the kernel
  public record Phases(double detect, double kernel, double controlPlane) {
    /// @param failed when the failure happened, `System.nanoTime`
    /// @param recovered when the worst destination was reached again
    /// @param firstChange in the kernel, 0 for none
    static Phases of(long failed, long recovered, long firstChange, long lastChange) {
      long known = firstChange == 0 ? recovered : Math.clamp(firstChange, failed, recovered);
      return new Phases(
          (known - failed) / 1e6,
          (recovered - known) / 1e6,
          Math.max(0, lastChange - recovered) / 1e6);
    }
  }
}

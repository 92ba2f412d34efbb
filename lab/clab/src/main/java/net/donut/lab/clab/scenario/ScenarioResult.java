package net.donut.lab.clab.scenario;

import java.time.Duration;
import java.util.List;
import net.donut.lab.clab.model.Scenario.Step;
import net.donut.lab.probe.StreamLog;
import net.donut.lab.probe.StreamResult;
import net.donut.lab.probe.Viewing;

/// What a scenario came to.
///
/// @param lab the name it was deployed under
/// @param viewers what became of streams, an audience each; empty without
public record ScenarioResult(
    String scenario, String lab, List<StepResult> steps, List<StreamLog> viewers) {

  /// How a step ended.
  public sealed interface Verdict {
    enum Plain implements Verdict {
      PASSED,
      /// A step before it failed without which it means nothing.
      SKIPPED
    }

    /// @param reason what was found and what was expected, a line each
    record Failed(String reason) implements Verdict {}
  }

  /// What a step came to.
  ///
  /// @param streams what became of the flows while it was watched, a direction each; empty for
  ///   steps that watch nothing
  /// @param begunNanos `System.nanoTime` when it began
  public record StepResult(
      Step step, Verdict verdict, long begunNanos, Duration took, List<StreamResult> streams) {
    public StepResult {
      streams = List.copyOf(streams);
    }

    public long endedNanos() {
      return begunNanos + took.toNanos();
    }
  }

  public ScenarioResult {
    steps = List.copyOf(steps);
    viewers = List.copyOf(viewers);
  }

  /// What each audience saw in a step.
  public List<Viewing> viewings(StepResult step) {
    return viewers.stream()
        .map(log -> Viewing.of(log, step.begunNanos(), step.endedNanos()))
        .toList();
  }

  public boolean hasPassed() {
    return steps.stream().allMatch(step -> step.verdict() == Verdict.Plain.PASSED);
  }
}

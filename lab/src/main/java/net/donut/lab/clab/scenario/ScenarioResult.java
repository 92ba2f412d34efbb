package net.donut.lab.clab.scenario;

import java.time.Duration;
import java.util.List;
import net.donut.lab.clab.model.Scenario.Step;
import net.donut.lab.probe.StreamResult;

/// What a scenario came to.
///
/// @param lab the name it was deployed under
public record ScenarioResult(String scenario, String lab, List<StepResult> steps) {

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
  public record StepResult(Step step, Verdict verdict, Duration took, List<StreamResult> streams) {
    public StepResult {
      streams = List.copyOf(streams);
    }
  }

  public ScenarioResult {
    steps = List.copyOf(steps);
  }

  public boolean hasPassed() {
    return steps.stream().allMatch(step -> step.verdict() == Verdict.Plain.PASSED);
  }
}

package net.donut.simulate;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import net.donut.api.PolicyChecker.Problem;
import net.donut.api.PolicyChecker.Severity;
import net.donut.controller.policy.PolicyDocument;
import net.donut.controller.policy.PolicyReader;
import net.donut.core.policy.Policy;
import net.donut.model.FileFailure;

/// The policy of a simulation: the values the decision needs, and who the peers of dumps are.
record SimulationPolicy(Policy policy, PolicyDocument.SimulateEntry simulate) {

  /// Throws [BadInput] with every mistake of the file.
  static SimulationPolicy read(Path file) {
    String text;
    try {
      text = Files.readString(file, StandardCharsets.UTF_8);
    } catch (IOException e) {
      throw new BadInput(
          file
              + ": "
              + (Files.exists(file) ? "not readable: " + FileFailure.reason(e) : "no such file")
              + " (expected: a policy file, or none)");
    }
    PolicyReader.Reading reading = PolicyReader.read(file.toString(), text);
    PolicyDocument document = reading.document();
    if (document == null) {
      StringBuilder mistakes = new StringBuilder();
      for (Problem problem : reading.problems()) {
        if (problem.severity() == Severity.ERROR) {
          mistakes.append(mistakes.isEmpty() ? "" : System.lineSeparator()).append(line(problem));
        }
      }
      throw new BadInput(mistakes.toString());
    }
    // The next hops of a dump are those of a collector's network, not of the policy's.
    Policy policy = document.toPolicy();
    return new SimulationPolicy(
        policy.withFilters(policy.filters().withAnyNextHop()), document.simulate());
  }

  private static String line(Problem problem) {
    return "%s:%d:%d: %s"
        .formatted(problem.file(), problem.line(), problem.column(), problem.message());
  }
}

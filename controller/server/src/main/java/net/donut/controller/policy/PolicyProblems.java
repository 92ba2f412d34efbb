package net.donut.controller.policy;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import net.donut.api.PolicyChecker.Problem;
import net.donut.api.PolicyChecker.Severity;

/// The mistakes found so far in one file. Owned by the thread that reads the file.
final class PolicyProblems {
  private final String file;
  private final List<Problem> list = new ArrayList<>();

  PolicyProblems(String file) {
    this.file = file;
  }

  void error(PolicyPlace at, String message) {
    list.add(new Problem(file, at.line(), at.column(), message, Severity.ERROR));
  }

  void warning(PolicyPlace at, String message) {
    list.add(new Problem(file, at.line(), at.column(), message, Severity.WARNING));
  }

  boolean hasErrors() {
    return list.stream().anyMatch(problem -> problem.severity() == Severity.ERROR);
  }

  /// In the order of the file.
  List<Problem> sorted() {
    return list.stream()
        .sorted(Comparator.comparingInt(Problem::line).thenComparingInt(Problem::column))
        .toList();
  }
}

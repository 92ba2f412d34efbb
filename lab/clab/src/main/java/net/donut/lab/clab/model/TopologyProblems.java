package net.donut.lab.clab.model;

import java.util.Comparator;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/// The problems found so far in one topology. Owned by the thread that reads it.
public final class TopologyProblems {
  private final Set<Problem> found = new LinkedHashSet<>();

  public void error(FilePlace place, String message) {
    found.add(new Problem(Problem.Severity.ERROR, place, message));
  }

  public void warning(FilePlace place, String message) {
    found.add(new Problem(Problem.Severity.WARNING, place, message));
  }

  /// What keeps the lab from being deployed, in the order of the file.
  public List<Problem> errors() {
    return of(Problem.Severity.ERROR);
  }

  /// What is said and then passed over.
  public List<Problem> warnings() {
    return of(Problem.Severity.WARNING);
  }

  private List<Problem> of(Problem.Severity severity) {
    return found.stream()
        .filter(problem -> problem.severity() == severity)
        .sorted(Comparator.comparingInt(problem -> problem.place().line()))
        .toList();
  }
}

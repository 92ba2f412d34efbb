package net.donut.api;

import java.util.List;

/// Checks the text of a policy without a controller; found through `ServiceLoader`, so that the
/// command line does not depend on the controller.
public interface PolicyChecker {

  /// One mistake. `line` and `column` start at 1; `message` says what was found and what is
  /// expected.
  record Problem(String file, int line, int column, String message, Severity severity) {}

  enum Severity {
    ERROR,
    WARNING
  }

  /// Every mistake of the text at once, in the order of the file; empty when it is good.
  List<Problem> check(String fileName, String text);
}

package net.donut.lab.clab.model;

/// Something wrong in a topology file, or something in it that has no effect here.
public record Problem(Severity severity, FilePlace place, String message) {
  /// Whether the lab can be deployed all the same.
  public enum Severity {
    ERROR,
    WARNING
  }

  @Override
  public String toString() {
    return place + ": " + (severity == Severity.WARNING ? "warning: " : "") + message;
  }
}

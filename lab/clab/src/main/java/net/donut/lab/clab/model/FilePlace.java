package net.donut.lab.clab.model;

/// A line of a file, for messages: `lab.clab.yml:12`.
///
/// @param column from 1; 0 where only the line is known
public record FilePlace(String file, int line, int column) {
  public FilePlace(String file, int line) {
    this(file, line, 0);
  }

  @Override
  public String toString() {
    return file + ":" + line + (column == 0 ? "" : ":" + column);
  }
}

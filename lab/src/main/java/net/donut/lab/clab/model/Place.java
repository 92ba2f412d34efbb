package net.donut.lab.clab.model;

/// A line of a file, for messages: `lab.clab.yml:12`.
public record Place(String file, int line) {
  @Override
  public String toString() {
    return file + ":" + line;
  }
}

package net.donut.lab.clab.model;

import java.nio.file.Path;

/// A file or directory of the host that a node sees at a place of its own.
public record Bind(Path source, String destination, Access access) {
  /// Whether the node may write to it.
  public enum Access {
    READ_WRITE,
    READ_ONLY
  }

  @Override
  public String toString() {
    return source + ":" + destination + (access == Access.READ_ONLY ? ":ro" : "");
  }
}

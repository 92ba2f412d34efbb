package net.donut.lab.clab.model;

import java.nio.file.Path;
import java.util.List;

/// A file or directory of the host that a node sees at a place of its own.
///
/// @param options in Docker's words
public record Bind(Path source, String destination, List<String> options) {
  public Bind {
    options = List.copyOf(options);
  }

  /// Whether the node may not write to it.
  public boolean isReadOnly() {
    return options.contains("ro");
  }

  @Override
  public String toString() {
    return source + ":" + destination + (options.isEmpty() ? "" : ":" + String.join(",", options));
  }
}

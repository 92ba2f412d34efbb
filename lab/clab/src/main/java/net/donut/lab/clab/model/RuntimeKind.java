package net.donut.lab.clab.model;

import java.util.Locale;

/// What the nodes of a lab are made of.
public enum RuntimeKind {
  /// Namespaces and this machine's programs.
  NETNS,
  /// Containers of a Docker engine.
  DOCKER;

  /// As `--runtime` has it.
  public String word() {
    return name().toLowerCase(Locale.ROOT);
  }
}

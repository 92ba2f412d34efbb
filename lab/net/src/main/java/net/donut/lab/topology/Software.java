package net.donut.lab.topology;

import java.util.Locale;

/// The BGP software a neighbor runs.
public enum Software {
  BIRD,
  FRR,
  /// Our own speaker inside the lab's process.
  DONUT;

  /// The word in reports: `bird`, `frr`, `donut`.
  public String word() {
    return name().toLowerCase(Locale.ROOT);
  }
}

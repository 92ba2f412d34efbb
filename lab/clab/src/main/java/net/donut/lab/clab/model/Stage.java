package net.donut.lab.clab.model;

import java.util.List;
import java.util.Locale;

/// A step in the life of a node that others may wait for.
public enum Stage {
  CREATE,
  CREATE_LINKS,
  CONFIGURE,
  HEALTHY,
  EXIT;

  /// As topology files write it.
  public String word() {
    return name().toLowerCase(Locale.ROOT).replace('_', '-');
  }

  /// Another node's stage that must be over first.
  public record Wait(String node, Stage stage, FilePlace place) {}

  /// A command at the begin or end of a stage.
  public record Exec(String line, Target target, Phase phase) {
    /// Where it runs.
    public enum Target {
      CONTAINER,
      HOST
    }

    /// When it runs.
    public enum Phase {
      ON_ENTER,
      ON_EXIT
    }
  }

  /// What a node says about one stage.
  public record Rules(List<Wait> waits, List<Exec> commands) {
    public static final Rules NONE = new Rules(List.of(), List.of());

    public Rules {
      waits = List.copyOf(waits);
      commands = List.copyOf(commands);
    }
  }
}

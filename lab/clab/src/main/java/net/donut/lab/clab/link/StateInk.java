package net.donut.lab.clab.link;

import java.util.Locale;
import net.donut.report.text.Ink;
import net.donut.report.text.Inked;

/// The state of a node, a link or a process with its ink: green where it works, red where it is cut
/// or has ended, yellow where it waits.
public final class StateInk {
  private StateInk() {}

  public static Inked of(Object state) {
    String text = state.toString();
    String lower = text.toLowerCase(Locale.ROOT);
    Ink ink =
        lower.startsWith("up") || lower.startsWith("running")
            ? lower.contains("unhealthy")
                ? Ink.BAD
                : lower.contains("paused") ? Ink.WAITING : Ink.GOOD
            : lower.startsWith("created") || lower.contains("paused") ? Ink.WAITING : Ink.BAD;
    return ink.of(text);
  }
}

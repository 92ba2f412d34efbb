package net.donut.lab.impair;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import net.donut.lab.net.Command;
import net.donut.lab.net.Impairment;
import net.donut.lab.net.ImpairmentKind;
import net.donut.lab.net.Impairments;
import net.donut.lab.net.LabException;
import net.donut.lab.net.LabWire;
import net.donut.lab.net.Launcher;
import net.donut.lab.net.Namespace;
import net.donut.lab.net.Pause;

/// Relays as processes of their own, which outlive the command that starts them.
///
/// @param directory where their logs are
public record RelayProcess(Path directory) implements Impairments.Relays {
  /// What a relay prints when it relays.
  public static final String READY = "ready";

  private static final Duration LIMIT = Duration.ofSeconds(30);
  private static final String SMALL = "-Xmx64m -XX:TieredStopAtLevel=1";

  @Override
  public void start(Namespace wires, LabWire wire, Impairment asked) {
    Path log = directory.resolve("relay-" + wire.number() + ".log");
    List<String> arguments =
        List.of(
            "lab",
            "relay",
            "--wire",
            Integer.toString(wire.number()),
            "--delay",
            ImpairmentKind.text(asked.delay()),
            "--jitter",
            ImpairmentKind.text(asked.jitter()));
    try {
      Files.deleteIfExists(log);
    } catch (IOException e) {
      throw LabException.of(log, e);
    }
    Process relay =
        Command.detached(
            wires.inside(Launcher.command(arguments)), Map.of("JDK_JAVA_OPTIONS", SMALL), log);
    Pause.until("a relay on wire " + wire.number(), LIMIT, () -> isReady(relay, log));
  }

  private static boolean isReady(Process relay, Path log) {
    try {
      List<String> lines = Files.exists(log) ? Files.readAllLines(log) : List.of();
      if (lines.contains(READY)) {
        return true;
      }
      if (!relay.isAlive()) {
        throw new LabException(
            "the relay ended: " + (lines.isEmpty() ? "it said nothing" : lines.getLast()));
      }
      return false;
    } catch (IOException e) {
      throw LabException.of(log, e);
    }
  }
}

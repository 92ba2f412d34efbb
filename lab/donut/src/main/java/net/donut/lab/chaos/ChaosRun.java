package net.donut.lab.chaos;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import net.donut.lab.run.DonutLab;
import net.donut.lab.run.LabOptions;
import net.donut.lab.run.Narration;
import net.donut.lab.topology.DonutTopology;

/// A lab, chaos in it, and what failed made smaller in fresh labs. Owned by the command's thread.
public final class ChaosRun {
  private final LabOptions options;
  private final Path out;
  private final String command;
  private final Narration story;

  /// @param out where the sequences go: `sequence.txt`, and `shrunk.txt` of one that failed
  /// @param command what makes the same lab again
  public ChaosRun(LabOptions options, Path out, String command, Narration story) {
    this.options = options;
    this.out = out;
    this.command = command;
    this.story = story;
  }

  /// Storms of the options' seed; true if everything held.
  public boolean random(Duration time, int trials) {
    return conclude(inLab(chaos -> chaos.random(options.seed(), time)), trials);
  }

  /// The lines of a file that an earlier run wrote; true if everything held.
  public boolean replay(List<String> lines, int trials) {
    List<Disturbance> disturbances = Disturbance.parse(lines, DonutTopology.create(Map.of()));
    return conclude(inLab(chaos -> chaos.replay(disturbances)), trials);
  }

  private Chaos.StormResult inLab(Function<Chaos, Chaos.StormResult> what) {
    story.chapter("A lab, seed " + options.seed());
    try (DonutLab lab = DonutLab.up(options, story)) {
      lab.awaitTable();
      lab.tellReady();
      return what.apply(new Chaos(lab, story));
    }
  }

  private boolean conclude(Chaos.StormResult outcome, int trials) {
    Path sequence = write("sequence.txt", outcome.done());
    story.chapter(
        "seed %d, %d faults: %s"
            .formatted(
                options.seed(),
                outcome.done().size(),
                outcome.holds() ? "everything held" : "BROKEN"));
    outcome.broken().forEach(line -> story.line("  " + line));
    if (!outcome.holds() && trials > 0) {
      sequence = write("shrunk.txt", shrink(outcome.done(), trials));
    }
    story.line("Again: %s --replay %s; logs: %s".formatted(command, sequence, options.logs()));
    return outcome.holds();
  }

  private List<Disturbance> shrink(List<Disturbance> failing, int trials) {
    Shrinker<Disturbance> shrinker =
        new Shrinker<>(part -> !inLab(chaos -> chaos.replay(part)).holds(), trials);
    List<Disturbance> shrunk = shrinker.shrink(failing);
    story.chapter("Shrunk from %d faults to %d:".formatted(failing.size(), shrunk.size()));
    shrunk.forEach(each -> story.line("  " + each));
    return shrunk;
  }

  private Path write(String file, List<Disturbance> disturbances) {
    List<String> lines = new ArrayList<>(List.of("# storm at-ms lasts-ms fault"));
    disturbances.forEach(each -> lines.add(each.toString()));
    try {
      return Files.write(out.resolve(file), lines);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}

package net.donut.lab.story;

import java.time.Duration;
import java.util.Comparator;
import java.util.List;
import net.donut.lab.clab.graph.LabGraph;
import net.donut.lab.probe.PlayoutBuffer.Playback;
import net.donut.lab.probe.Viewing;
import org.HdrHistogram.Histogram;

/// What one network of the story came to.
///
/// @param fair what the audiences saw while nothing failed
/// @param playbacks what each viewer saw from the beginning to the end
/// @param wayChanges how often a stream came another way than before, all of them together
/// @param bill of the time in which nothing failed
/// @param faults what went otherwise than it must; empty for a run that counts
public record NetworkResult(
    StoryNetwork network,
    LabGraph graph,
    List<Viewing> fair,
    List<Failure> failures,
    List<Playback> playbacks,
    long wayChanges,
    Bill bill,
    Duration took,
    List<String> faults) {
  /// Shorter than this is no interruption that anybody would notice.
  static final Duration NOTICEABLE = Duration.ofMillis(50);

  /// A failure, or the return from one.
  ///
  /// @param event what was done
  /// @param viewings what the audiences saw from then on
  public record Failure(String event, Kind kind, List<Viewing> viewings) {
    /// Which of the two.
    public enum Kind {
      FAILURE,
      RETURN
    }

    public Failure {
      viewings = List.copyOf(viewings);
    }

    public Duration longestOutage() {
      return viewings.stream()
          .map(Viewing::outage)
          .max(Comparator.naturalOrder())
          .orElse(Duration.ZERO);
    }

    /// Whether an audience had nothing for a noticeable time.
    public boolean interrupts() {
      return longestOutage().compareTo(NOTICEABLE) > 0;
    }

    public int interruptedStreams() {
      return viewings.stream().mapToInt(Viewing::interrupted).sum();
    }
  }

  public NetworkResult {
    fair = List.copyOf(fair);
    failures = List.copyOf(failures);
    playbacks = List.copyOf(playbacks);
    faults = List.copyOf(faults);
  }

  /// The failures without the returns.
  public List<Failure> broken() {
    return failures.stream().filter(failure -> failure.kind() == Failure.Kind.FAILURE).toList();
  }

  /// The longest time in which an audience had nothing, of all failures.
  Duration longestOutage() {
    return broken().stream()
        .map(Failure::longestOutage)
        .max(Comparator.naturalOrder())
        .orElse(Duration.ZERO);
  }

  /// Round trips of all audiences while nothing failed.
  Histogram roundTrips() {
    Histogram all = new Histogram(3);
    fair.forEach(viewing -> all.add(viewing.roundTrips()));
    return all;
  }

  double lossPercent() {
    long asked = fair.stream().mapToLong(Viewing::asked).sum();
    return 100.0 * fair.stream().mapToLong(Viewing::lost).sum() / Math.max(1, asked);
  }

  /// Mean over the packets of all audiences.
  double jitterMillis() {
    double sum =
        fair.stream().mapToDouble(viewing -> viewing.jitterMicros() * viewing.came()).sum();
    return sum / Math.max(1, fair.stream().mapToLong(Viewing::came).sum()) / 1e3;
  }

  /// Mean over the packets of all audiences: routers passed.
  public double routers() {
    double sum =
        fair.stream().mapToDouble(viewing -> (double) viewing.routers() * viewing.came()).sum();
    return sum / Math.max(1, fair.stream().mapToLong(Viewing::came).sum());
  }

  public int stalls() {
    return playbacks.stream().mapToInt(Playback::stalls).sum();
  }

  Duration rebuffering() {
    return playbacks.stream().map(Playback::rebuffering).reduce(Duration.ZERO, Duration::plus);
  }

  /// The median of those that began to play.
  double startupMillis() {
    double[] sorted =
        playbacks.stream()
            .map(Playback::startup)
            .filter(startup -> !startup.isZero())
            .mapToDouble(startup -> startup.toNanos() / 1e6)
            .sorted()
            .toArray();
    return sorted.length == 0 ? 0 : sorted[sorted.length / 2];
  }

  /// A month of transit.
  public double transitBill() {
    return bill.amount();
  }
}

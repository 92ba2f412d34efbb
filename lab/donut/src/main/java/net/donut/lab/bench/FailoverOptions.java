package net.donut.lab.bench;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import net.donut.model.Family;
import org.jspecify.annotations.Nullable;

/// What a bench of failover shall do.
///
/// @param name of the bench: its namespaces are `donut-NAME-NODE`
/// @param sizes prefixes in the table, a run each
/// @param systems names of the systems under test, in their order
/// @param trials of Donut for each size and kind, after a rehearsal that does not count
/// @param peerTrials of the others
/// @param caseLimit no trial begins after so long in one size and kind of one system
/// @param destinations spread over the table; the one reached last in the rehearsal is added
/// @param rate packets a second and destination
/// @param prefixes a list of real prefixes; null to look for it and else to generate some
public record FailoverOptions(
    String name,
    List<Integer> sizes,
    List<FailureKind> kinds,
    List<String> systems,
    Family family,
    int trials,
    int peerTrials,
    Duration caseLimit,
    int destinations,
    int rate,
    long seed,
    @Nullable Path prefixes,
    Path logs) {
  public FailoverOptions {
    sizes = List.copyOf(sizes);
    kinds = List.copyOf(kinds);
    systems = List.copyOf(systems);
    sizes.forEach(size -> range("--routes", size, 100, 4_000_000));
    range("--trials", trials, 1, 1000);
    range("--peer-trials", peerTrials, 1, 1000);
    range("--destinations", destinations, 1, 64);
    range("--rate", rate, 100, 20_000);
    if ((destinations + 1) * rate > 60_000) {
      throw new IllegalArgumentException(
          "--rate: %d packets a second to each of %d destinations (expected: at most 60000 in all)"
              .formatted(rate, destinations + 1));
    }
  }

  private static void range(String name, int value, int least, int most) {
    if (value < least || value > most) {
      throw new IllegalArgumentException(
          "%s: %d (expected: %d..%d)".formatted(name, value, least, most));
    }
  }

  int trialsOf(String system) {
    return system.equals("donut") ? trials : peerTrials;
  }

  /// How many neighbors the kinds take.
  int feeds() {
    return kinds.stream().mapToInt(FailureKind::feeds).max().orElse(2);
  }
}

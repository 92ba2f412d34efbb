package net.donut.lab.bench;

import java.nio.file.Path;
import java.util.List;
import net.donut.model.Family;
import org.jspecify.annotations.Nullable;

/// What a bench of the full table shall do.
///
/// @param name of the bench: its namespaces are `donut-NAME-NODE`
/// @param routes prefixes that every feed announces
/// @param systems names of the systems under test, in their order
/// @param prefixes a list of real prefixes; null to look for it and else to generate some
public record FullTableOptions(
    String name,
    int routes,
    int feeds,
    Family family,
    List<String> systems,
    int trials,
    long seed,
    @Nullable Path prefixes,
    Path logs) {
  public FullTableOptions {
    systems = List.copyOf(systems);
    if (routes < 100 || routes > 4_000_000) {
      throw new IllegalArgumentException("routes: " + routes + " (expected: 100..4000000)");
    }
    if (feeds < 1 || feeds > 20) {
      throw new IllegalArgumentException("feeds: " + feeds + " (expected: 1..20)");
    }
    if (trials < 1 || trials > 100) {
      throw new IllegalArgumentException("trials: " + trials + " (expected: 1..100)");
    }
  }
}

package net.donut.lab.cli;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import net.donut.model.Family;
import picocli.CommandLine.Option;

/// What a `donut bench` has that runs whole routing systems: which ones, with which family, in
/// which lab.
///
/// @param <O> what it shall do
abstract class PeerBenchRun<O> extends BenchRun<O> {
  @Option(
      names = "--against",
      paramLabel = "SYSTEM",
      split = ",",
      description = "Others to measure the same way: bird, frr.")
  private List<String> against = new ArrayList<>();

  @Option(names = "--without-donut", description = "Measure only the others.")
  private boolean withoutDonut;

  @Option(
      names = "--family",
      paramLabel = "FAMILY",
      defaultValue = "ipv4",
      description = "ipv4 or ipv6 (default: ${DEFAULT-VALUE}).")
  private String family = "ipv4";

  @Option(
      names = "--name",
      paramLabel = "NAME",
      defaultValue = "bench",
      description = "Name of the lab it runs in (default: ${DEFAULT-VALUE}).")
  protected String name = "bench";

  /// The systems to measure, in their order.
  final List<String> systems() {
    List<String> systems = new ArrayList<>();
    if (!withoutDonut) {
      systems.add("donut");
    }
    systems.addAll(against);
    return systems;
  }

  /// Throws IllegalArgumentException for a word that is no family.
  final Family family() {
    return switch (family.toLowerCase(Locale.ROOT)) {
      case "ipv4" -> Family.IPV4;
      case "ipv6" -> Family.IPV6;
      default ->
          throw new IllegalArgumentException("--family: '" + family + "' (expected: ipv4 or ipv6)");
    };
  }
}

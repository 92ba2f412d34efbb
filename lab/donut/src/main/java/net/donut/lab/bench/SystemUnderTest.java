package net.donut.lab.bench;

import java.nio.file.Path;
import java.util.List;
import net.donut.lab.net.LabException;
import net.donut.lab.net.Namespace;
import net.donut.lab.net.ProcessId;

/// A routing system that hears the feeds and fills the kernel of its namespace.
interface SystemUnderTest {
  /// All, in the order of reports.
  List<String> NAMES = List.of("donut", "bird", "frr");

  /// The system of a name. Throws LabException naming those there are.
  static SystemUnderTest of(String name) {
    return switch (name) {
      case "donut" -> new DonutUnderTest();
      case "bird" -> new BirdUnderTest();
      case "frr" -> new FrrUnderTest();
      default -> throw new LabException("--against: '" + name + "' (expected: bird or frr)");
    };
  }

  String name();

  /// What the installed program says of itself.
  String version();

  /// The kernel's number for the routes it installs (`rtm_protocol`).
  int protocol();

  /// One line on how it is set up.
  String setup();

  /// Writes its configuration into an empty directory of its own: before the clock runs.
  void prepare(Path directory, List<FeedLink> feeds);

  /// Starts its processes, all that count for its usage: first the one that writes the kernel, last
  /// the one that decides.
  List<ProcessId> start(BenchPrograms children, Namespace namespace, Path directory);
}

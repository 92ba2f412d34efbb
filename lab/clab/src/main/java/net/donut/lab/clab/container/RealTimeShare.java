package net.donut.lab.clab.container;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import net.donut.lab.clab.plan.Profile;

/// The real-time of a container: how much of each second its programs may run before all others, as
/// BFD speakers ask to. Control groups of the first version give a new container none.
final class RealTimeShare {
  private static final Path CPU = Path.of("/sys/fs/cgroup/cpu");
  private static final String FILE = "cpu.rt_runtime_us";

  /// Of the 950,000 that a machine has by default.
  private static final long OF_ENGINE_MICROS = 900_000;

  private static final long OF_CONTAINER_MICROS = 40_000;

  /// An agent's BFD speaker is a JVM, which has to start within it.
  private static final long OF_AGENT_MICROS = 300_000;

  private RealTimeShare() {}

  /// Gives a container its share. Where the machine has no such groups, or none left to give,
  /// everything stays as it is, as without the right to real-time.
  ///
  /// @param profile what the container runs
  /// @param first its first process, as this machine counts
  static void give(Profile profile, long first) {
    group(first)
        .filter(group -> Files.exists(group.resolve(FILE)))
        .ifPresent(group -> {
          Path engine = group.resolveSibling(FILE);
          if (!engine.equals(CPU.resolve(FILE)) && read(engine) == 0) {
            write(engine, OF_ENGINE_MICROS);
          }
          write(group.resolve(FILE), micros(profile));
        });
  }

  private static long micros(Profile profile) {
    return switch (profile) {
      case DONUT_AGENT -> OF_AGENT_MICROS;
      case BIRD, FRR -> OF_CONTAINER_MICROS;
      case GOBGP, OPENBGPD, IDLE, DONUT_CONTROLLER -> 0;
    };
  }

  /// The directory of a process's group of processor time.
  private static Optional<Path> group(long process) {
    try {
      return Files.readAllLines(Path.of("/proc", Long.toString(process), "cgroup")).stream()
          .map(line -> line.split(":", 3))
          .filter(parts -> List.of(parts[1].split(",")).contains("cpu"))
          .map(parts -> CPU.resolve(parts[2].substring(1)))
          .findFirst();
    } catch (IOException e) {
      return Optional.empty(); // it has ended
    }
  }

  private static long read(Path file) {
    try {
      return Long.parseLong(Files.readString(file).strip());
    } catch (IOException e) {
      return 0;
    }
  }

  private static void write(Path file, long micros) {
    try {
      Files.writeString(file, Long.toString(micros));
    } catch (IOException e) {
      // Nothing is left to give: the programs find out when they ask.
    }
  }
}

package net.donut.lab.bench;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import net.donut.lab.net.LabException;
import net.donut.lab.net.Pause;
import net.donut.lab.net.ProcessId;

/// What a figure was measured on.
final class Machine {
  private static final Duration SAMPLE = Duration.ofMillis(500);
  private static final double CALM = 0.10;

  private Machine() {}

  static String text() {
    String model =
        lines("/proc/cpuinfo")
            .lines()
            .filter(line -> line.startsWith("model name"))
            .map(line -> line.substring(line.indexOf(':') + 1).strip())
            .findFirst()
            .orElse("unknown processor");
    long memoryKib =
        Long.parseLong(
            lines("/proc/meminfo").lines().findFirst().orElse("0").replaceAll("\\D", ""));
    return "%d x %s, %d GiB, Linux %s, Java %s"
        .formatted(
            Runtime.getRuntime().availableProcessors(),
            model,
            Math.round(memoryKib / 1024.0 / 1024.0),
            System.getProperty("os.version"),
            System.getProperty("java.version"));
  }

  /// The load of the last minute, as `/proc/loadavg` has it.
  static double load() {
    return Double.parseDouble(lines("/proc/loadavg").split(" ", 2)[0]);
  }

  /// Waits until the processors have next to nothing to do, such as freeing what the run before
  /// left in the kernel, but not longer than the limit.
  static void awaitCalm(Duration limit) {
    long deadline = System.nanoTime() + limit.toNanos();
    double busy = 1;
    while (busy > CALM && System.nanoTime() < deadline) {
      long[] before = jiffies();
      Pause.of(SAMPLE);
      long[] after = jiffies();
      busy = 1 - (double) (after[1] - before[1]) / Math.max(1, after[0] - before[0]);
    }
  }

  /// Waits until processes have next to nothing to do, but not longer than the limit.
  static void awaitIdle(List<ProcessId> processes, Duration limit) {
    long deadline = System.nanoTime() + limit.toNanos();
    double busy = 1;
    while (busy > CALM && System.nanoTime() < deadline) {
      double before = ProcessUsage.of(processes).cpuSeconds();
      Pause.of(SAMPLE);
      busy = (ProcessUsage.of(processes).cpuSeconds() - before) * 1e9 / SAMPLE.toNanos();
    }
  }

  /// All, and those of them without work, of `cpu` in `/proc/stat`.
  private static long[] jiffies() {
    String[] fields = lines("/proc/stat").lines().findFirst().orElse("").split(" +");
    long all = Arrays.stream(fields).skip(1).limit(8).mapToLong(Long::parseLong).sum();
    return new long[] {all, Long.parseLong(fields[4]) + Long.parseLong(fields[5])};
  }

  private static String lines(String file) {
    try {
      return Files.readString(Path.of(file));
    } catch (IOException e) {
      throw LabException.of(file, e);
    }
  }
}

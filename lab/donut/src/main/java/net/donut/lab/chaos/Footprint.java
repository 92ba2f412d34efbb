package net.donut.lab.chaos;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import net.donut.lab.net.LabException;
import net.donut.lab.net.ProcessId;

/// What a process holds, from `/proc`.
record Footprint(long files, long threads, long residentKib) {
  /* What comes and goes without being a leak: connections, pools, a heap that has not been full. */
  private static final long SPARE_FILES = 40;
  private static final long SPARE_THREADS = 40;
  private static final long SPARE_KIB = 192 * 1024;

  static Footprint of(ProcessId process) {
    Path directory = Path.of("/proc", Long.toString(process.pid()));
    try (Stream<Path> files = Files.list(directory.resolve("fd"))) {
      List<String> status = Files.readAllLines(directory.resolve("status"));
      return new Footprint(files.count(), number(status, "Threads:"), number(status, "VmRSS:"));
    } catch (IOException e) {
      throw LabException.of(process.name(), e);
    }
  }

  private static long number(List<String> status, String key) {
    return status.stream()
        .filter(line -> line.startsWith(key))
        .map(line -> line.substring(key.length()).replace("kB", "").strip())
        .mapToLong(Long::parseLong)
        .findFirst()
        .orElse(0);
  }

  /// What has grown beyond twice an earlier footprint and what may come and go, one line each.
  List<String> growthSince(Footprint before) {
    List<String> grown = new ArrayList<>();
    if (files > 2 * before.files + SPARE_FILES) {
      grown.add("%d open files, %d at first".formatted(files, before.files));
    }
    if (threads > 2 * before.threads + SPARE_THREADS) {
      grown.add("%d threads, %d at first".formatted(threads, before.threads));
    }
    if (residentKib > 2 * before.residentKib + SPARE_KIB) {
      grown.add("%,d KiB resident, %,d at first".formatted(residentKib, before.residentKib));
    }
    return grown;
  }
}

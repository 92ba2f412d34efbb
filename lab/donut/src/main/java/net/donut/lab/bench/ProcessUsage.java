package net.donut.lab.bench;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import net.donut.lab.net.ProcessId;
import net.donut.model.FileFailure;

/// What processes have used together, from `/proc`.
///
/// @param cpuSeconds user and system time since their start, of all threads; resolution 10 ms
/// @param residentKib resident now (VmRSS)
/// @param peakKib the sum of each one's greatest (VmHWM)
record ProcessUsage(double cpuSeconds, long residentKib, long peakKib) {
  // USER_HZ is 100 on every architecture Java runs on under Linux.
  private static final double TICKS_A_SECOND = 100.0;

  static ProcessUsage of(List<ProcessId> processes) {
    double cpuSeconds = 0;
    long resident = 0;
    long peak = 0;
    for (ProcessId process : processes) {
      Path directory = Path.of("/proc", Long.toString(process.pid()));
      String stat = read(directory.resolve("stat"));
      String[] fields = stat.substring(stat.lastIndexOf(')') + 2).split(" ");
      cpuSeconds += (Long.parseLong(fields[11]) + Long.parseLong(fields[12])) / TICKS_A_SECOND;
      String status = read(directory.resolve("status"));
      resident += kib(status, "VmRSS:");
      peak += kib(status, "VmHWM:");
    }
    return new ProcessUsage(cpuSeconds, resident, peak);
  }

  private static long kib(String status, String key) {
    return status
        .lines()
        .filter(line -> line.startsWith(key))
        .mapToLong(line -> Long.parseLong(line.substring(key.length()).replace("kB", "").strip()))
        .findFirst()
        .orElse(0);
  }

  private static String read(Path file) {
    try {
      return Files.readString(file);
    } catch (IOException e) {
      throw new net.donut.lab.net.LabException(
          file + ": " + FileFailure.reason(e) + " (expected: a process that runs)", e);
    }
  }
}

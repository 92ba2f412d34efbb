package net.donut.lab.net;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Consumer;

/// A process that cannot be mistaken for a later one of the same number: `start` is its start time
/// in kernel ticks.
public record ProcessId(String name, long pid, long start) {
  private static final Duration GRACE = Duration.ofSeconds(5);

  /// The identity of a running process; empty when it has ended.
  public static Optional<ProcessId> of(String name, long pid) {
    return startOf(pid).map(start -> new ProcessId(name, pid, start));
  }

  public static ProcessId self(String name) {
    return of(name, ProcessHandle.current().pid()).orElseThrow();
  }

  public boolean isAlive() {
    return startOf(pid).filter(now -> now == start).isPresent();
  }

  /// Ends processes: TERM, and KILL after a grace.
  public static void terminate(List<ProcessId> processes) {
    signal(processes, ProcessHandle::destroy);
    awaitEnd(processes);
    kill(processes);
  }

  /// Ends processes: KILL.
  public static void kill(List<ProcessId> processes) {
    signal(processes, ProcessHandle::destroyForcibly);
    awaitEnd(processes);
  }

  private static void awaitEnd(List<ProcessId> processes) {
    long deadline = System.nanoTime() + GRACE.toNanos();
    while (processes.stream().anyMatch(ProcessId::isAlive) && System.nanoTime() < deadline) {
      LockSupport.parkNanos(5_000_000);
    }
  }

  private static void signal(List<ProcessId> processes, Consumer<ProcessHandle> send) {
    for (ProcessId process : processes) {
      if (process.isAlive()) {
        ProcessHandle.of(process.pid()).ifPresent(send);
      }
    }
  }

  /// Field 22 of `/proc/PID/stat`; empty for a process that has ended, reaped or not.
  private static Optional<Long> startOf(long pid) {
    try {
      String stat = Files.readString(Path.of("/proc", Long.toString(pid), "stat"));
      String[] fields = stat.substring(stat.lastIndexOf(')') + 2).split(" ");
      return fields[0].equals("Z") ? Optional.empty() : Optional.of(Long.valueOf(fields[19]));
    } catch (IOException e) {
      return Optional.empty();
    }
  }
}

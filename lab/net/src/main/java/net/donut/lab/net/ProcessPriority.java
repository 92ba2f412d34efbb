package net.donut.lab.net;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/// Which priority a program of a lab runs with.
public enum ProcessPriority {
  /// Lower than what is measured. A lab puts a dozen programs that all react to one cut on a few
  /// processors: what a cut costs shall be the kernel's work, not their competition for it.
  BEHIND,
  /// As any program.
  FRONT,
  /// Real-time, where the machine allows it: a program that speaks BFD and nothing else. Routers do
  /// that in hardware.
  BFD,
  /// Behind, and its threads besides the first real-time: BIRD speaks BFD on a second one.
  BEHIND_BUT_BFD;

  private static final String REAL_TIME = "10";
  private static final Duration LIMIT = Duration.ofSeconds(5);

  /// The command line to start a program with.
  public List<String> command(List<String> plain) {
    return switch (this) {
      case BEHIND, BEHIND_BUT_BFD -> {
        List<String> all = new ArrayList<>(List.of("nice", "-n", "10"));
        all.addAll(plain);
        yield all;
      }
      case FRONT, BFD -> plain;
    };
  }

  /// What is left to do once the program runs; waits for its second thread where that counts.
  public void settle(ProcessId program) {
    switch (this) {
      case BEHIND, FRONT -> {}
      case BFD -> realTime(program.pid());
      case BEHIND_BUT_BFD -> {
        Pause.until(
            program.name() + ": its second thread",
            LIMIT,
            () -> !others(program).isEmpty() || !program.isAlive());
        others(program).forEach(ProcessPriority::realTime);
      }
    }
  }

  /// Gives threads of this process real-time priority by their name, of at most 15 characters:
  /// those whose lateness would be taken for what they measure.
  public static void realTimeThreads(String name) {
    long self = ProcessHandle.current().pid();
    threads(self).stream()
        .filter(thread -> nameOf(self, thread).equals(name))
        .forEach(ProcessPriority::realTime);
  }

  private static String nameOf(long process, long thread) {
    try {
      return Files.readString(
              Path.of("/proc", Long.toString(process), "task", Long.toString(thread), "comm"))
          .strip();
    } catch (IOException e) {
      return ""; // it has ended
    }
  }

  private static List<Long> others(ProcessId program) {
    return threads(program.pid()).stream().filter(thread -> thread != program.pid()).toList();
  }

  private static List<Long> threads(long process) {
    try (Stream<Path> threads = Files.list(Path.of("/proc", Long.toString(process), "task"))) {
      return threads.map(thread -> Long.valueOf(thread.getFileName().toString())).toList();
    } catch (IOException e) {
      // It has ended: whoever waits for it will say so.
      return List.of();
    }
  }

  /// Without the right to it the thread stays as it is.
  private static void realTime(long thread) {
    Command.tryRun(List.of("chrt", "--fifo", "--pid", REAL_TIME, Long.toString(thread)), "");
  }
}

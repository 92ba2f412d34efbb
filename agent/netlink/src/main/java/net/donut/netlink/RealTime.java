package net.donut.netlink;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

/// The standing of this process towards the scheduler and the terminal.
public final class RealTime {
  private static final int SCHED_FIFO = 1;

  private RealTime() {}

  /// What the kernel said.
  public sealed interface Answer {
    record Granted(int priority) implements Answer {}

    /// @param reason such as `EPERM (errno 1)`
    record Refused(String reason) implements Answer {}
  }

  /// Puts every thread of this process, and those they start later, before all threads of ordinary
  /// priority (`SCHED_FIFO`). For a process that needs little time but needs it at once; one that
  /// does not rest stops a processor for everyone else.
  ///
  /// It takes CAP_SYS_NICE; in a control group without real-time time the kernel refuses it even
  /// then. Refused: nothing has changed.
  public static Answer preferThisProcess(int priority) {
    try (Arena arena = Arena.ofConfined()) {
      LibC libc = new LibC(arena);
      MemorySegment parameters = arena.allocate(ValueLayout.JAVA_INT);
      parameters.set(ValueLayout.JAVA_INT, 0, priority);
      for (int thread : threads()) {
        int result = libc.schedSetScheduler(thread, SCHED_FIFO, parameters);
        if (result < 0 && result != -Errno.ESRCH) {
          return new Answer.Refused(Errno.describe(-result));
        }
      }
      return new Answer.Granted(priority);
    }
  }

  private static List<Integer> threads() {
    try (Stream<Path> tasks = Files.list(Path.of("/proc/self/task"))) {
      return tasks.map(task -> Integer.parseInt(task.getFileName().toString())).toList();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /// Leaves the session and process group of whoever started this process, so that what ends them
  /// (Ctrl-C, a closed terminal) does not end it. Without effect when it leads a group already.
  public static void leaveSession() {
    try (Arena arena = Arena.ofConfined()) {
      new LibC(arena).setsid();
    }
  }
}

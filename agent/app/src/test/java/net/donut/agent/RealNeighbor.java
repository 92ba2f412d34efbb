package net.donut.agent;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.concurrent.TimeUnit;

/// A BGP speaker that is not ours, AS 64601 at 100.64.1.2, which announces 10.0.0.0/24 and the next
/// ones to 100.64.1.1.
interface RealNeighbor extends AutoCloseable {
  RealNeighbor start();

  /// Ends the session by a NOTIFICATION and stays away.
  void disable();

  /// Stops it without a word to anyone, or lets it go on.
  void signal(String signal);

  /// kill -9.
  void kill();

  @Override
  void close();

  static void signal(Process process, String signal) {
    try {
      int code =
          new ProcessBuilder("kill", "-" + signal, Long.toString(process.pid())).start().waitFor();
      if (code != 0) {
        throw new AssertionError("kill -" + signal + ": exit code " + code);
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      throw new AssertionError(e);
    }
  }

  static void kill(Process process) {
    process.destroyForcibly();
    try {
      process.waitFor(5, TimeUnit.SECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}

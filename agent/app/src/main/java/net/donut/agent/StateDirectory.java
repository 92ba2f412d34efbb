package net.donut.agent;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import net.donut.model.FileFailure;
import org.jspecify.annotations.Nullable;

/// The directory an agent keeps its files in, locked against a second agent for as long as this is
/// open. The lock ends with the process, however that ends.
final class StateDirectory implements AutoCloseable {
  private final Path path;
  private final FileChannel lock;

  private StateDirectory(Path path, FileChannel lock) {
    this.path = path;
    this.lock = lock;
  }

  /// Makes the directory if need be. Throws [AgentException].
  static StateDirectory open(Path path) {
    FileChannel lock;
    try {
      Files.createDirectories(path);
      lock =
          FileChannel.open(
              path.resolve("agent.lock"), StandardOpenOption.CREATE, StandardOpenOption.WRITE);
    } catch (AccessDeniedException e) {
      throw unusable(path, "permission denied", e);
    } catch (IOException e) {
      throw unusable(path, FileFailure.reason(e), e);
    }
    try {
      if (lock.tryLock() != null) {
        return new StateDirectory(path, lock);
      }
      lock.close();
    } catch (IOException | OverlappingFileLockException e) {
      closeQuietly(lock);
      throw inUse(path, e);
    }
    throw inUse(path, null);
  }

  private static AgentException unusable(Path path, String cause, Exception e) {
    return new AgentException(
        "state directory "
            + path
            + ": "
            + cause
            + " (expected: a writable directory; choose one with --state-dir)",
        e);
  }

  private static AgentException inUse(Path path, @Nullable Exception e) {
    String message =
        "state directory "
            + path
            + ": in use by another agent (expected: one directory an agent; choose with"
            + " --state-dir)";
    return e == null ? new AgentException(message) : new AgentException(message, e);
  }

  private static void closeQuietly(FileChannel channel) {
    try {
      channel.close();
    } catch (IOException e) {
      AgentLog.failed(e);
    }
  }

  Path path() {
    return path;
  }

  @Override
  public void close() {
    closeQuietly(lock);
  }
}

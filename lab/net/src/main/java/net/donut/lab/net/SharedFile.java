package net.donut.lab.net;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.Optional;

/// A JSON file that several commands change: each locks it, reads it again and replaces it whole.
/// An instance is owned by the thread that made it.
public final class SharedFile {
  private static final ObjectMapper JSON = new ObjectMapper();

  private final Path file;
  private boolean isLocked;

  public SharedFile(Path file) {
    this.file = file;
  }

  private Path beside(String suffix) {
    String name = file.getFileName().toString();
    return file.resolveSibling(name.substring(0, name.lastIndexOf('.')) + suffix);
  }

  /// What is in it now; empty when it is not there.
  public Optional<JsonNode> read() {
    try {
      JsonNode json = JSON.readTree(Files.readAllBytes(file));
      if (!json.isObject()) {
        throw new LabException(file + ": damaged (expected: a JSON object); remove it");
      }
      return Optional.of(json);
    } catch (NoSuchFileException e) {
      return Optional.empty();
    } catch (IOException e) {
      throw LabException.of(file, e);
    }
  }

  /// Puts another text in its place, whole or not at all.
  public void replace(JsonNode json) {
    Path next = beside(".next");
    try {
      Files.writeString(next, json.toPrettyString() + "\n");
      Files.move(next, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    } catch (IOException e) {
      throw LabException.of(file, e);
    }
  }

  /// Does something that nobody else who locks this file comes between.
  public void locked(Runnable work) {
    if (isLocked) {
      work.run();
      return;
    }
    try (FileChannel lock =
            FileChannel.open(beside(".lock"), StandardOpenOption.CREATE, StandardOpenOption.WRITE);
        FileLock _ = lock(lock)) {
      isLocked = true;
      work.run();
    } catch (IOException e) {
      throw LabException.of(file, e);
    } finally {
      isLocked = false;
    }
  }

  private static FileLock lock(FileChannel file) throws IOException {
    while (true) {
      try {
        return file.lock();
      } catch (OverlappingFileLockException e) {
        // Another thread of this process has it: Java does not wait for that one by itself.
        Pause.of(Duration.ofMillis(1));
      }
    }
  }
}

package net.donut.model.record;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/// How much of a disk a recording may take.
///
/// @param mostBytes the length of the file at which recording ends
/// @param leastFreeBytes what has to stay free on its file system, for others
public record RecordingLimits(long mostBytes, long leastFreeBytes) {
  /// 4 GiB, and 256 MiB stay free.
  public static final RecordingLimits DEFAULT = new RecordingLimits(4L << 30, 256L << 20);

  /// Why a file may not grow to that length, or null.
  @Nullable String objection(Path file, long bytes) throws IOException {
    if (bytes > mostBytes) {
      return "the recording has reached its limit of " + mostBytes + " bytes";
    }
    long free = Files.getFileStore(file).getUsableSpace();
    return free < leastFreeBytes
        ? "%d bytes are free on its file system (expected: %d or more)"
            .formatted(free, leastFreeBytes)
        : null;
  }
}

package net.donut.wire;

import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.TreeMap;
import java.util.zip.GZIPInputStream;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarArchiveInputStream;
import org.tukaani.xz.XZInputStream;

/// Real routing data that tests read.
public final class TestData {
  private TestData() {}

  /// A file below the directory of the system property `donut.data`. Throws IllegalStateException
  /// saying what to do when it is missing.
  public static Path path(String name) {
    Path path = Path.of(System.getProperty("donut.data", "../shared/data"), name);
    if (!Files.exists(path)) {
      throw new IllegalStateException(
          "test data " + path + ": missing (set -Ddonut.data to the directory that has it)");
    }
    return path;
  }

  /// The files of a `.tar.xz`, by their name without directories.
  public static Map<String, byte[]> archive(String name) throws IOException {
    Map<String, byte[]> files = new TreeMap<>();
    try (InputStream raw = new BufferedInputStream(Files.newInputStream(path(name)));
        TarArchiveInputStream tar = new TarArchiveInputStream(new XZInputStream(raw))) {
      TarArchiveEntry entry = tar.getNextEntry();
      while (entry != null) {
        if (entry.isFile()) {
          String path = entry.getName();
          files.put(path.substring(path.lastIndexOf('/') + 1), tar.readAllBytes());
        }
        entry = tar.getNextEntry();
      }
    }
    return files;
  }

  /// A whole gzip file as text of one byte a character.
  public static String gzipText(String name) throws IOException {
    try (InputStream in = new GZIPInputStream(Files.newInputStream(path(name)))) {
      return new String(in.readAllBytes(), StandardCharsets.ISO_8859_1);
    }
  }
}

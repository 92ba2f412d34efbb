package net.donut.simulate;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import java.util.zip.GZIPInputStream;

/// Real routing data that tests read.
final class Fixtures {
  private Fixtures() {}

  /// A file below the directory of the system property `donut.data`. Throws IllegalStateException
  /// saying what to do when it is missing.
  static Path path(String name) {
    Path path = Path.of(System.getProperty("donut.data", "../shared/data"), name);
    if (!Files.exists(path)) {
      throw new IllegalStateException(
          "test data " + path + ": missing (set -Ddonut.data to the directory that has it)");
    }
    return path;
  }

  /// Every dump there is, sorted by name.
  static List<Path> dumps() throws IOException {
    try (Stream<Path> files = Files.walk(path("mrt"))) {
      return files
          .filter(Files::isRegularFile)
          .filter(file -> !file.toString().contains(".txt"))
          .sorted()
          .toList();
    }
  }

  /// A whole gzip file as text of one byte a character.
  static String gzipText(String name) throws IOException {
    try (InputStream in = new GZIPInputStream(Files.newInputStream(path(name)))) {
      return new String(in.readAllBytes(), StandardCharsets.ISO_8859_1);
    }
  }
}

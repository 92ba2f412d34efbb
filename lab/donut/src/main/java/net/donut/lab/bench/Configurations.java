package net.donut.lab.bench;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import net.donut.lab.net.LabException;

/// Files that a bench writes for the programs it starts.
final class Configurations {
  private Configurations() {}

  static void write(Path file, String text) {
    try {
      Files.writeString(file, text);
    } catch (IOException e) {
      throw LabException.of(file, e);
    }
  }

  static Path directory(Path directory) {
    try {
      return Files.createDirectories(directory);
    } catch (IOException e) {
      throw LabException.of(directory, e);
    }
  }
}

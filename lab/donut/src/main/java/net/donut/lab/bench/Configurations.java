package net.donut.lab.bench;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import net.donut.lab.net.LabException;
import net.donut.model.FileFailure;

/// Files that a bench writes for the programs it starts.
final class Configurations {
  private Configurations() {}

  static void write(Path file, String text) {
    try {
      Files.writeString(file, text);
    } catch (IOException e) {
      throw new LabException(file + ": " + FileFailure.reason(e), e);
    }
  }

  static Path directory(Path directory) {
    try {
      return Files.createDirectories(directory);
    } catch (IOException e) {
      throw new LabException(directory + ": " + FileFailure.reason(e), e);
    }
  }
}

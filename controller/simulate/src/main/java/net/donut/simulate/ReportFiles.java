package net.donut.simulate;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import net.donut.model.FileFailure;

/// Writes the reports that stay.
final class ReportFiles {
  private ReportFiles() {}

  /// Throws [BadInput] when the directory cannot be written.
  static void write(Path directory, Findings findings) {
    try {
      Files.createDirectories(directory);
      Files.writeString(directory.resolve("simulate.json"), SimulationJson.render(findings));
      Files.writeString(directory.resolve("simulate.html"), SimulationHtml.render(findings));
    } catch (IOException e) {
      throw new BadInput(
          directory
              + ": "
              + FileFailure.reason(e)
              + " (expected: a directory that can be written)");
    }
  }
}

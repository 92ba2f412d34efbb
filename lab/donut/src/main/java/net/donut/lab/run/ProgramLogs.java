package net.donut.lab.run;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import net.donut.lab.net.LabException;

/// What the programs of a lab write, in a directory of the user's: in sight while they run, and
/// kept when the lab goes. Owned by the thread that runs the lab.
final class ProgramLogs implements AutoCloseable {
  private final NodePrograms programs;
  private final Path directory;

  ProgramLogs(NodePrograms programs, Path directory) {
    this.programs = programs;
    this.directory = directory;
    forEach((console, log) -> Files.createSymbolicLink(log, console));
  }

  private interface Writing {
    Path write(Path console, Path log) throws IOException;
  }

  private void forEach(Writing writing) {
    for (String name : programs.names()) {
      Path log = log(name);
      try {
        Files.deleteIfExists(log);
        writing.write(programs.console(name), log);
      } catch (IOException e) {
        throw LabException.of(log, e);
      }
    }
  }

  private Path log(String program) {
    return directory.resolve(program + ".log");
  }

  /// Where a program's log is, and its last line.
  String lastWords(String program) {
    Path log = log(program);
    try {
      List<String> lines = Files.readAllLines(log);
      return log + ": " + (lines.isEmpty() ? "no output" : lines.getLast());
    } catch (IOException e) {
      return log + ": " + e;
    }
  }

  /// Replaces every link by what it leads to.
  @Override
  public void close() {
    forEach((console, log) -> Files.copy(console, log));
  }
}

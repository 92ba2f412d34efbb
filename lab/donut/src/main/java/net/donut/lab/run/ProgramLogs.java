package net.donut.lab.run;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import net.donut.lab.net.LabException;

/// What the programs of a lab write, in a directory of the user's: in sight while they run where
/// they write into files, and kept when the lab goes. Owned by the thread that runs the lab.
final class ProgramLogs implements AutoCloseable {
  private final NodePrograms programs;
  private final Path directory;

  ProgramLogs(NodePrograms programs, Path directory) {
    this.programs = programs;
    this.directory = directory;
    for (String name : programs.names()) {
      Path log = log(name);
      try {
        Files.deleteIfExists(log);
        Optional<Path> console = programs.console(name);
        if (console.isPresent()) {
          Files.createSymbolicLink(log, console.get());
        }
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
    List<String> lines = programs.written(program).lines().toList();
    return log(program) + ": " + (lines.isEmpty() ? "no output" : lines.getLast());
  }

  /// Puts what was written in the place of every link.
  @Override
  public void close() {
    for (String name : programs.names()) {
      Path log = log(name);
      try {
        Files.deleteIfExists(log);
        Optional<Path> console = programs.console(name);
        if (console.isPresent()) {
          Files.copy(console.get(), log);
        } else {
          Files.writeString(log, programs.written(name));
        }
      } catch (IOException e) {
        throw LabException.of(log, e);
      }
    }
  }
}

package net.donut.lab.cli;

import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import net.donut.lab.net.LabException;
import net.donut.lab.net.LabMachine;
import net.donut.lab.run.InterruptGuard;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/// What every `donut bench` has: where the table comes from, where figures go, and one line with
/// exit code 1 when the lab refuses.
///
/// @param <O> what it shall do
abstract class BenchRun<O> implements Callable<Integer> {
  @Spec protected CommandSpec spec = CommandSpec.create();

  @Option(
      names = "--seed",
      paramLabel = "N",
      defaultValue = "1",
      description = "Seed of the paths (default: ${DEFAULT-VALUE}).")
  protected long seed = 1;

  @Option(
      names = "--prefixes",
      paramLabel = "FILE",
      description = "Real prefixes, one a line, .gz or plain (default: generated ones).")
  protected @Nullable Path prefixes;

  @Option(names = "--json", paramLabel = "FILE", description = "Write the figures as JSON.")
  private @Nullable Path json;

  @Option(
      names = "--markdown",
      paramLabel = "FILE",
      description = "Write the figures as a Markdown table.")
  private @Nullable Path markdown;

  @Option(
      names = "--logs",
      paramLabel = "DIR",
      description = "Where logs go (default: build/bench).")
  protected Path logs = Path.of("build", "bench");

  @Option(
      names = {"-o", "--output"},
      paramLabel = "FORMAT",
      defaultValue = "table",
      description = "table or json (default: ${DEFAULT-VALUE}).")
  private Format format = Format.TABLE;

  enum Format {
    TABLE,
    JSON
  }

  /// What the command line asks for. Throws IllegalArgumentException naming what is out of range.
  abstract O options();

  /// Measures, tells figures by [#show] and progress to `progress`; gives the exit code.
  abstract int measure(O options, PrintWriter progress) throws IOException;

  @Override
  public final Integer call() throws IOException {
    PrintWriter out = spec.commandLine().getOut();
    PrintWriter err = spec.commandLine().getErr();
    O options = checked();
    try (InterruptGuard _ = new InterruptGuard()) {
      LabMachine.require();
      Files.createDirectories(logs);
      return measure(options, format == Format.JSON ? err : out);
    } catch (LabException e) {
      err.println("donut: " + e.getMessage());
      return 1;
    } finally {
      out.flush();
      err.flush();
    }
  }

  private O checked() {
    try {
      return options();
    } catch (IllegalArgumentException e) {
      throw new ParameterException(spec.commandLine(), e.getMessage(), e);
    }
  }

  /// Prints figures in the form asked for, and writes the files asked for.
  final void show(Iterable<String> lines, String asJson, String asMarkdown) throws IOException {
    PrintWriter out = spec.commandLine().getOut();
    if (format == Format.JSON) {
      out.print(asJson);
    } else {
      lines.forEach(out::println);
    }
    write(json, asJson);
    write(markdown, asMarkdown);
  }

  private static void write(@Nullable Path file, String text) throws IOException {
    if (file != null) {
      Files.writeString(file, text);
    }
  }
}

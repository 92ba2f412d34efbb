package net.donut.lab.cli;

import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import net.donut.lab.bench.FullTableBench;
import net.donut.lab.bench.FullTableOptions;
import net.donut.lab.bench.FullTableReport;
import net.donut.lab.bench.FullTableResult;
import net.donut.lab.net.LabException;
import net.donut.lab.net.LabNetwork;
import net.donut.lab.run.InterruptGuard;
import net.donut.lab.run.Story;
import net.donut.model.Family;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/// `donut bench fulltable`.
@Command(
    name = "fulltable",
    mixinStandardHelpOptions = true,
    description =
        "Start Donut, and others, beside feeds of a full table, and measure how long it takes until"
            + " all of it is in the kernel, with what processor time and memory.",
    footer = {
      "",
      "Needs root, and bird for the feeds. Exits with 0 only if every system has put every route into"
          + " its kernel.",
      "",
      "Example: donut bench fulltable --routes 1000000 --feeds 2 --against bird,frr --trials 3"
    })
final class FullTableCommand implements Callable<Integer> {
  @Spec private CommandSpec spec = CommandSpec.create();

  @Option(
      names = "--routes",
      paramLabel = "N",
      defaultValue = "1000000",
      description = "Prefixes that every feed announces (default: ${DEFAULT-VALUE}).")
  private int routes = 1_000_000;

  @Option(
      names = "--feeds",
      paramLabel = "K",
      defaultValue = "2",
      description = "Neighbors, each with the whole table (default: ${DEFAULT-VALUE}).")
  private int feeds = 2;

  @Option(
      names = "--against",
      paramLabel = "SYSTEM",
      split = ",",
      description = "Others to measure the same way: bird, frr.")
  private List<String> against = new ArrayList<>();

  @Option(names = "--without-donut", description = "Measure only the others.")
  private boolean withoutDonut;

  @Option(
      names = "--family",
      paramLabel = "FAMILY",
      defaultValue = "ipv4",
      description = "ipv4 or ipv6 (default: ${DEFAULT-VALUE}).")
  private String family = "ipv4";

  @Option(
      names = "--trials",
      paramLabel = "N",
      defaultValue = "1",
      description = "Runs of each system, in turn; the median counts (default: ${DEFAULT-VALUE}).")
  private int trials = 1;

  @Option(
      names = "--seed",
      paramLabel = "N",
      defaultValue = "1",
      description = "Seed of the paths (default: ${DEFAULT-VALUE}).")
  private long seed = 1;

  @Option(
      names = "--prefixes",
      paramLabel = "FILE",
      description = "Real prefixes, one a line, .gz or plain (default: generated ones).")
  private @Nullable Path prefixes;

  @Option(names = "--json", paramLabel = "FILE", description = "Write the figures as JSON.")
  private @Nullable Path json;

  @Option(
      names = "--markdown",
      paramLabel = "FILE",
      description = "Write the figures as a Markdown table.")
  private @Nullable Path markdown;

  @Option(
      names = "--name",
      paramLabel = "NAME",
      defaultValue = "bench",
      description = "Name of the lab it runs in (default: ${DEFAULT-VALUE}).")
  private String name = "bench";

  @Option(
      names = "--logs",
      paramLabel = "DIR",
      description = "Where logs go (default: build/bench).")
  private Path logs = Path.of("build", "bench");

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

  @Override
  public Integer call() throws IOException {
    PrintWriter out = spec.commandLine().getOut();
    PrintWriter progress = format == Format.JSON ? spec.commandLine().getErr() : out;
    FullTableOptions options = options();
    try (InterruptGuard _ = new InterruptGuard()) {
      LabNetwork.requireMachine();
      Files.createDirectories(logs);
      Logging.to(logs.resolve("bench.log"));
      FullTableResult result = new FullTableBench(options, new Story(progress)).run();
      if (format == Format.JSON) {
        out.print(FullTableReport.json(result));
      } else {
        out.println();
        FullTableReport.lines(result).forEach(out::println);
      }
      write(json, FullTableReport.json(result));
      write(markdown, FullTableReport.markdown(result));
      out.flush();
      return result.complete() ? 0 : 1;
    } catch (LabException e) {
      out.flush();
      spec.commandLine().getErr().println("donut: " + e.getMessage());
      spec.commandLine().getErr().flush();
      return 1;
    }
  }

  private FullTableOptions options() {
    List<String> systems = new ArrayList<>();
    if (!withoutDonut) {
      systems.add("donut");
    }
    systems.addAll(against);
    try {
      return new FullTableOptions(
          name,
          routes,
          feeds,
          Family.valueOf(family.toUpperCase(Locale.ROOT)),
          systems,
          trials,
          seed,
          prefixes,
          logs);
    } catch (IllegalArgumentException e) {
      throw new ParameterException(spec.commandLine(), e.getMessage(), e);
    }
  }

  static void write(@Nullable Path file, String text) throws IOException {
    if (file != null) {
      Files.writeString(file, text);
    }
  }
}

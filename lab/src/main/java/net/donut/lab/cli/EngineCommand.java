package net.donut.lab.cli;

import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import net.donut.lab.bench.EngineBench;
import net.donut.lab.bench.EngineBench.Part;
import net.donut.lab.bench.Figure;
import net.donut.lab.net.LabException;
import net.donut.lab.net.LabNetwork;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/// `donut bench engine`.
@Command(
    name = "engine",
    mixinStandardHelpOptions = true,
    description =
        "Measure the parts of Donut by themselves: the decision engine, gRIBI messages, and routes"
            + " into the kernel beside bare system calls.",
    footer = {"", "Needs root.", "", "Example: donut bench engine --json engine.json"})
final class EngineCommand implements Callable<Integer> {
  @Spec private CommandSpec spec = CommandSpec.create();

  @Option(
      names = "--routes",
      paramLabel = "N",
      defaultValue = "1000000",
      description = "Prefixes (default: ${DEFAULT-VALUE}).")
  private int routes = 1_000_000;

  @Option(
      names = "--feeds",
      paramLabel = "K",
      defaultValue = "10",
      description =
          "Neighbors of the engine, each with the whole table (default: ${DEFAULT-VALUE}).")
  private int feeds = 10;

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

  @Option(
      names = "--part",
      paramLabel = "PART",
      description = "Only engine, gribi or netlink, in this process.")
  private @Nullable Part part;

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
  private Path logs = Path.of("build", "bench");

  @Option(
      names = {"-o", "--output"},
      paramLabel = "FORMAT",
      defaultValue = "table",
      description = "table or json (default: ${DEFAULT-VALUE}).")
  private FullTableCommand.Format format = FullTableCommand.Format.TABLE;

  @Override
  public Integer call() throws IOException {
    PrintWriter out = spec.commandLine().getOut();
    EngineBench.Options options = options();
    try {
      LabNetwork.requireMachine();
      Files.createDirectories(logs);
      List<Figure> figures = part == null ? all(options) : EngineBench.measure(part, options);
      if (format == FullTableCommand.Format.JSON) {
        out.print(EngineBench.json(figures));
      } else {
        EngineBench.lines(figures).forEach(out::println);
      }
      out.flush();
      FullTableCommand.write(json, EngineBench.json(figures));
      FullTableCommand.write(markdown, EngineBench.markdown(figures));
      return 0;
    } catch (LabException e) {
      out.flush();
      spec.commandLine().getErr().println("donut: " + e.getMessage());
      spec.commandLine().getErr().flush();
      return 1;
    }
  }

  private List<Figure> all(EngineBench.Options options) {
    List<Figure> figures = new ArrayList<>();
    for (Part each : Part.values()) {
      figures.addAll(EngineBench.measureApart(each, options, logs));
    }
    return figures;
  }

  private EngineBench.Options options() {
    try {
      return new EngineBench.Options(routes, feeds, seed, prefixes);
    } catch (IllegalArgumentException e) {
      throw new ParameterException(spec.commandLine(), e.getMessage(), e);
    }
  }
}

package net.donut.lab.cli;

import java.io.IOException;
import java.io.PrintWriter;
import java.util.ArrayList;
import java.util.List;
import net.donut.lab.bench.EngineBench;
import net.donut.lab.bench.EngineBench.Part;
import net.donut.lab.bench.Measurement;
import net.donut.lab.bench.Measurements;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/// `donut bench engine`.
@Command(
    name = "engine",
    mixinStandardHelpOptions = true,
    description =
        "Measure the parts of Donut by themselves: the decision engine, gRIBI messages, and routes"
            + " into the kernel beside bare system calls.",
    footer = {"", "Needs root.", "", "Example: donut bench engine --json engine.json"})
final class EngineCommand extends BenchRun<EngineBench.Options> {
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
      names = "--part",
      paramLabel = "PART",
      description = "Only engine, gribi or netlink, in this process.")
  private @Nullable Part part;

  @Override
  EngineBench.Options options() {
    return new EngineBench.Options(routes, feeds, seed, prefixes);
  }

  @Override
  int measure(EngineBench.Options options, PrintWriter progress) throws IOException {
    List<Measurement> figures = part == null ? all(options) : EngineBench.measure(part, options);
    show(
        Measurements.lines(figures),
        Measurements.json("engine", figures),
        Measurements.markdown(figures));
    return 0;
  }

  private List<Measurement> all(EngineBench.Options options) {
    List<Measurement> figures = new ArrayList<>();
    for (Part each : Part.values()) {
      figures.addAll(EngineBench.measureApart(each, options, logs));
    }
    return figures;
  }
}

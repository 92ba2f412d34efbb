package net.donut.lab.cli;

import java.io.IOException;
import java.io.PrintWriter;
import java.util.List;
import net.donut.lab.bench.GribiBench;
import net.donut.lab.bench.Measurement;
import net.donut.lab.bench.Measurements;
import net.donut.lab.run.Narration;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/// `donut bench gribi`.
@Command(
    name = "gribi",
    mixinStandardHelpOptions = true,
    description =
        "One agent under a gRIBI client: a table in one stream, Get, Flush, readers that stop, a"
            + " client that vanishes, kill -9 of the agent; times, memory, and changes in the kernel.",
    footer = {"", "Needs root.", "", "Example: donut bench gribi --json gribi.json"})
final class GribiCommand extends BenchRun<GribiBench.Options> {
  @Option(
      names = "--routes",
      paramLabel = "N",
      defaultValue = "1000000",
      description = "Entries (default: ${DEFAULT-VALUE}).")
  private int routes = 1_000_000;

  @Option(
      names = "--name",
      paramLabel = "NAME",
      defaultValue = "gribi",
      description = "Name of the lab it runs in (default: ${DEFAULT-VALUE}).")
  private String name = "gribi";

  @Override
  GribiBench.Options options() {
    return new GribiBench.Options(name, routes, seed, prefixes, logs);
  }

  @Override
  int measure(GribiBench.Options options, PrintWriter progress) throws IOException {
    Logging.to(logs.resolve("bench.log"));
    List<Measurement> figures = GribiBench.measure(options, new Narration(progress));
    show(List.of(), Measurements.json("gribi", figures), Measurements.markdown(figures));
    return 0;
  }
}

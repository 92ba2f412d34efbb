package net.donut.lab.cli;

import java.io.IOException;
import java.io.PrintWriter;
import java.util.ArrayList;
import java.util.List;
import net.donut.lab.bench.FullTableBench;
import net.donut.lab.bench.FullTableOptions;
import net.donut.lab.bench.FullTableReport;
import net.donut.lab.bench.FullTableResult;
import net.donut.lab.run.Narration;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

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
final class FullTableCommand extends PeerBenchRun<FullTableOptions> {
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
      names = "--trials",
      paramLabel = "N",
      defaultValue = "1",
      description = "Runs of each system, in turn; the median counts (default: ${DEFAULT-VALUE}).")
  private int trials = 1;

  @Override
  FullTableOptions options() {
    return new FullTableOptions(
        name, routes, feeds, family(), systems(), trials, seed, prefixes, logs);
  }

  @Override
  int measure(FullTableOptions options, PrintWriter progress) throws IOException {
    Logging.to(logs.resolve("bench.log"));
    FullTableResult result = new FullTableBench(options, new Narration(progress)).run();
    List<String> lines = new ArrayList<>(List.of(""));
    lines.addAll(FullTableReport.lines(result));
    show(lines, FullTableReport.json(result), FullTableReport.markdown(result));
    return result.complete() ? 0 : 1;
  }
}

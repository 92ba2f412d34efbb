package net.donut.lab.cli;

import java.io.IOException;
import java.io.PrintWriter;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import net.donut.lab.bench.FailoverBench;
import net.donut.lab.bench.FailoverJson;
import net.donut.lab.bench.FailoverOptions;
import net.donut.lab.bench.FailoverPage;
import net.donut.lab.bench.FailoverReport;
import net.donut.lab.bench.FailoverResult;
import net.donut.lab.bench.FailureKind;
import net.donut.lab.net.LabException;
import net.donut.lab.run.Narration;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/// `donut bench failover`.
@Command(
    name = "failover",
    mixinStandardHelpOptions = true,
    description =
        "Take the preferred exit from Donut, and from others, again and again, in several ways and"
            + " with tables of several sizes, and measure for how long packets are lost.",
    footer = {
      "",
      "Kinds: fibre, silent, session, withdraw, burst, two-cuts, no-daemon, restart, restart-writer,"
          + " restart-decider. Needs root, and bird for the neighbors. Exits with 0 only if every case has a"
          + " trial that counts; whether targets were met is in junit.xml.",
      "",
      "Example: donut bench failover --routes 1000,1000000 --kind fibre,session --against bird,frr"
    })
final class FailoverCommand extends PeerBenchRun<FailoverOptions> {
  @Option(
      names = "--routes",
      paramLabel = "N",
      split = ",",
      defaultValue = "1000,10000,100000,1000000",
      description = "Sizes of the table (default: ${DEFAULT-VALUE}).")
  private List<Integer> routes = List.of(1_000);

  @Option(
      names = "--kind",
      paramLabel = "KIND",
      split = ",",
      defaultValue = "fibre,silent,session,withdraw",
      description = "What happens to the preferred exit (default: ${DEFAULT-VALUE}).")
  private List<String> kinds = List.of("fibre");

  @Option(
      names = "--trials",
      paramLabel = "N",
      defaultValue = "30",
      description = "Trials of Donut for each size and kind (default: ${DEFAULT-VALUE}).")
  private int trials = 30;

  @Option(
      names = "--peer-trials",
      paramLabel = "N",
      description = "Trials of the others, which take longer (default: as --trials).")
  private int peerTrials;

  @Option(
      names = "--case-minutes",
      paramLabel = "N",
      defaultValue = "60",
      description =
          "No trial begins after so many minutes in one size and kind of one system (default:"
              + " ${DEFAULT-VALUE}).")
  private double caseMinutes = 60;

  @Option(
      names = "--destinations",
      paramLabel = "N",
      defaultValue = "8",
      description = "Destinations, spread over the table (default: ${DEFAULT-VALUE}).")
  private int destinations = 8;

  @Option(
      names = "--rate",
      paramLabel = "N",
      defaultValue = "2000",
      description = "Packets a second to each destination (default: ${DEFAULT-VALUE}).")
  private int rate = 2000;

  @Option(
      names = "--out",
      paramLabel = "DIR",
      defaultValue = "build/failover",
      description =
          "Where report.html, report.json, report.md and junit.xml go (default: ${DEFAULT-VALUE}).")
  private Path out = Path.of("build", "failover");

  @Option(
      names = "--continue",
      description =
          "Keep what report.json in that directory has and measure what is missing, in runs as long"
              + " as there is time for.")
  private boolean goOn;

  @Override
  FailoverOptions options() {
    return new FailoverOptions(
        name,
        routes,
        kinds.stream().map(FailureKind::parse).toList(),
        systems(),
        family(),
        trials,
        peerTrials == 0 ? trials : peerTrials,
        Duration.ofMillis((long) (caseMinutes * 60_000)),
        destinations,
        rate,
        seed,
        prefixes,
        logs);
  }

  @Override
  int measure(FailoverOptions options, PrintWriter progress) throws IOException {
    Logging.to(logs.resolve("bench.log"));
    Files.createDirectories(out);
    FailoverResult result =
        new FailoverBench(options, new Narration(progress)).run(known(options), this::write);
    List<String> lines = new ArrayList<>(List.of(""));
    lines.addAll(FailoverReport.lines(result));
    lines.add("");
    lines.add("report: " + out.resolve("report.html"));
    show(lines, FailoverJson.write(result), FailoverReport.markdown(result));
    return result.complete() ? 0 : 1;
  }

  private List<FailoverResult.Case> known(FailoverOptions options) throws IOException {
    Path file = out.resolve("report.json");
    if (!goOn || !Files.exists(file)) {
      return List.of();
    }
    try {
      return FailoverJson.cases(Files.readString(file), options);
    } catch (IllegalArgumentException e) {
      throw new LabException("--continue: " + file + ": " + e.getMessage(), e);
    }
  }

  private void write(FailoverResult result) {
    try {
      Files.writeString(out.resolve("report.json"), FailoverJson.write(result));
      Files.writeString(out.resolve("report.html"), FailoverPage.of(result));
      Files.writeString(out.resolve("report.md"), FailoverReport.markdown(result));
      Files.writeString(out.resolve("junit.xml"), FailoverReport.junit(result));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}

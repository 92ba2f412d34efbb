package net.donut.lab.cli;

import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import net.donut.lab.net.LabException;
import net.donut.lab.run.InterruptGuard;
import net.donut.lab.story.NetworkResult;
import net.donut.lab.story.Stories;
import net.donut.lab.story.StoryLength;
import net.donut.lab.story.StoryNetwork;
import net.donut.lab.story.StoryReport;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/// `donut lab story`.
@Command(
    name = "story",
    mixinStandardHelpOptions = true,
    description = {
      "Send the same traffic through five networks, from all by transit to the donut, and put hops,",
      "delay, loss, outages and the transit bill side by side. Exit code 1 when a scenario fails."
    },
    footer = {"", "Example: donut lab story", "Example: donut lab story --only donut --quick"})
final class StoryCommand extends ClabCommand {
  @Option(
      names = "--only",
      paramLabel = "NETWORK",
      description = "traditional, direct, donut, babulous or cdn; may repeat (default: all five).")
  private List<String> only = new ArrayList<>();

  @Option(
      names = "--out",
      paramLabel = "DIR",
      defaultValue = "build/lab/story",
      description = "Where report.json, report.html and pictures go (default: ${DEFAULT-VALUE}).")
  private Path directory = Path.of("build", "lab", "story");

  @Option(
      names = "--quick",
      description = "A quarter of the viewers, and only the first failure of each network.")
  private boolean quick;

  @Override
  int act(PrintWriter out) {
    List<NetworkResult> results;
    try (InterruptGuard _ = new InterruptGuard()) {
      results =
          Stories.run(
              runtime,
              Stories.directory(Path.of(System.getProperty("donut.root", "."))),
              networks(),
              quick ? StoryLength.QUICK : StoryLength.FULL,
              line -> {
                out.println(line);
                out.flush();
              });
    }
    StoryReport.write(results, directory);
    out.println();
    StoryReport.lines(results).forEach(out::println);
    out.println();
    out.println("see " + directory.resolve("report.html").toAbsolutePath());
    return results.stream().allMatch(result -> result.faults().isEmpty()) ? 0 : 1;
  }

  private List<StoryNetwork> networks() {
    return only.isEmpty()
        ? List.of(StoryNetwork.values())
        : only.stream().map(StoryCommand::network).toList();
  }

  private static StoryNetwork network(String word) {
    return List.of(StoryNetwork.values()).stream()
        .filter(network -> network.word().equals(word.toLowerCase(Locale.ROOT)))
        .findFirst()
        .orElseThrow(() ->
            new LabException(
                "--only: '" + word + "' (expected: traditional, direct, donut, babulous or cdn)"));
  }
}

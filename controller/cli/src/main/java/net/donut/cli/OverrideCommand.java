package net.donut.cli;

import java.time.Duration;
import net.donut.api.operator.v1.ListOverridesRequest;
import net.donut.api.operator.v1.ListOverridesResponse;
import net.donut.api.operator.v1.OverrideInfo;
import net.donut.api.operator.v1.OverrideRequest;
import net.donut.api.operator.v1.OverrideResponse;
import net.donut.report.text.TextTable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/// `donut override`: send a prefix by one neighbor for a time.
@Command(
    name = "override",
    description = {
      "Send a prefix by one neighbor for a time, whatever the decision says.",
      "The other exits stay its backups. It ends by itself, even at a router that no controller"
          + " reaches; the same command again prolongs it. Survives restarts of the controller."
    },
    footer = {
      "",
      "Example: donut override 203.0.113.0/24 --via tier1b --for 30m",
      "Example: donut override 203.0.113.0/24 --end"
    })
final class OverrideCommand extends OperatorCommand {
  @Parameters(paramLabel = "PREFIX", description = "As the neighbor announces it.")
  private String prefix = "";

  @Option(names = "--via", paramLabel = "NEIGHBOR", description = "The neighbor it leaves by.")
  private String neighbor = "";

  @Option(
      names = "--for",
      paramLabel = "TIME",
      description = "For how long, such as 90s, 30m or 2h; at most 168h.")
  private String time = "";

  @Option(names = "--end", description = "End the override of the prefix now.")
  private boolean end;

  @Override
  public void run() {
    OverrideRequest.Builder request =
        OverrideRequest.newBuilder().setPrefix(ValueText.prefix(prefix)).setUndo(end);
    if (end && !(neighbor.isEmpty() && time.isEmpty())) {
      throw new Failures.Refused(Failures.USAGE, "--end: stands alone (without --via and --for)");
    }
    if (!end) {
      if (neighbor.isEmpty() || time.isEmpty()) {
        throw new Failures.Refused(
            Failures.USAGE, "--via NEIGHBOR and --for TIME are needed, or --end");
      }
      Duration duration = ValueText.time("--for", time);
      request
          .setNeighbor(neighbor)
          .setSeconds((int) Math.min(Integer.MAX_VALUE, duration.toSeconds()));
    }
    OverrideResponse answer = controller.ask(stub -> stub.override(request.build()));
    output.print(out(), answer, out -> out.println(answer.getMessage()));
  }

  /// `donut overrides`: those that stand.
  @Command(
      name = "overrides",
      description = "List the prefixes that leave by another neighbor for a time.",
      footer = {"", "Example: donut overrides"})
  static final class Overrides extends OperatorCommand {
    @Override
    public void run() {
      ListOverridesResponse answer =
          controller.ask(stub -> stub.listOverrides(ListOverridesRequest.getDefaultInstance()));
      TextTable table = new TextTable("PREFIX", "NEIGHBOR", "LEFT", "EFFECT");
      for (OverrideInfo one : answer.getOverridesList()) {
        table.row(
            one.getPrefix(),
            one.getNeighbor(),
            ValueText.span(Duration.ofSeconds(one.getSecondsLeft())),
            one.getObstacle().isEmpty() ? "in force" : "none: " + one.getObstacle());
      }
      output.print(out(), answer, o -> table.print(o, pen()));
    }
  }
}

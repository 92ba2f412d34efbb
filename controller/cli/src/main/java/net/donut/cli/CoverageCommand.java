package net.donut.cli;

import java.io.PrintWriter;
import java.util.List;
import net.donut.api.operator.v1.AddressBlock;
import net.donut.api.operator.v1.CoverageRequest;
import net.donut.api.operator.v1.CoverageResponse;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/// `donut coverage`: holes, blocks with one exit, and what each exit's loss would do.
@Command(
    name = "coverage",
    description = {
      "Show holes, single exits, cost leaks and the donut ratio.",
      "And what the loss of each exit would move. Exit code 1 when there is a hole."
    },
    footer = {"", "Example: donut coverage --limit 20"})
final class CoverageCommand extends OperatorCommand {
  @Option(
      names = "--limit",
      paramLabel = "N",
      defaultValue = "20",
      description = "At most so many blocks of a kind (default: ${DEFAULT-VALUE}).")
  private int limit;

  @Override
  public void run() {
    if (limit < 1) {
      throw new Failures.Refused(Failures.USAGE, "--limit: " + limit + " (expected: 1 or more)");
    }
    CoverageResponse answer =
        controller.ask(stub -> stub.coverage(CoverageRequest.newBuilder().setLimit(limit).build()));
    output.print(out(), answer, out -> print(out, answer));
    if (answer.getHoleCount() > 0) {
      throw new Failures.Refused(Failures.NEGATIVE, answer.getHoleCount() + " holes");
    }
  }

  private static void print(PrintWriter out, CoverageResponse answer) {
    StatusCommand.counts(out, answer.getCounts());
    out.printf(
        "%d IPv4 addresses covered; transit defaults: %d IPv4, %d IPv6%n",
        answer.getIpv4Addresses(), answer.getDefaultsIpv4(), answer.getDefaultsIpv6());
    out.println();
    Table losses = new Table("IF THIS EXIT IS LOST", "MOVED", "LOST", "IPV4 SPACE LOST");
    answer
        .getExitLossesList()
        .forEach(loss ->
            losses.row(
                loss.getExit(),
                loss.getMoved(),
                loss.getLost(),
                Words.percent(loss.getLostIpv4Share())));
    losses.print(out);
    blocks(out, "holes", answer.getHoleCount(), answer.getHolesList());
    blocks(
        out, "blocks with a single exit", answer.getSingleExitCount(), answer.getSingleExitsList());
    blocks(out, "cost leaks", answer.getCostLeakCount(), answer.getCostLeaksList());
  }

  private static void blocks(PrintWriter out, String what, long count, List<AddressBlock> blocks) {
    out.println();
    out.println(
        count + " " + what + (blocks.size() < count ? " (the first " + blocks.size() + ")" : ""));
    if (!blocks.isEmpty()) {
      Table table = new Table("PREFIX", "EXIT", "WHY");
      blocks.forEach(block -> table.row(block.getPrefix(), block.getExit(), block.getReason()));
      table.print(out);
    }
  }
}

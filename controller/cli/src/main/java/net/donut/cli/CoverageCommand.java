package net.donut.cli;

import java.io.PrintWriter;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import net.donut.api.operator.v1.AddressBlock;
import net.donut.api.operator.v1.Bypass;
import net.donut.api.operator.v1.CoverageRequest;
import net.donut.api.operator.v1.CoverageResponse;
import net.donut.api.operator.v1.SpaceShares;
import net.donut.report.text.TextTable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/// `donut coverage`: holes, blocks with one exit, and what each exit's loss would do.
@Command(
    name = "coverage",
    description = {
      "Show holes, single exits, cost leaks, covered holes and the donut ratio.",
      "And what each exit carries, and what its loss would leave without an exit. Exit code 1 when"
          + " there is a hole."
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
      throw new Failures.Refused(
          Failures.NEGATIVE, ValueText.number(answer.getHoleCount()) + " holes");
    }
  }

  private void print(PrintWriter out, CoverageResponse answer) {
    StatusCommand.counts(out, answer.getCounts(), pen());
    out.printf(
        "%s IPv4 addresses and %s IPv6 /48s covered; transit defaults: %d IPv4, %d IPv6%n",
        ValueText.number(answer.getIpv4Addresses()),
        ValueText.number(answer.getIpv6Slash48S()),
        answer.getDefaultsIpv4(),
        answer.getDefaultsIpv6());
    ring(out, answer);
    out.println();
    TextTable losses =
        new TextTable(
            "IF THIS EXIT IS LOST",
            "PRICE",
            "CARRIES NOW",
            "IPV4",
            "IPV6",
            "LEFT WITHOUT EXIT",
            "IPV4 LOST",
            "IPV6 LOST");
    answer
        .getExitLossesList()
        .forEach(loss ->
            losses.row(
                loss.getExit(),
                ValueText.price(loss.getPrice()),
                ValueText.number(loss.getMoved()),
                ValueText.percent(loss.getCarriedIpv4Share()),
                ValueText.percent(loss.getCarriedIpv6Share()),
                ValueText.number(loss.getLost()),
                ValueText.percent(loss.getLostIpv4Share()),
                ValueText.percent(loss.getLostIpv6Share())));
    losses.print(out, pen());
    blocks(out, "holes", answer.getHoleCount(), answer.getHolesList());
    answer.getHoleCausesList().forEach(cause -> out.println("  " + cause.getText()));
    blocks(
        out, "blocks with a single exit", answer.getSingleExitCount(), answer.getSingleExitsList());
    blocks(out, "cost leaks", answer.getCostLeakCount(), answer.getCostLeaksList());
    bypasses(out, answer);
    blocks(
        out,
        "covered holes: refused, so their addresses follow the block of another origin",
        answer.getCoveredHoleCount(),
        answer.getCoveredHolesList());
  }

  /// A picture of how the addresses covered leave.
  private void ring(PrintWriter out, CoverageResponse answer) {
    Map<String, SpaceShares> families = new LinkedHashMap<>();
    if (answer.hasIpv4Shares()) {
      families.put("IPv4", answer.getIpv4Shares());
    }
    if (answer.hasIpv6Shares()) {
      families.put("IPv6", answer.getIpv6Shares());
    }
    if (!families.isEmpty()) {
      out.println();
      new CoverageRing(CoverageRing.Glyphs.ofLocale(), pen()).lines(families).forEach(out::println);
    }
  }

  /// What leaks sum up to, by who is bypassed and who takes it.
  private void bypasses(PrintWriter out, CoverageResponse answer) {
    if (answer.getBypassesCount() == 0) {
      return;
    }
    out.println();
    TextTable table =
        new TextTable(
            "BYPASSED", "PRICE", "BY TRANSIT", "PRICE", "PREFIXES", "IPV4 ADDRESSES", "IPV6 /48S");
    for (Bypass bypass : answer.getBypassesList()) {
      table.row(
          bypass.getDirect(),
          ValueText.price(bypass.getDirectPrice()),
          bypass.getTransit(),
          ValueText.price(bypass.getTransitPrice()),
          ValueText.number(bypass.getPrefixes()),
          ValueText.number(bypass.getIpv4Addresses()),
          ValueText.number(bypass.getIpv6Slash48S()));
    }
    table.print(out, pen());
  }

  private void blocks(PrintWriter out, String what, long count, List<AddressBlock> blocks) {
    out.println();
    out.println(
        ValueText.number(count)
            + " "
            + what
            + (blocks.size() < count ? " (the first " + blocks.size() + ")" : ""));
    if (!blocks.isEmpty()) {
      TextTable table = new TextTable("PREFIX", "EXIT", "WHY");
      blocks.forEach(block -> table.row(block.getPrefix(), block.getExit(), block.getReason()));
      table.print(out, pen());
    }
  }
}

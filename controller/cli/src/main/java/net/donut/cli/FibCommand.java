package net.donut.cli;

import java.io.PrintWriter;
import java.util.Iterator;
import net.donut.api.agent.v1.FibEntry;
import net.donut.api.agent.v1.FibNextHop;
import net.donut.api.agent.v1.FibSummary;
import net.donut.api.agent.v1.InspectFibRequest;
import net.donut.api.agent.v1.InspectFibResponse;
import net.donut.api.operator.v1.InspectRouterFibRequest;
import net.donut.report.text.Ink;
import net.donut.report.text.TextTable;
import net.donut.report.text.Thousands;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/// `donut fib`: the kernel's truth.
@Command(
    name = "fib",
    description = {
      "Show what the kernel of a router really has, beside what was intended.",
      "From a fresh dump. Without a prefix: the counts. Exit code 1 when kernel and intent differ."
    },
    footer = {
      "",
      "Examples:",
      "  donut fib edge1",
      "  donut fib edge1 192.0.2.0/24",
      "  donut fib edge1 --drift"
    })
final class FibCommand extends OperatorCommand {
  @Parameters(index = "0", paramLabel = "ROUTER", description = "A router of the policy.")
  private String router = "";

  @Parameters(
      index = "1",
      arity = "0..1",
      paramLabel = "PREFIX",
      description = "A prefix, or an address for its longest match.")
  private String prefix = "";

  @Option(names = "--all", description = "Every route.")
  private boolean all;

  @Option(names = "--drift", description = "Only routes in which kernel and intent differ.")
  private boolean drift;

  @Override
  public void run() {
    String target =
        prefix.isEmpty()
            ? ""
            : prefix.contains("/") ? ValueText.prefix(prefix) : ValueText.address(prefix);
    InspectRouterFibRequest request =
        InspectRouterFibRequest.newBuilder()
            .setRouter(router)
            .setQuery(
                InspectFibRequest.newBuilder()
                    .setAddressOrPrefix(target)
                    .setAll(all)
                    .setDrift(drift))
            .build();
    InspectFibResponse whole = controller.ask(stub -> collect(stub.inspectFib(request)));
    output.print(out(), whole, out -> table(out, whole));
    FibSummary summary = whole.getSummary();
    if (!target.isEmpty() && whole.getEntriesCount() == 0) {
      throw new Failures.Refused(Failures.NEGATIVE, router + ": no route for " + target);
    }
    if (summary.getMissing() + summary.getUnexpected() > 0) {
      throw new Failures.Refused(
          Failures.NEGATIVE,
          router
              + ": kernel differs from intent: "
              + Thousands.marked(summary.getMissing())
              + " missing, "
              + Thousands.marked(summary.getUnexpected())
              + " unexpected; `donut fib "
              + router
              + " --drift` lists them");
    }
  }

  private static InspectFibResponse collect(Iterator<InspectFibResponse> pages) {
    InspectFibResponse.Builder whole = InspectFibResponse.newBuilder();
    while (pages.hasNext()) {
      InspectFibResponse page = pages.next();
      whole.addAllEntries(page.getEntriesList());
      if (page.hasSummary()) {
        whole.setSummary(page.getSummary());
      }
    }
    return whole.build();
  }

  private void table(PrintWriter out, InspectFibResponse whole) {
    if (whole.getEntriesCount() > 0) {
      TextTable table =
          new TextTable("PREFIX", "STATUS", "GROUP", "KERNEL GROUP", "NEXT HOPS", "OWNER");
      for (FibEntry entry : whole.getEntriesList()) {
        table.row(
            entry.getPrefix(),
            ink(entry.getStatus())
                .of(
                    entry.getStatus()
                        + (entry.getError().isEmpty() ? "" : ": " + entry.getError())),
            entry.getNextHopGroup(),
            Integer.toUnsignedString(entry.getKernelGroup()),
            hops(entry),
            entry.getOwner());
      }
      table.print(out, pen());
    }
    FibSummary summary = whole.getSummary();
    out.printf(
        "%s: %,d intended (%,d IPv4, %,d IPv6), %,d installed, %,d missing, %,d unexpected; %,d groups,"
            + " %,d next hops; %,d routes of other programs; dump %.1f ms%n",
        router,
        summary.getIntended(),
        summary.getIntendedIpv4(),
        summary.getIntendedIpv6(),
        summary.getInstalled(),
        summary.getMissing(),
        summary.getUnexpected(),
        summary.getGroups(),
        summary.getNextHops(),
        summary.getForeign(),
        summary.getDumpMicros() / 1000.0);
    if (summary.getUnclaimed() > 0) {
      out.printf(
          "%s: %,d routes of an earlier run of the agent wait until the controller asks for them again"
              + " or has sent everything else; traffic uses them%n",
          router, summary.getUnclaimed());
    }
  }

  private static Ink ink(String status) {
    return switch (status) {
      case "installed" -> Ink.GOOD;
      case "missing", "failed", "conflict", "unexpected" -> Ink.BAD;
      default -> Ink.PLAIN;
    };
  }

  /// Next hops in rank order; `*` marks those that carry traffic now, `!` those without a living
  /// link.
  static String hops(FibEntry entry) {
    StringBuilder text = new StringBuilder();
    for (FibNextHop hop : entry.getNextHopsList()) {
      text.append(text.isEmpty() ? "" : ", ")
          .append(hop.getAddress().isEmpty() ? "discard" : hop.getAddress())
          .append(hop.getInterface().isEmpty() ? "" : "%" + hop.getInterface())
          .append(hop.getBuckets() > 0 ? "*" : "")
          .append(hop.getAlive() ? "" : "!");
    }
    return text.toString();
  }
}

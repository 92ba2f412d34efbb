package net.donut.cli;

import java.io.PrintWriter;
import net.donut.api.operator.v1.ExplainCandidate;
import net.donut.api.operator.v1.ExplainExit;
import net.donut.api.operator.v1.ExplainRequest;
import net.donut.api.operator.v1.ExplainResponse;
import net.donut.api.operator.v1.ExplainStep;
import net.donut.api.operator.v1.PathInfo;
import net.donut.report.text.TextTable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/// `donut explain`: where does this address go and why.
@Command(
    name = "explain",
    description = {
      "Say where an address goes and why.",
      "Shows the longest-prefix chain, every candidate, the step at which each lost, the backups,"
          + " and whether each kernel has it."
    },
    footer = {"", "Example: donut explain 192.0.2.1 --router edge1"})
final class ExplainCommand extends OperatorCommand {
  @Parameters(paramLabel = "ADDRESS", description = "An IPv4 or IPv6 address.")
  private String address = "";

  @Option(
      names = "--router",
      paramLabel = "NAME",
      description = "As this router sees it (default: all).")
  private String router = "";

  @Override
  public void run() {
    ExplainRequest request =
        ExplainRequest.newBuilder().setAddress(Words.address(address)).setRouter(router).build();
    ExplainResponse answer = controller.ask(stub -> stub.explain(request));
    output.print(out(), answer, out -> print(out, answer));
    if (answer.getStepsList().stream().noneMatch(ExplainStep::getSelected)) {
      throw new Failures.Refused(
          Failures.NEGATIVE, address + ": not forwarded: no accepted route covers it");
    }
  }

  private void print(PrintWriter out, ExplainResponse answer) {
    answer.getSummaryList().forEach(out::println);
    for (ExplainStep step : answer.getStepsList()) {
      out.println();
      out.println(
          step.getRouter()
              + ": "
              + step.getPrefix()
              + (step.getSelected()
                  ? "  <- forwards " + answer.getAddress()
                  : "  (covered by a longer prefix, or not forwarded)")
              + "  class "
              + step.getClassId()
              + "  kernel "
              + step.getKernel());
      int rank = 0;
      for (ExplainExit exit : step.getExitsList()) {
        out.println(
            "  "
                + (rank++ == 0 ? "primary  " : "backup " + (rank - 1) + " ")
                + exit(exit)
                + (rank > 1 && exit.getCarries() ? "  <- in use" : ""));
      }
      step.getExcludedBackupsList().forEach(line -> out.println("  no backup  " + line));
      if (step.hasKernelEntry() && step.getKernelEntry().getNextHopsCount() > 0) {
        out.println("  in kernel  " + FibCommand.hops(step.getKernelEntry()));
      }
      candidates(out, step);
    }
  }

  private static String exit(ExplainExit exit) {
    String who =
        exit.getNeighbor().isEmpty() && !exit.getNextHop().isEmpty()
            ? "nobody"
            : exit.getNeighbor() + " (" + exit.getRelation() + ") at " + exit.getRouter();
    return who
        + (exit.getViaRouter().isEmpty() ? "" : " via " + exit.getViaRouter())
        + ", next hop "
        + (exit.getNextHop().isEmpty() ? "discard" : exit.getNextHop())
        + (exit.getInterface().isEmpty() ? "" : " on " + exit.getInterface())
        + (exit.getLinkUp() ? "" : " (link down)")
        + (exit.getObstacle().isEmpty() ? "" : " (not usable: " + exit.getObstacle() + ")");
  }

  private void candidates(PrintWriter out, ExplainStep step) {
    if (step.getCandidatesCount() == 0) {
      return;
    }
    TextTable table =
        new TextTable("", "NEIGHBOR", "ROUTER", "RELATION", "AS PATH", "MED", "VERDICT")
            .indented(4);
    for (ExplainCandidate candidate : step.getCandidatesList()) {
      PathInfo path = candidate.getPath();
      table.row(
          path.getBest() && isUsable(candidate) ? "*" : " ",
          path.getNeighbor(),
          path.getRouter(),
          path.getRelation(),
          path.getAsPath(),
          path.hasMed() ? Integer.toUnsignedString(path.getMed()) : "",
          verdict(candidate));
    }
    table.print(out, pen());
  }

  /// Whether packets can leave by it now: a path that is first and cannot be used is not the best.
  private static boolean isUsable(ExplainCandidate candidate) {
    return candidate.getVerdict().equals("accepted");
  }

  private static String verdict(ExplainCandidate candidate) {
    PathInfo path = candidate.getPath();
    if (!isUsable(candidate)) {
      return candidate.getVerdict()
          + (candidate.getReason().isEmpty() ? "" : ": " + candidate.getReason());
    }
    if (path.getBest()) {
      return "best";
    }
    if (!path.getLostAt().isEmpty()) {
      return "lost at "
          + path.getLostAt()
          + (path.getLostTo().isEmpty() ? "" : " to " + path.getLostTo());
    }
    return candidate.getVerdict();
  }
}

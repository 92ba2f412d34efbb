package net.donut.cli;

import java.io.PrintWriter;
import net.donut.api.operator.v1.ExplainCandidate;
import net.donut.api.operator.v1.ExplainExit;
import net.donut.api.operator.v1.ExplainRequest;
import net.donut.api.operator.v1.ExplainResponse;
import net.donut.api.operator.v1.ExplainStep;
import net.donut.api.operator.v1.PathInfo;
import net.donut.report.text.Ink;
import net.donut.report.text.Inked;
import net.donut.report.text.TextTable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/// `donut explain`: where does this address go and why.
@Command(
    name = "explain",
    description = {
      "Say where an address goes and why.",
      "Shows the longest-prefix chain, every candidate, why each lost, the backups,"
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
        ExplainRequest.newBuilder()
            .setAddress(ValueText.address(address))
            .setRouter(router)
            .build();
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
              + use(answer, step)
              + ", kernel: "
              + pen().write(kernelInk(step.getKernel()), step.getKernel()));
      int rank = 0;
      for (ExplainExit exit : step.getExitsList()) {
        out.println(
            "  "
                + (rank++ == 0 ? "primary  " : "backup " + (rank - 1) + " ")
                + exit(exit)
                + (rank > 1 && exit.getCarries() ? pen().write(Ink.WAITING, "  <- in use") : ""));
      }
      step.getExcludedBackupsList().forEach(line -> out.println("  no backup  " + line));
      if (step.hasKernelEntry() && step.getKernelEntry().getNextHopsCount() > 0) {
        out.println("  in kernel  " + FibCommand.hops(step.getKernelEntry()));
      }
      candidates(out, step);
    }
  }

  /// What the router does with the prefix of a step: the longest that can be used takes the
  /// packets.
  private String use(ExplainResponse answer, ExplainStep step) {
    if (step.getSelected()) {
      return pen().write(Ink.STRONG, "  <- forwards " + answer.getAddress());
    }
    return answer.getStepsList().stream()
        .filter(ExplainStep::getSelected)
        .filter(other -> other.getRouter().equals(step.getRouter()))
        .findFirst()
        .map(longer -> "  (not asked: %s is longer)".formatted(longer.getPrefix()))
        .orElse("  (forwards nothing: no path can be used)");
  }

  private static Ink kernelInk(String word) {
    return switch (word) {
      case "installed" -> Ink.GOOD;
      case "missing", "failed", "conflict", "unexpected" -> Ink.BAD;
      case "pending", "unknown" -> Ink.WAITING;
      default -> Ink.PLAIN;
    };
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
          path.getBest() && isUsable(candidate) ? Ink.STRONG.of("*") : "",
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

  private static Inked verdict(ExplainCandidate candidate) {
    PathInfo path = candidate.getPath();
    String reason = candidate.getReason().isEmpty() ? "" : ": " + candidate.getReason();
    return switch (candidate.getVerdict()) {
      case "accepted" ->
          path.getBest() ? Ink.STRONG.of("best") : Ink.PLAIN.of(loss(path, candidate.getVerdict()));
      case "rejected" -> Ink.BAD.of("refused" + reason);
      case "not-eligible" -> Ink.BAD.of("not usable" + reason);
      default -> Ink.PLAIN.of(candidate.getVerdict() + reason);
    };
  }

  private static String loss(PathInfo path, String otherwise) {
    return path.getLostText().isEmpty() ? otherwise : path.getLostText();
  }
}

package net.donut.cli;

import java.util.List;
import net.donut.api.operator.v1.AllowRemovalRequest;
import net.donut.api.operator.v1.AllowRemovalResponse;
import net.donut.api.operator.v1.RemovalAllowed;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/// `donut allow-removal`: the operator's word that routes may go.
@Command(
    name = "allow-removal",
    description = {
      "Let agents remove more routes than their removal budget, for a while.",
      "An agent refuses to remove more than a share of its routes (30 %%) within a minute, or a default"
          + " route, unless neighbors withdrew them: a controller that lost its routes must not take"
          + " the network with it. What was refused is asked for again at once."
    },
    footer = {"", "Example: donut allow-removal edge1 --seconds 120"})
final class AllowRemovalCommand extends OperatorCommand {
  static final int SECONDS = 60;

  @Parameters(
      paramLabel = "ROUTER",
      arity = "0..1",
      description = "A router of the policy; every router without it.")
  private String router = "";

  @Option(
      names = "--seconds",
      paramLabel = "N",
      defaultValue = "60",
      description = "For how long, 1..3600 (default: ${DEFAULT-VALUE}).")
  private int seconds = SECONDS;

  @Override
  public void run() {
    AllowRemovalResponse answer = allow(this, router, seconds);
    output.print(out(), answer, out -> lines(answer, seconds).forEach(out::println));
  }

  static AllowRemovalResponse allow(OperatorCommand command, String router, int seconds) {
    AllowRemovalRequest request =
        AllowRemovalRequest.newBuilder().setRouter(router).setSeconds(seconds).build();
    return command.controller.ask(stub -> stub.allowRemoval(request));
  }

  private static List<String> lines(AllowRemovalResponse answer, int seconds) {
    return answer.getRoutersList().stream().map(router -> line(router, seconds)).toList();
  }

  private static String line(RemovalAllowed router, int seconds) {
    return "%s: removals allowed for %d s (%d refused so far)"
        .formatted(router.getRouter(), seconds, router.getRefused());
  }
}

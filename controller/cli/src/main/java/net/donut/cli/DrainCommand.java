package net.donut.cli;

import net.donut.api.operator.v1.DrainRequest;
import net.donut.api.operator.v1.DrainResponse;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

/// `donut drain`: move traffic off a neighbor before work on it.
@Command(
    name = "drain",
    description = {
      "Move traffic off a neighbor before work on it.",
      "Its routes are used only where nothing else is left, and it is asked to prefer other ways to"
          + " us (graceful shutdown, RFC 8326). Survives restarts."
    },
    footer = {"", "Example: donut drain tier1a"})
final class DrainCommand extends OperatorCommand {
  @Parameters(paramLabel = "NEIGHBOR", description = "A neighbor of the policy.")
  private String neighbor = "";

  @Override
  public void run() {
    drain(this, neighbor, false);
  }

  private static void drain(OperatorCommand command, String neighbor, boolean undo) {
    DrainRequest request = DrainRequest.newBuilder().setNeighbor(neighbor).setUndo(undo).build();
    DrainResponse answer = command.controller.ask(stub -> stub.drain(request));
    command.output.print(command.out(), answer, out -> out.println(answer.getMessage()));
  }

  /// `donut undrain`: the way back.
  @Command(
      name = "undrain",
      description = "Use a drained neighbor again.",
      footer = {"", "Example: donut undrain tier1a"})
  static final class Undrain extends OperatorCommand {
    @Parameters(paramLabel = "NEIGHBOR", description = "A drained neighbor.")
    private String neighbor = "";

    @Override
    public void run() {
      drain(this, neighbor, true);
    }
  }
}

package net.donut.cli;

import java.io.PrintWriter;
import net.donut.api.operator.v1.AgentInfo;
import net.donut.api.operator.v1.ListAgentsRequest;
import net.donut.api.operator.v1.ListAgentsResponse;
import net.donut.report.text.Ink;
import net.donut.report.text.Inked;
import net.donut.report.text.TextTable;
import net.donut.report.text.Thousands;
import picocli.CommandLine.Command;

/// `donut agents`: the routers.
@Command(
    name = "agents",
    description = "List the routers: is the agent there, and is the kernel what was asked for.",
    footer = {"", "Example: donut agents"})
final class AgentsCommand extends OperatorCommand {

  @Override
  public void run() {
    ListAgentsResponse answer =
        controller.ask(stub -> stub.listAgents(ListAgentsRequest.getDefaultInstance()));
    output.print(out(), answer, out -> table(out, answer));
  }

  private static Inked state(String word) {
    return switch (word) {
      case "synced" -> Ink.GOOD.of(word);
      case "connected" -> Ink.WAITING.of(word);
      default -> Ink.BAD.of(word);
    };
  }

  private void table(PrintWriter out, ListAgentsResponse answer) {
    TextTable table =
        new TextTable(
            "ROUTER",
            "ADDRESS",
            "STATE",
            "SINCE",
            "INTENDED",
            "INSTALLED",
            "FAILED",
            "UNACKED",
            "GROUPS",
            "LINKS DOWN",
            "PROTECTION");
    for (AgentInfo agent : answer.getAgentsList()) {
      var fib = agent.getFib();
      table.row(
          agent.getName(),
          agent.getAddress(),
          state(agent.getState()),
          ValueText.since(agent.getConnectedUnixMs()),
          Thousands.marked(fib.getIntended()),
          Thousands.marked(fib.getInstalled()),
          (fib.getFailed() > 0 ? Ink.BAD : Ink.PLAIN).of(Thousands.marked(fib.getFailed())),
          Thousands.marked(agent.getUnacked()),
          Thousands.marked(fib.getGroups()),
          Ink.BAD.of(
              String.join(
                  ",",
                  agent.getLinksList().stream()
                      .filter(link -> !link.getInterface().equals("lo"))
                      .filter(link -> !link.getCarrier())
                      .map(link -> link.getInterface())
                      .toList())),
          agent.getState().equals("unreachable")
              ? ""
              : agent.getResilientGroups() ? "resilient groups" : "hash-threshold groups");
    }
    table.print(out, pen());
    for (AgentInfo agent : answer.getAgentsList()) {
      if (!agent.getError().isEmpty()) {
        out.println(agent.getName() + ": " + agent.getError());
      }
      agent.getWarningsList().forEach(line -> out.println(agent.getName() + ": " + line));
    }
  }
}

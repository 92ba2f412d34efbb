package net.donut.cli;

import java.io.PrintWriter;
import net.donut.api.operator.v1.RouteCounts;
import net.donut.api.operator.v1.StatusRequest;
import net.donut.api.operator.v1.StatusResponse;
import picocli.CommandLine.Command;

/// `donut status`: the controller in a few lines.
@Command(
    name = "status",
    description = "Show whether everything has converged, and the routes by relation.",
    footer = {"", "Example: donut status -o json"})
final class StatusCommand extends OperatorCommand {

  @Override
  public void run() {
    StatusResponse status = controller.ask(stub -> stub.status(StatusRequest.getDefaultInstance()));
    output.print(out(), status, out -> table(out, status));
  }

  private static void table(PrintWriter out, StatusResponse status) {
    RouteCounts routes = status.getRoutes();
    out.println(
        "AS "
            + Integer.toUnsignedString(status.getLocalAs())
            + ", up "
            + Words.since(status.getStartedUnixMs())
            + ", policy "
            + status.getPolicyFile()
            + " (generation "
            + status.getPolicyGeneration()
            + "), "
            + (status.getConverged() ? "converged" : "converging"));
    status.getWaitingList().forEach(line -> out.println("  waiting: " + line));
    status.getWarningsList().forEach(line -> out.println("  warning: " + line));
    counts(out, routes);
  }

  /// The routes by relation, and the donut ratio.
  static void counts(PrintWriter out, RouteCounts routes) {
    out.printf(
        "%s prefixes (%s paths): %s direct, %s by transit; donut ratio %s; %s protected; %s holes%n",
        Words.number(routes.getTotal()),
        Words.number(routes.getPaths()),
        Words.number(routes.getDirect()),
        Words.number(routes.getTransit()),
        Words.percent(routes.getDonutRatio()),
        Words.number(routes.getProtected()),
        Words.number(routes.getHoles()));
    Table table = new Table("RELATION", "PREFIXES", "PATHS");
    routes
        .getByRelationList()
        .forEach(row ->
            table.row(
                row.getRelation(), Words.number(row.getPrefixes()), Words.number(row.getPaths())));
    table.print(out);
  }
}

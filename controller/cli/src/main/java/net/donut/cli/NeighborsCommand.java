package net.donut.cli;

import java.io.PrintWriter;
import net.donut.api.agent.v1.BfdState;
import net.donut.api.agent.v1.SessionState;
import net.donut.api.operator.v1.ListNeighborsRequest;
import net.donut.api.operator.v1.ListNeighborsResponse;
import net.donut.api.operator.v1.NeighborInfo;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

/// `donut neighbors`: the sessions.
@Command(
    name = "neighbors",
    description = "List the BGP sessions with what they brought; with a name, everything of one.",
    footer = {"", "Example: donut neighbors tier1a"})
final class NeighborsCommand extends OperatorCommand {
  @Parameters(arity = "0..1", paramLabel = "NAME", description = "A neighbor of the policy.")
  private String name = "";

  @Override
  public void run() {
    ListNeighborsResponse answer =
        controller.ask(
            stub -> stub.listNeighbors(ListNeighborsRequest.newBuilder().setName(name).build()));
    output.print(out(), answer, out -> table(out, answer));
  }

  private void table(PrintWriter out, ListNeighborsResponse answer) {
    Table table =
        new Table(
            "NEIGHBOR",
            "ROUTER",
            "RELATION",
            "AS",
            "STATE",
            "BFD",
            "SINCE",
            "IPV4",
            "IPV6",
            "ACCEPTED",
            "REJECTED",
            "BEST",
            "SENT",
            "LINK");
    for (NeighborInfo neighbor : answer.getNeighborsList()) {
      SessionState session = neighbor.getSession();
      table.row(
          session.getNeighbor().isEmpty() ? neighbor.getName() : session.getNeighbor(),
          neighbor.getRouter(),
          neighbor.getRelation(),
          Integer.toUnsignedString(session.getRemoteAs()),
          session.getState()
              + (neighbor.getDrained() ? " (drained)" : "")
              + (session.getStale() ? " (stale)" : ""),
          session.hasBfd() ? session.getBfd().getState() : "-",
          Words.since(session.getEstablishedUnixMs()),
          session.getPrefixesIpv4(),
          session.getPrefixesIpv6(),
          neighbor.getAccepted(),
          neighbor.getRejected(),
          neighbor.getBest(),
          session.getAdvertisedIpv4() + session.getAdvertisedIpv6(),
          neighbor.getLinkUp() ? "up" : "DOWN");
    }
    table.print(out);
    if (!name.isEmpty()) {
      answer.getNeighborsList().forEach(neighbor -> details(out, neighbor));
    }
  }

  private static void bfd(PrintWriter out, BfdState bfd) {
    out.println(
        "  bfd                %s, neighbor %s, path %s since %s, lost %d times"
            .formatted(
                bfd.getState(),
                bfd.getRemoteState(),
                bfd.getPath(),
                Words.since(bfd.getSinceUnixMs()),
                bfd.getLosses()));
    out.println(
        "  bfd timers         sends every %s ms, detects in %s ms"
            .formatted(bfd.getTransmitMicros() / 1000, bfd.getDetectionMicros() / 1000));
    out.println(
        "  bfd diagnostic     %s, neighbor's %s"
            .formatted(bfd.getDiagnostic(), bfd.getRemoteDiagnostic()));
  }

  private static void details(PrintWriter out, NeighborInfo neighbor) {
    SessionState session = neighbor.getSession();
    out.println();
    out.println(session.getNeighbor() + ":");
    out.println(
        "  address            " + session.getAddress() + ", ours " + session.getLocalAddress());
    out.println("  router id          " + session.getRemoteRouterId());
    out.println("  hold time          " + session.getHoldTimeSeconds() + " s");
    out.println("  capabilities       " + String.join(", ", session.getCapabilitiesList()));
    out.println(
        "  updates            "
            + session.getUpdatesReceived()
            + " received, "
            + session.getUpdatesSent()
            + " sent");
    out.println(
        "  malformed          "
            + session.getTreatedAsWithdraw()
            + " treated as withdraw, "
            + session.getAttributesDiscarded()
            + " attributes discarded");
    out.println("  flaps              " + session.getFlaps());
    if (session.hasBfd()) {
      bfd(out, session.getBfd());
    }
    if (!session.getLastError().isEmpty()) {
      out.println("  last error         " + session.getLastError());
    }
    if (neighbor.getPrice() > 0) {
      out.println("  price              " + neighbor.getPrice() + " per Mbit/s and month");
    }
    if (neighbor.getCapacityMbps() > 0) {
      out.println("  capacity           " + neighbor.getCapacityMbps() + " Mbit/s");
    }
    neighbor
        .getRejectsList()
        .forEach(reject ->
            out.println("  rejected           " + reject.getCount() + ": " + reject.getReason()));
  }
}

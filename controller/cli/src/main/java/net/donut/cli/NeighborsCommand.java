package net.donut.cli;

import java.io.PrintWriter;
import java.util.Comparator;
import java.util.List;
import net.donut.api.agent.v1.BfdState;
import net.donut.api.agent.v1.MalformedRoute;
import net.donut.api.agent.v1.SessionState;
import net.donut.api.operator.v1.ListNeighborsRequest;
import net.donut.api.operator.v1.ListNeighborsResponse;
import net.donut.api.operator.v1.NeighborInfo;
import net.donut.report.text.Thousands;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/// `donut neighbors`: the sessions.
@Command(
    name = "neighbors",
    description = {
      "List the neighbors with the state of their BGP sessions and what they brought.",
      "With a name: everything about one."
    },
    footer = {
      "",
      "Example: donut neighbors tier1a",
      "Example: donut neighbors --relation transit --sort received"
    })
final class NeighborsCommand extends OperatorCommand {
  /// ValueText of `--sort`.
  enum Order {
    NAME,
    AS,
    RECEIVED,
    ACCEPTED,
    BEST,
    DOWN;

    private Comparator<NeighborTable.Row> comparator() {
      return switch (this) {
        case NAME -> Comparator.comparing(row -> row.neighbor().getName());
        case AS ->
            Comparator.comparingLong(
                row -> Integer.toUnsignedLong(row.neighbor().getSession().getRemoteAs()));
        case RECEIVED -> Comparator.comparingLong(row -> -row.received());
        case ACCEPTED -> Comparator.comparingLong(row -> -row.accepted());
        case BEST -> Comparator.comparingLong(row -> -row.neighbor().getBest());
        case DOWN -> Comparator.comparingLong(NeighborTable.Row::downSince);
      };
    }
  }

  @Parameters(arity = "0..1", paramLabel = "NAME", description = "A neighbor of the policy.")
  private String name = "";

  @Option(names = "--down", description = "Only neighbors with a session that is not established.")
  private boolean down;

  @Option(
      names = "--relation",
      paramLabel = "WORD",
      description = "Only neighbors of this relation: customer, private-peer, transit, ...")
  private String relation = "";

  @Option(names = "--router", paramLabel = "NAME", description = "Only neighbors at this router.")
  private String router = "";

  @Option(
      names = "--sort",
      paramLabel = "COLUMN",
      description =
          "name, as, received, accepted, best (most first), or down (longest first); default: as in"
              + " the policy.")
  private @Nullable Order sort;

  @Override
  public void run() {
    String wanted = relation.isEmpty() ? "" : ValueText.relation(relation);
    ListNeighborsResponse all =
        controller.ask(
            stub -> stub.listNeighbors(ListNeighborsRequest.newBuilder().setName(name).build()));
    List<String> routers =
        all.getNeighborsList().stream().map(NeighborInfo::getRouter).distinct().toList();
    if (!router.isEmpty() && name.isEmpty() && !routers.contains(router)) {
      throw new Failures.Refused(
          Failures.NEGATIVE,
          "no neighbor is at router '%s' (routers with neighbors: %s)"
              .formatted(router, String.join(", ", routers)));
    }
    List<NeighborTable.Row> rows =
        NeighborTable.Row.of(all.getNeighborsList()).stream()
            .filter(row -> !down || !row.isUp())
            .filter(row -> wanted.isEmpty() || row.neighbor().getRelation().equals(wanted))
            .filter(row -> router.isEmpty() || row.neighbor().getRouter().equals(router))
            .sorted(sort == null ? (_, _) -> 0 : sort.comparator())
            .toList();
    ListNeighborsResponse.Builder answer = ListNeighborsResponse.newBuilder();
    rows.forEach(row -> answer.addAllNeighbors(row.sessions()));
    output.print(out(), answer.build(), out -> table(out, rows));
  }

  private void table(PrintWriter out, List<NeighborTable.Row> rows) {
    if (rows.isEmpty()) {
      out.println(down ? "no such neighbor is down" : "no such neighbor");
      return;
    }
    NeighborTable.overview(rows).print(out, pen());
    List<NeighborTable.Row> notUp = rows.stream().filter(row -> !row.isUp()).toList();
    if (!name.isEmpty()) {
      rows.forEach(row -> row.sessions().forEach(session -> details(out, session)));
    } else if (!notUp.isEmpty()) {
      out.println();
      NeighborTable.down(notUp).print(out, pen());
    }
  }

  private static void down(PrintWriter out, SessionState session) {
    if (NeighborTable.isUp(session)) {
      if (!session.getDownReason().isEmpty()) {
        out.println("  last down          " + session.getDownReason());
      }
      return;
    }
    out.println("  down for           " + ValueText.since(session.getDownSinceUnixMs()));
    out.println("  down reason        " + NeighborTable.reason(session));
    if (!session.getAttemptError().isEmpty()) {
      out.println("  last attempt       " + session.getAttemptError());
    }
    out.println("  next try           " + NeighborTable.nextTry(session));
  }

  private static void malformed(PrintWriter out, SessionState session) {
    if (!session.getLastFault().isEmpty()) {
      out.println(
          "  last fault         %s, %s ago"
              .formatted(session.getLastFault(), ValueText.since(session.getLastFaultUnixMs())));
    }
    for (MalformedRoute route : session.getMalformedList()) {
      out.println(
          "  malformed route    %s: %s, %s ago"
              .formatted(route.getPrefix(), route.getFault(), ValueText.since(route.getUnixMs())));
    }
  }

  private static void bfd(PrintWriter out, BfdState bfd) {
    out.println(
        "  bfd                %s, neighbor %s, path %s for %s, lost %s"
            .formatted(
                bfd.getState(),
                bfd.getRemoteState(),
                bfd.getPath(),
                ValueText.since(bfd.getSinceUnixMs()),
                Thousands.of(bfd.getLosses(), "time", "times")));
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
    out.println("  state              " + NeighborTable.state(neighbor));
    out.println(
        "  address            " + session.getAddress() + ", ours " + session.getLocalAddress());
    if (NeighborTable.isUp(session)) {
      out.println("  router id          " + session.getRemoteRouterId());
      out.println("  hold time          " + session.getHoldTimeSeconds() + " s");
      out.println("  capabilities       " + String.join(", ", session.getCapabilitiesList()));
    }
    out.println(
        "  updates            "
            + Thousands.marked(session.getUpdatesReceived())
            + " received, "
            + Thousands.marked(session.getUpdatesSent())
            + " sent");
    out.println(
        "  malformed          "
            + Thousands.marked(session.getTreatedAsWithdraw())
            + " treated as withdraw, "
            + Thousands.marked(session.getAttributesDiscarded())
            + " attributes discarded");
    out.println("  flaps              " + session.getFlaps());
    malformed(out, session);
    if (session.hasBfd()) {
      bfd(out, session.getBfd());
    }
    down(out, session);
    if (neighbor.getPrice() > 0) {
      out.println(
          "  price              %s per Mbit/s and month"
              .formatted(ValueText.price(neighbor.getPrice())));
    }
    if (neighbor.getCapacityMbps() > 0) {
      out.println("  capacity           " + neighbor.getCapacityMbps() + " Mbit/s");
    }
    neighbor
        .getRejectsList()
        .forEach(reject ->
            out.println(
                "  refused            "
                    + Thousands.marked(reject.getCount())
                    + ": "
                    + reject.getReason()));
  }
}

package net.donut.cli;

import java.io.PrintWriter;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import net.donut.api.operator.v1.ListRoutesRequest;
import net.donut.api.operator.v1.ListRoutesResponse;
import net.donut.api.operator.v1.PathInfo;
import net.donut.api.operator.v1.RouteInfo;
import net.donut.report.text.Ink;
import net.donut.report.text.Inked;
import net.donut.report.text.TextTable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/// `donut routes`: what was heard, and what was made of it.
@Command(
    name = "routes",
    description =
        "List routes with every path heard: * best, + backup, x refused, ~ kept but not usable.",
    footer = {
      "",
      "Examples:",
      "  donut routes 192.0.2.0/24 --longer",
      "  donut routes --neighbor tier2a"
    })
final class RoutesCommand extends OperatorCommand {
  @Parameters(arity = "0..1", paramLabel = "PREFIX", description = "Only this prefix.")
  private String prefix = "";

  @Option(names = "--neighbor", paramLabel = "NAME", description = "Only paths heard from it.")
  private String neighbor = "";

  @Option(names = "--longer", description = "The prefix and everything inside it.")
  private boolean longer;

  @Option(
      names = "--advertised",
      description = "What is announced to --neighbor instead of what it announces.")
  private boolean advertised;

  @Option(
      names = "--relation",
      paramLabel = "WORD",
      description = "Only prefixes whose best path is of it: customer, private-peer, transit, ...")
  private String relation = "";

  @Option(
      names = "--limit",
      paramLabel = "N",
      defaultValue = "1000",
      description = "At most so many prefixes, 0 for all (default: ${DEFAULT-VALUE}).")
  private int limit;

  @Override
  public void run() {
    check();
    ListRoutesRequest request =
        ListRoutesRequest.newBuilder()
            .setPrefix(prefix.isEmpty() ? "" : ValueText.prefix(prefix))
            .setLonger(longer)
            .setNeighbor(neighbor)
            .setAdvertised(advertised)
            .setRelation(relation)
            .setLimit(limit)
            .build();
    int shown =
        controller.ask(stub -> {
          Iterator<ListRoutesResponse> pages = stub.listRoutes(request);
          return output.isJson()
              ? json(out(), pages)
              : advertised ? told(out(), pages) : table(out(), pages);
        });
    out().flush();
    if (shown == 0 && !prefix.isEmpty()) {
      throw new Failures.Refused(
          Failures.NEGATIVE,
          "no route for "
              + prefix
              + (longer ? "" : "; try --longer, or `donut explain ADDRESS` for what covers it"));
    }
    if (limit > 0 && shown == limit) {
      err().println("only the first %,d prefixes (--limit 0 shows all)".formatted(limit));
      err().flush();
    }
  }

  private void check() {
    if (longer && prefix.isEmpty()) {
      throw new Failures.Refused(Failures.USAGE, "--longer: a PREFIX is missing");
    }
    if (advertised && neighbor.isEmpty()) {
      throw new Failures.Refused(Failures.USAGE, "--advertised: --neighbor NAME is missing");
    }
    if (limit < 0) {
      throw new Failures.Refused(Failures.USAGE, "--limit: " + limit + " (expected: 0 or more)");
    }
  }

  private static int json(PrintWriter out, Iterator<ListRoutesResponse> pages) {
    out.print("{\"routes\": [");
    int shown = 0;
    while (pages.hasNext()) {
      for (RouteInfo route : pages.next().getRoutesList()) {
        out.print(shown++ == 0 ? "" : ", ");
        out.print(Json.of(route));
      }
    }
    out.println("]}");
    return shown;
  }

  /// A line per path, as the pages come: columns of a fixed width, as nobody knows what follows.
  private int table(PrintWriter out, Iterator<ListRoutesResponse> pages) {
    String form = "%-28s %-14s %-10s %-13s %-26s %-8s %s";
    int shown = 0;
    while (pages.hasNext()) {
      for (RouteInfo route : pages.next().getRoutesList()) {
        if (shown++ == 0) {
          out.println(
              "   "
                  + form.formatted(
                      "PREFIX", "NEIGHBOR", "ROUTER", "RELATION", "NEXT HOP", "MED", "AS PATH"));
        }
        String prefix = route.getPrefix();
        for (PathInfo path : route.getPathsList()) {
          Inked mark = mark(path);
          String line =
              form.formatted(
                  prefix,
                  path.getNeighbor(),
                  path.getRouter(),
                  path.getRelation(),
                  path.getNextHop(),
                  path.hasMed() ? Integer.toUnsignedString(path.getMed()) : "-",
                  path.getAsPath() + " " + path.getOrigin() + why(path));
          out.println(
              pen().write(mark)
                  + " ".repeat(3 - mark.text().length())
                  + (mark.ink() == Ink.STRONG ? pen().write(Ink.STRONG, line) : line));
          prefix = "";
        }
      }
      out.flush();
    }
    if (shown == 0 && prefix.isEmpty()) {
      out.println("no routes");
    }
    return shown;
  }

  /// What a neighbor is told, as it is told, then what is withheld from it and why.
  private int told(PrintWriter out, Iterator<ListRoutesResponse> pages) {
    TextTable table =
        new TextTable("PREFIX", "NEXT HOP", "MED", "AS PATH", "OTC", "COMMUNITIES", "LARGE");
    List<String> withheld = new ArrayList<>();
    int shown = 0;
    while (pages.hasNext()) {
      for (RouteInfo route : pages.next().getRoutesList()) {
        shown++;
        for (PathInfo path : route.getPathsList()) {
          if (!path.getWithheld().isEmpty()) {
            withheld.add(
                "withheld: %s  %s: %s"
                    .formatted(route.getPrefix(), path.getWithheld(), path.getWithheldText()));
            continue;
          }
          table.row(
              route.getPrefix(),
              path.getNextHop(),
              path.hasMed() ? Integer.toUnsignedString(path.getMed()) : "-",
              (path.getAsPath() + " " + path.getOrigin()).strip(),
              path.hasOnlyToCustomer() ? Integer.toUnsignedString(path.getOnlyToCustomer()) : "-",
              path.getCommunities(),
              path.getLargeCommunities());
        }
      }
    }
    table.print(out, pen());
    withheld.forEach(out::println);
    out.flush();
    return shown;
  }

  private static Inked mark(PathInfo path) {
    if (!path.getHeld().isEmpty()) {
      return Ink.WAITING.of("~");
    }
    if (path.getBest()) {
      return Ink.STRONG.of("*");
    }
    return path.getRejected().isEmpty()
        ? Ink.PLAIN.of(path.getRank() > 0 ? "+" : "")
        : Ink.BAD.of("x");
  }

  private static String why(PathInfo path) {
    if (!path.getFault().isEmpty()) {
      return "  (malformed, withdrawn %s ago: %s)"
          .formatted(ValueText.since(path.getFaultUnixMs()), path.getFault());
    }
    if (!path.getRejected().isEmpty()) {
      String evidence = path.getEvidence().isEmpty() ? "" : ": " + path.getEvidence();
      return "  (refused: " + path.getRejected() + evidence + ")";
    }
    if (!path.getHeld().isEmpty()) {
      return "  (kept: " + path.getHeld().replace('-', ' ') + ")";
    }
    return path.getLostText().isEmpty() ? "" : "  (" + path.getLostText() + ")";
  }
}

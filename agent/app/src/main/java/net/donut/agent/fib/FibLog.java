package net.donut.agent.fib;

import java.util.Set;
import java.util.stream.Collectors;
import net.donut.model.queue.LineBudgets;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// The events of this package, each with its fixed text.
final class FibLog {
  private static final Logger LOG = LoggerFactory.getLogger("net.donut.agent.fib");
  private static final LineBudgets PEERS =
      new LineBudgets(
          (kind, more) -> LOG.atWarn().addKeyValue("more", more).log("{}: more like it", kind));

  private static final int NAMED = 3;

  private FibLog() {}

  static void adopted(int groups, int nextHops, long routes, long micros) {
    LOG.atInfo()
        .addKeyValue("groups", groups)
        .addKeyValue("nextHops", nextHops)
        .addKeyValue("routes", routes)
        .addKeyValue("micros", micros)
        .log("adopted kernel state");
  }

  static void linkUsable(String name) {
    if (PEERS.take("link usable " + name)) {
      LOG.atInfo().addKeyValue("interface", name).log("link usable");
    }
  }

  static void linkLost(String name) {
    if (PEERS.take("link lost " + name)) {
      LOG.atInfo().addKeyValue("interface", name).log("link lost");
    }
  }

  /// What changed of gateways whose link is up since the last line: counts, and a few of them.
  static void judged(Adjacencies.Told told) {
    if (PEERS.take("gateways judged")) {
      LOG.atInfo()
          .addKeyValue("failed", told.failed())
          .addKeyValue("new", few(told.fails()))
          .addKeyValue("again", few(told.works()))
          .addKeyValue("because", told.because())
          .log("gateways judged");
    }
  }

  /// How many, and three of them.
  static String few(Set<Adjacency> gateways) {
    String names =
        gateways.stream()
            .map(Adjacency::toString)
            .sorted()
            .limit(NAMED)
            .collect(Collectors.joining(", "));
    int more = gateways.size() - NAMED;
    return gateways.isEmpty()
        ? "0"
        : gateways.size() + " (" + names + (more > 0 ? " and " + more + " more)" : ")");
  }

  static void life(FibHop hop) {
    if (PEERS.take("next hop changed")) {
      LOG.atInfo()
          .addKeyValue("nextHop", hop)
          .addKeyValue("life", hop.life())
          .log("next hop changed");
    }
  }

  static void trusted(FibHop hop) {
    if (PEERS.take("next hop carries traffic again")) {
      LOG.atInfo().addKeyValue("nextHop", hop).log("next hop carries traffic again");
    }
  }

  static void addresses(LinkStatus link) {
    if (PEERS.take("addresses " + link.name())) {
      LOG.atInfo()
          .addKeyValue("interface", link.name())
          .addKeyValue("addresses", link.addresses())
          .log("addresses changed");
    }
  }

  static void gatewaysSilent(Set<Adjacency> failed) {
    if (PEERS.take("gateways silent")) {
      LOG.atInfo()
          .addKeyValue("count", failed.size())
          .addKeyValue("first", failed.stream().limit(5).map(Adjacency::toString).sorted().toList())
          .log("gateways that do not answer ARP or ND, or not for long");
    }
  }

  static void notice(String text) {
    if (PEERS.take("notice")) {
      LOG.atWarn().log(LineBudgets.oneLine(text));
    }
  }

  static void swept(long routes, int objects) {
    LOG.atInfo().addKeyValue("routes", routes).addKeyValue("objects", objects).log("swept");
  }

  static void taskFailed(RuntimeException e) {
    if (PEERS.take("task failed")) {
      LOG.atError().setCause(e).log("task failed");
    }
  }

  static void ownerDied(Throwable e) {
    LOG.atError().setCause(e).log("forwarding thread died");
  }

  static void auditFailed(RuntimeException e) {
    if (PEERS.take("audit failed")) {
      LOG.atWarn().addKeyValue("error", e.getMessage()).log("audit failed");
    }
  }
}

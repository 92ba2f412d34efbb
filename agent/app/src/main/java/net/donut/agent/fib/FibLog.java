package net.donut.agent.fib;

import java.util.Set;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// The events of this package, each with its fixed text.
final class FibLog {
  private static final Logger LOG = LoggerFactory.getLogger("net.donut.agent.fib");

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
    LOG.atInfo().addKeyValue("interface", name).log("link usable");
  }

  static void linkLost(String name) {
    LOG.atInfo().addKeyValue("interface", name).log("link lost");
  }

  static void judged(String source, Adjacencies.Verdict verdict) {
    LOG.atInfo()
        .addKeyValue("source", source)
        .addKeyValue("failed", verdict.failed())
        .addKeyValue("because", verdict.failure())
        .log("gateways judged");
  }

  static void life(Hop hop) {
    LOG.atInfo()
        .addKeyValue("nextHop", hop)
        .addKeyValue("life", hop.life())
        .log("next hop changed");
  }

  static void trusted(Hop hop) {
    LOG.atInfo().addKeyValue("nextHop", hop).log("next hop carries traffic again");
  }

  static void addresses(LinkStatus link) {
    LOG.atInfo()
        .addKeyValue("interface", link.name())
        .addKeyValue("addresses", link.addresses())
        .log("addresses changed");
  }

  static void gatewaysSilent(Set<Adjacency> failed) {
    LOG.atInfo()
        .addKeyValue("count", failed.size())
        .addKeyValue("first", failed.stream().limit(5).map(Adjacency::toString).sorted().toList())
        .log("gateways that do not answer ARP or ND, or not for long");
  }

  static void notice(String text) {
    LOG.atWarn().log(text);
  }

  static void swept(long routes, int objects) {
    LOG.atInfo().addKeyValue("routes", routes).addKeyValue("objects", objects).log("swept");
  }

  static void taskFailed(RuntimeException e) {
    LOG.atError().setCause(e).log("task failed");
  }

  static void ownerDied(Throwable e) {
    LOG.atError().setCause(e).log("forwarding thread died");
  }

  static void auditFailed(RuntimeException e) {
    LOG.atWarn().addKeyValue("error", e.getMessage()).log("audit failed");
  }
}

package net.donut.bgp;

import net.donut.model.queue.LineBudgets;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Everything this package logs. Callers limit the rate of what a neighbor can cause.
final class BgpLog {
  private static final Logger LOG = LoggerFactory.getLogger("net.donut.bgp");
  private static final LineBudgets PEERS =
      new LineBudgets(
          (kind, more) -> LOG.atWarn().addKeyValue("more", more).log("{}: more like it", kind));

  private BgpLog() {}

  static void epollMissing(Throwable cause) {
    LOG.atWarn()
        .addKeyValue("cause", cause.getMessage())
        .log("native epoll is missing: BGP runs on NIO, without TCP MD5 and TTL security");
  }

  static void listening(String address, int port) {
    LOG.atInfo().addKeyValue("address", address).addKeyValue("port", port).log("BGP listens");
  }

  static void sessionUp(String neighbor, SessionInfo session) {
    if (PEERS.take("BGP session up " + neighbor)) {
      LOG.atInfo()
          .addKeyValue("neighbor", neighbor)
          .addKeyValue("as", session.remoteAs())
          .addKeyValue("families", session.families())
          .addKeyValue("holdTimeSeconds", session.holdTimeSeconds())
          .log("BGP session up");
    }
  }

  static void sessionDown(String neighbor, Down down) {
    if (PEERS.take("BGP session down " + neighbor)) {
      LOG.atInfo()
          .addKeyValue("neighbor", neighbor)
          .addKeyValue("cause", down.cause())
          .addKeyValue("stale", down.stale())
          .addKeyValue("text", LineBudgets.oneLine(String.valueOf(down.text())))
          .log("BGP session down");
    }
  }

  static void attemptFailed(String neighbor, String text) {
    if (PEERS.take("BGP session not established " + neighbor)) {
      LOG.atInfo()
          .addKeyValue("neighbor", neighbor)
          .addKeyValue("text", LineBudgets.oneLine(text))
          .log("BGP session not established");
    }
  }

  static void malformedUpdate(String neighbor, String prefixes, String fault, int suppressed) {
    if (PEERS.take("BGP malformed UPDATE " + neighbor)) {
      LOG.atWarn()
          .addKeyValue("neighbor", neighbor)
          .addKeyValue("prefixes", prefixes)
          .addKeyValue("fault", LineBudgets.oneLine(fault))
          .addKeyValue("suppressed", suppressed)
          .log("BGP malformed UPDATE");
    }
  }

  static void unknownNeighbor(String address, int suppressed) {
    LOG.atWarn()
        .addKeyValue("address", address)
        .addKeyValue("suppressed", suppressed)
        .log("BGP connection from an address that is no neighbor");
  }

  static void bug(String neighbor, Throwable cause) {
    if (PEERS.take("BGP session reset " + neighbor)) {
      LOG.atError().addKeyValue("neighbor", neighbor).setCause(cause).log("BGP session reset");
    }
  }
}

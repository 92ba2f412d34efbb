package net.donut.controller.southbound;

import net.donut.model.queue.LineBudgets;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// What this package logs.
final class SouthboundLog {
  private static final Logger LOG = LoggerFactory.getLogger("donut.southbound");
  private static final LineBudgets PEERS =
      new LineBudgets(
          (kind, more) -> LOG.atWarn().addKeyValue("more", more).log("{}: more like it", kind));

  private SouthboundLog() {}

  static void connected(String router, String agent, ElectionId id) {
    if (PEERS.take("agent connected " + router)) {
      LOG.atInfo()
          .addKeyValue("router", router)
          .addKeyValue("agent", agent)
          .addKeyValue("election", id)
          .log("agent connected");
    }
  }

  static void disconnected(String router, String agent, String reason) {
    if (PEERS.take("agent unreachable " + router)) {
      LOG.atWarn()
          .addKeyValue("router", router)
          .addKeyValue("agent", agent)
          .addKeyValue("reason", LineBudgets.oneLine(reason))
          .log("agent unreachable");
    }
  }

  static void synced(String router, int found, int different) {
    if (PEERS.take("agent compared " + router)) {
      LOG.atInfo()
          .addKeyValue("router", router)
          .addKeyValue("found", found)
          .addKeyValue("different", different)
          .log("agent compared with the intent");
    }
  }

  static void refused(String router, String error) {
    if (PEERS.take("operation refused " + router)) {
      LOG.atWarn()
          .addKeyValue("router", router)
          .addKeyValue("error", LineBudgets.oneLine(error))
          .log("operation refused");
    }
  }

  static void crashed(String router, Throwable cause) {
    LOG.atError().addKeyValue("router", router).setCause(cause).log("southbound thread");
  }
}

package net.donut.controller.southbound;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// What this package logs.
final class SouthboundEvents {
  private static final Logger LOG = LoggerFactory.getLogger("donut.southbound");

  private SouthboundEvents() {}

  static void connected(String router, String agent, ElectionId id) {
    LOG.atInfo()
        .addKeyValue("router", router)
        .addKeyValue("agent", agent)
        .addKeyValue("election", id)
        .log("agent connected");
  }

  static void disconnected(String router, String agent, String reason) {
    LOG.atWarn()
        .addKeyValue("router", router)
        .addKeyValue("agent", agent)
        .addKeyValue("reason", reason)
        .log("agent unreachable");
  }

  static void synced(String router, int found, int different) {
    LOG.atInfo()
        .addKeyValue("router", router)
        .addKeyValue("found", found)
        .addKeyValue("different", different)
        .log("agent compared with the intent");
  }

  static void refused(String router, String error) {
    LOG.atWarn().addKeyValue("router", router).addKeyValue("error", error).log("operation refused");
  }

  static void crashed(String router, Throwable cause) {
    LOG.atError().addKeyValue("router", router).setCause(cause).log("southbound thread");
  }
}

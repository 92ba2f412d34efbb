package net.donut.agent.gribi;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// The events of this package, each with its fixed text.
final class GribiLog {
  private static final Logger LOG = LoggerFactory.getLogger("net.donut.agent.gribi");

  private GribiLog() {}

  static void primary(ElectionId id) {
    LOG.atInfo().addKeyValue("electionId", id).log("new primary client");
  }

  static void refused(String why) {
    LOG.atWarn().addKeyValue("why", why).log("client refused");
  }

  static void flushed(long entries, long micros) {
    LOG.atInfo().addKeyValue("entries", entries).addKeyValue("micros", micros).log("flushed");
  }
}

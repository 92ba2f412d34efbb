package net.donut.agent.gribi;

import net.donut.model.queue.LineBudgets;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// The events of this package, each with its fixed text.
final class GribiLog {
  private static final Logger LOG = LoggerFactory.getLogger("net.donut.agent.gribi");
  private static final LineBudgets PEERS =
      new LineBudgets(
          (kind, more) -> LOG.atWarn().addKeyValue("more", more).log("{}: more like it", kind));

  private GribiLog() {}

  static void primary(GribiElectionId id) {
    if (PEERS.take("new primary client")) {
      LOG.atInfo().addKeyValue("electionId", id).log("new primary client");
    }
  }

  static void refused(String why) {
    if (PEERS.take("client refused")) {
      LOG.atWarn().addKeyValue("why", LineBudgets.oneLine(why)).log("client refused");
    }
  }

  static void flushed(long entries, long micros) {
    if (PEERS.take("flushed")) {
      LOG.atInfo().addKeyValue("entries", entries).addKeyValue("micros", micros).log("flushed");
    }
  }
}

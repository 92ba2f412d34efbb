package net.donut.agent.bfd;

import net.donut.bfd.BfdStatus;
import net.donut.model.queue.LineBudgets;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Every event this package logs, in the agent.
final class BfdLog {
  private static final Logger LOG = LoggerFactory.getLogger("net.donut.agent.bfd");
  private static final LineBudgets PEERS =
      new LineBudgets(
          (kind, more) -> LOG.atWarn().addKeyValue("more", more).log("{}: more like it", kind));

  private BfdLog() {}

  static void speakerStarted(long pid) {
    LOG.atInfo().addKeyValue("pid", pid).log("BFD speaker started");
  }

  static void speakerAdopted() {
    LOG.atInfo().log("BFD speaker of the last run adopted");
  }

  static void speakerLost(String cause) {
    LOG.atWarn().addKeyValue("cause", cause).log("BFD speaker lost, started again");
  }

  static void session(BfdStatus status) {
    if (PEERS.take("BFD session " + status.name())) {
      LOG.atInfo()
          .addKeyValue("session", status.name())
          .addKeyValue("state", status.state())
          .addKeyValue("remote_state", status.remoteState())
          .addKeyValue("diagnostic", status.diagnostic())
          .addKeyValue("path", status.path())
          .log("BFD session");
    }
  }

  static void notUnderstood(String line, IllegalArgumentException cause) {
    LOG.atError().addKeyValue("line", line).setCause(cause).log("BFD speaker not understood");
  }
}

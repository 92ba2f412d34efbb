package net.donut.controller.northbound;

import net.donut.model.queue.LineBudgets;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// What this package logs.
final class NorthboundLog {
  private static final Logger LOG = LoggerFactory.getLogger("donut.northbound");
  private static final LineBudgets PEERS =
      new LineBudgets(
          (kind, more) -> LOG.atWarn().addKeyValue("more", more).log("{}: more like it", kind));

  private NorthboundLog() {}

  static void serving(String where) {
    LOG.atInfo().addKeyValue("address", where).log("operators are served");
  }

  static void crashed(Throwable cause) {
    if (PEERS.take("operator call")) {
      LOG.atError().setCause(cause).log("operator call");
    }
  }
}

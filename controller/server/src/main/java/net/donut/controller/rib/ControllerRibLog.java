package net.donut.controller.rib;

import net.donut.model.queue.LineBudgets;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// What this package logs.
final class ControllerRibLog {
  private static final Logger LOG = LoggerFactory.getLogger("donut.rib");
  private static final LineBudgets PEERS =
      new LineBudgets(
          (kind, more) -> LOG.atWarn().addKeyValue("more", more).log("{}: more like it", kind));

  private ControllerRibLog() {}

  static void happened(OperatorEvent event) {
    if (PEERS.take(event.kind() + " at " + event.router())) {
      LOG.atInfo()
          .addKeyValue("kind", event.kind())
          .addKeyValue("router", event.router())
          .addKeyValue("subject", event.subject())
          .addKeyValue("generation", event.generation())
          .log(LineBudgets.oneLine(event.text()));
    }
  }

  static void crashed(Throwable cause) {
    LOG.atError().setCause(cause).log("rib thread");
  }
}

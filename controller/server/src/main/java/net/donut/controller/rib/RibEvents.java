package net.donut.controller.rib;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// What this package logs.
final class RibEvents {
  private static final Logger LOG = LoggerFactory.getLogger("donut.rib");

  private RibEvents() {}

  static void happened(OperatorEvent event) {
    LOG.atInfo()
        .addKeyValue("kind", event.kind())
        .addKeyValue("router", event.router())
        .addKeyValue("subject", event.subject())
        .addKeyValue("generation", event.generation())
        .log(event.text());
  }

  static void crashed(Throwable cause) {
    LOG.atError().setCause(cause).log("rib thread");
  }
}

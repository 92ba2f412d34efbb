package net.donut.controller.northbound;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// What this package logs.
final class NorthboundEvents {
  private static final Logger LOG = LoggerFactory.getLogger("donut.northbound");

  private NorthboundEvents() {}

  static void serving(String where) {
    LOG.atInfo().addKeyValue("address", where).log("operators are served");
  }

  static void crashed(Throwable cause) {
    LOG.atError().setCause(cause).log("operator call");
  }
}

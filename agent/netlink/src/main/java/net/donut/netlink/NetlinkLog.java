package net.donut.netlink;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// The log lines of this package.
final class NetlinkLog {
  private static final Logger LOG = LoggerFactory.getLogger("net.donut.netlink");

  private NetlinkLog() {}

  static void overrun(String monitor) {
    LOG.atWarn().addKeyValue("monitor", monitor).log("netlink events lost: dump and compare");
  }

  static void dumpRestarted(String operation, int attempt) {
    LOG.atDebug()
        .addKeyValue("operation", operation)
        .addKeyValue("attempt", attempt)
        .log("netlink dump restarted: tables changed meanwhile");
  }

  static void bufferLimited(String option, int wanted) {
    LOG.atDebug()
        .addKeyValue("option", option)
        .addKeyValue("wanted_bytes", wanted)
        .log("netlink buffer bounded by net.core limits");
  }
}

package net.donut.bgp;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Everything this package logs.
final class BgpEvents {
  private static final Logger LOG = LoggerFactory.getLogger("net.donut.bgp");

  private BgpEvents() {}

  static void epollMissing(Throwable cause) {
    LOG.atWarn()
        .addKeyValue("cause", cause.getMessage())
        .log("native epoll is missing: BGP runs on NIO, without TCP MD5 and TTL security");
  }
}

package net.donut.tls;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Every event this package logs. What a peer can cause is limited to a few lines a second.
final class TlsEvents {
  private static final Logger LOG = LoggerFactory.getLogger("net.donut.tls");
  private static final LogBudget PEERS = new LogBudget();

  private TlsEvents() {}

  static void loaded(String role, String until) {
    LOG.atInfo().addKeyValue("role", role).addKeyValue("until", until).log("credentials loaded");
  }

  static void notReloaded(String cause) {
    LOG.atWarn().addKeyValue("cause", cause).log("credentials on disk not usable, old ones stay");
  }

  static void noRevocations(String file) {
    LOG.atWarn()
        .addKeyValue("file", file)
        .log("no revocation list: nobody is refused for a revoked certificate");
  }

  static void expires(String warning) {
    LOG.atWarn().addKeyValue("warning", warning).log("certificate expires");
  }

  static void insecure(String what) {
    LOG.atWarn()
        .addKeyValue("what", what)
        .log("INSECURE: no TLS, whoever reaches this port may do everything");
  }

  static void refusedCall(String who, String method, String from) {
    if (PEERS.take()) {
      LOG.atWarn()
          .addKeyValue("who", who)
          .addKeyValue("method", method)
          .addKeyValue("from", from)
          .log("call refused");
    }
  }

  static void refusedPeer(String who, String cause) {
    if (PEERS.take()) {
      LOG.atWarn().addKeyValue("who", who).addKeyValue("cause", cause).log("certificate refused");
    }
  }

  static void connectionEnded(String who, String cause) {
    LOG.atWarn().addKeyValue("who", who).addKeyValue("cause", cause).log("connection ended");
  }

  static void refusedConnection(String from, String cause) {
    if (PEERS.take()) {
      LOG.atWarn().addKeyValue("from", from).addKeyValue("cause", cause).log("connection refused");
    }
  }
}

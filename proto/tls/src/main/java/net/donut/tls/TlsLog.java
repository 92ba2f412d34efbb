package net.donut.tls;

import net.donut.model.queue.LineBudgets;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Every event this package logs. What a peer can cause is within [LineBudgets].
final class TlsLog {
  private static final Logger LOG = LoggerFactory.getLogger("net.donut.tls");
  private static final LineBudgets PEERS =
      new LineBudgets(
          (kind, more) -> LOG.atWarn().addKeyValue("more", more).log("{}: more like it", kind));

  private TlsLog() {}

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
    if (PEERS.take("call refused")) {
      LOG.atWarn()
          .addKeyValue("who", LineBudgets.oneLine(who))
          .addKeyValue("method", method)
          .addKeyValue("from", from)
          .log("call refused");
    }
  }

  static void refusedPeer(String who, String cause) {
    if (PEERS.take("certificate refused")) {
      LOG.atWarn()
          .addKeyValue("who", LineBudgets.oneLine(who))
          .addKeyValue("cause", LineBudgets.oneLine(cause))
          .log("certificate refused");
    }
  }

  static void connectionEnded(String who, String cause) {
    LOG.atWarn().addKeyValue("who", who).addKeyValue("cause", cause).log("connection ended");
  }

  static void refusedConnection(String from, String cause) {
    if (PEERS.take("connection refused")) {
      LOG.atWarn().addKeyValue("from", from).addKeyValue("cause", cause).log("connection refused");
    }
  }

  static void handshakeEnded(String from, String cause) {
    if (PEERS.take("handshake ended")) {
      LOG.atWarn().addKeyValue("from", from).addKeyValue("cause", cause).log("handshake ended");
    }
  }

  /// A line of gRPC or Netty.
  static void transport(String source, String text, String cause) {
    if (PEERS.take("gRPC " + source)) {
      LOG.atWarn()
          .addKeyValue("source", source)
          .addKeyValue("text", text)
          .addKeyValue("cause", cause)
          .log("gRPC");
    }
  }
}

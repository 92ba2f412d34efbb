package net.donut.agent.service;

import java.nio.file.Path;
import net.donut.model.queue.LineBudgets;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Every event this package logs.
final class ServiceLog {
  private static final Logger LOG = LoggerFactory.getLogger("net.donut.agent.service");
  private static final LineBudgets PEERS =
      new LineBudgets(
          (kind, more) -> LOG.atWarn().addKeyValue("more", more).log("{}: more like it", kind));

  private ServiceLog() {}

  static void configured(long generation, int neighbors, int refused) {
    if (PEERS.take("configured")) {
      LOG.atInfo()
          .addKeyValue("generation", generation)
          .addKeyValue("neighbors", neighbors)
          .addKeyValue("refused", refused)
          .log("configured");
    }
  }

  static void configurationUnreadable(Path file, Path aside, Exception cause) {
    LOG.atWarn()
        .addKeyValue("file", file)
        .addKeyValue("aside", aside)
        .addKeyValue("cause", cause.getMessage())
        .log("saved configuration unreadable");
  }

  static void configurationNotSaved(Exception cause) {
    LOG.atWarn().addKeyValue("cause", cause.toString()).log("configuration not saved");
  }

  static void torndown(String session, String why) {
    if (PEERS.take("session torn down " + session)) {
      LOG.atWarn()
          .addKeyValue("session", session)
          .addKeyValue("because", why)
          .log("session torn down");
    }
  }

  static void addressReturned(String address, String interfaceName, String session) {
    if (PEERS.take("local address returned")) {
      LOG.atInfo()
          .addKeyValue("address", address)
          .addKeyValue("interface", interfaceName)
          .addKeyValue("session", session)
          .log("local address returned, session tried");
    }
  }

  static void bfdFailed(String session, String diagnostic) {
    if (PEERS.take("BFD failed " + session)) {
      LOG.atWarn()
          .addKeyValue("session", session)
          .addKeyValue("diagnostic", diagnostic)
          .log("BFD failed, session torn down");
    }
  }

  static void linkReturned(String interfaceName, String session) {
    if (PEERS.take("link returned")) {
      LOG.atInfo()
          .addKeyValue("interface", interfaceName)
          .addKeyValue("session", session)
          .log("link returned, session tried");
    }
  }

  static void notice(String text) {
    if (PEERS.take("notice")) {
      LOG.atWarn().addKeyValue("text", LineBudgets.oneLine(text)).log("notice");
    }
  }

  static void noticesDropped(int count) {
    if (PEERS.take("notices dropped")) {
      LOG.atWarn().addKeyValue("count", count).log("notices dropped");
    }
  }

  static void advertiserGone(String cause) {
    if (PEERS.take("advertise stream ended")) {
      LOG.atInfo().addKeyValue("cause", cause).log("advertise stream ended, announcements stay");
    }
  }
}

package net.donut.agent;

import java.net.SocketAddress;
import java.nio.file.Path;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Every event this package logs.
final class AgentLog {
  private static final Logger LOG = LoggerFactory.getLogger("net.donut.agent");

  private AgentLog() {}

  static void started(String name, SocketAddress listen, String kernel, long millis) {
    LOG.atInfo()
        .addKeyValue("name", name)
        .addKeyValue("listen", listen)
        .addKeyValue("kernel", kernel)
        .addKeyValue("millis", millis)
        .log("agent started");
  }

  static void restored(long generation, int neighbors) {
    LOG.atInfo()
        .addKeyValue("generation", generation)
        .addKeyValue("neighbors", neighbors)
        .log("configuration of the last run restored");
  }

  static void savedConfigurationRefused(String cause) {
    LOG.atWarn().addKeyValue("cause", cause).log("configuration of the last run refused");
  }

  static void recording(Path file) {
    LOG.atInfo().addKeyValue("file", file).log("recording what the owner of routes is told");
  }

  static void recordingEnded(String why) {
    LOG.atWarn().addKeyValue("why", why).log("recording ended, the agent goes on");
  }

  static void stopping(int kept, int ceased) {
    LOG.atInfo()
        .addKeyValue("kept_by_graceful_restart", kept)
        .addKeyValue("ceased", ceased)
        .log("agent stops, kernel routes stay");
  }

  static void sessionsNotClosed(Throwable cause) {
    LOG.atWarn().addKeyValue("cause", String.valueOf(cause)).log("sessions not closed in time");
  }

  static void failed(Throwable cause) {
    LOG.atError().setCause(cause).log("agent failed");
  }
}

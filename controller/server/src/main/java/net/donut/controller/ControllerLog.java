package net.donut.controller;

import java.nio.file.Path;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// What this package logs.
final class ControllerLog {
  private static final Logger LOG = LoggerFactory.getLogger("donut.controller");

  private ControllerLog() {}

  static void policy(String file, String why, long generation) {
    LOG.atInfo()
        .addKeyValue("file", file)
        .addKeyValue("why", why)
        .addKeyValue("generation", generation)
        .log("policy in use");
  }

  static void warning(String line) {
    LOG.atWarn().addKeyValue("problem", line).log("policy");
  }

  static void notWritten(String trouble) {
    LOG.atWarn().addKeyValue("problem", trouble).log("state");
  }

  static void recording(Path file) {
    LOG.atInfo().addKeyValue("file", file).log("inputs are recorded");
  }

  static void recordingStopped(String why) {
    LOG.atWarn().addKeyValue("reason", why).log("recording ended; the controller goes on");
  }

  static void started(String version, long start) {
    LOG.atInfo().addKeyValue("version", version).addKeyValue("start", start).log("controller up");
  }

  static void stopped() {
    LOG.atInfo().log("controller down");
  }
}

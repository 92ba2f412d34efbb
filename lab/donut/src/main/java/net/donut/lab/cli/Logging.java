package net.donut.lab.cli;

import java.nio.file.Path;

/// Where this process logs: to a file, so that the story on the terminal stays readable. Must come
/// before the first logger.
final class Logging {
  private Logging() {}

  static void to(Path file) {
    System.setProperty("org.slf4j.simpleLogger.logFile", file.toString());
    System.setProperty("org.slf4j.simpleLogger.showDateTime", "true");
    System.setProperty("org.slf4j.simpleLogger.dateTimeFormat", "HH:mm:ss.SSS");
  }
}

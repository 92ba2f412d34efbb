package net.donut.lab.clab.run;

import java.time.Duration;

/// Durations as people and Docker say them.
final class AgeText {
  private AgeText() {}

  static String words(Duration age) {
    long seconds = age.toSeconds();
    if (seconds < 120) {
      return seconds == 1 ? "1 second" : seconds + " seconds";
    }
    if (seconds < 7200) {
      return seconds / 60 + " minutes";
    }
    return seconds < 172_800 ? seconds / 3600 + " hours" : seconds / 86_400 + " days";
  }
}

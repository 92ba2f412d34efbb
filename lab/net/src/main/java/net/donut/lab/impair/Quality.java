package net.donut.lab.impair;

import java.time.Duration;

/// How one direction of a link was found to be.
///
/// @param sent frames to find out with
/// @param jitter half of what lies between the first and the 99th hundredth of the delays
/// @param rateBits a second; 0 when it was not measured
public record Quality(
    int sent,
    Duration delayP50,
    Duration delayP99,
    Duration jitter,
    double lossPercent,
    long rateBits) {
  /// Whether nothing arrived, so that delay and jitter mean nothing.
  public boolean isDead() {
    return lossPercent >= 100;
  }
}

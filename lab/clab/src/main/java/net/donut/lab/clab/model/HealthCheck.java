package net.donut.lab.clab.model;

import java.time.Duration;
import java.util.List;

/// A command that tells whether a node works, run again and again.
///
/// @param command its words; it is healthy when it exits with 0. Empty for no check, not even that
///   of the image
/// @param retries how many failures in a row make a node unhealthy
/// @param startPeriod how long failures after the start do not count
public record HealthCheck(
    List<String> command, Duration interval, Duration timeout, int retries, Duration startPeriod) {
  public HealthCheck {
    command = List.copyOf(command);
  }

  public boolean isNone() {
    return command.isEmpty();
  }
}

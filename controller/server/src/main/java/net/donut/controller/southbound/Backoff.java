package net.donut.controller.southbound;

import java.time.Duration;

/// Waiting times that double from the first to the last.
final class Backoff {
  private final Duration first;
  private final Duration last;
  private Duration next;

  Backoff(Duration first, Duration last) {
    this.first = first;
    this.last = last;
    this.next = first;
  }

  Duration next() {
    Duration now = next;
    Duration doubled = now.multipliedBy(2);
    next = doubled.compareTo(last) > 0 ? last : doubled;
    return now;
  }

  void reset() {
    next = first;
  }
}

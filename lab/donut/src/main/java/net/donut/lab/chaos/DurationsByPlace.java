package net.donut.lab.chaos;

import java.util.HashMap;
import java.util.Map;

/// How long something lasts at each of many places, and where it lasted longest.
///
/// @param <P> a place
final class DurationsByPlace<P> {
  private final Map<P, Long> since = new HashMap<>();
  private long longestNanos;
  private String longest = "never";

  /// It is so at a place now; gives the nanoseconds since it began.
  long goesOn(P place, long now) {
    long nanos = now - since.computeIfAbsent(place, _ -> now);
    if (nanos > longestNanos) {
      longestNanos = nanos;
      longest = nanos / 1_000_000 + " ms, " + place;
    }
    return nanos;
  }

  /// It is not so at a place now.
  void ends(P place) {
    since.remove(place);
  }

  void forget() {
    since.clear();
  }

  /// The longest spell and its place.
  String longest() {
    return longest;
  }
}

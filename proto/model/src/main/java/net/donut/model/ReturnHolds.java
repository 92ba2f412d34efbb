package net.donut.model;

import java.time.Duration;
import java.util.HashMap;
import java.util.Map;

/// Bad news at once, good news after a hold: how long what failed must stay well before it is
/// trusted. Belongs to whoever made it; time comes in.
///
/// Each failure doubles the hold of the next return, up to a longest; a failure counts half after
/// each [#HALF_LIFE] without another.
///
/// @param <K> what fails
public final class ReturnHolds<K> {
  public static final Duration HALF_LIFE = Duration.ofSeconds(60);

  /// Holds grow from `first`, 0 for none at all, to `longest`.
  public record Range(Duration first, Duration longest) {
    public static final Range DEFAULT = new Range(Duration.ofSeconds(1), Duration.ofSeconds(60));

    public Range {
      if (first.isNegative() || longest.compareTo(first) < 0) {
        throw new IllegalArgumentException(
            "holds: %s to %s (expected: 0s or more, and the longest not below the first)"
                .formatted(first, longest));
      }
    }
  }

  private static final double FORGOTTEN = 0.25;

  private record Penalty(double failures, long atNanos) {
    double at(long nowNanos) {
      return failures * Math.pow(0.5, (double) (nowNanos - atNanos) / HALF_LIFE.toNanos());
    }
  }

  private Range range;
  private final Map<K, Penalty> penalties = new HashMap<>();

  public ReturnHolds(Range range) {
    this.range = range;
  }

  public Range range() {
    return range;
  }

  /// Holds are in this range from now on; failures stay remembered.
  public void range(Range value) {
    range = value;
  }

  /// Something failed now.
  public void failed(K key, long nowNanos) {
    penalties.values().removeIf(penalty -> penalty.at(nowNanos) < FORGOTTEN);
    double most =
        1
            + Math.log((double) range.longest().toNanos() / Math.max(1, range.first().toNanos()))
                / Math.log(2);
    Penalty before = penalties.get(key);
    double failures = Math.min(1 + (before == null ? 0 : before.at(nowNanos)), Math.max(1, most));
    penalties.put(key, new Penalty(failures, nowNanos));
  }

  /// How long it must stay well if it returns now.
  public Duration hold(K key, long nowNanos) {
    Penalty penalty = penalties.get(key);
    long doublings = penalty == null ? 0 : Math.max(0, Math.round(penalty.at(nowNanos)) - 1);
    double nanos = range.first().toNanos() * Math.pow(2, (double) doublings);
    return nanos >= range.longest().toNanos() ? range.longest() : Duration.ofNanos((long) nanos);
  }
}

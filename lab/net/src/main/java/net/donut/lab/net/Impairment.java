package net.donut.lab.net;

import java.time.Duration;
import java.util.EnumMap;
import java.util.Map;
import java.util.stream.Collectors;

/// How much worse than a wire a link is, the same in both directions.
///
/// @param jitter how far the delay varies to either side
/// @param rateBits a second; 0 for no limit
/// @param reorderPercent of packets that are not delayed, and so overtake others
public record Impairment(
    Duration delay,
    Duration jitter,
    double lossPercent,
    long rateBits,
    double duplicatePercent,
    double corruptPercent,
    double reorderPercent) {
  private static final Duration LONGEST = Duration.ofSeconds(5);
  private static final long LEAST_BITS = 8_000;
  private static final long MOST_BITS = 100_000_000_000L;

  /// That of a plain wire.
  public static final Impairment NONE = of(Map.of());

  public Impairment {
    requireShare(Measure.LOSS, lossPercent);
    requireShare(Measure.DUPLICATE, duplicatePercent);
    requireShare(Measure.CORRUPT, corruptPercent);
    requireShare(Measure.REORDER, reorderPercent);
    if (delay.compareTo(LONGEST) > 0) {
      throw new IllegalArgumentException(
          "delay: " + Measure.text(delay) + " (expected: at most " + Measure.text(LONGEST) + ")");
    }
    if (jitter.compareTo(delay) > 0) {
      throw new IllegalArgumentException(
          "jitter: %s (expected: at most the delay, %s)"
              .formatted(Measure.text(jitter), Measure.text(delay)));
    }
    if (reorderPercent > 0 && delay.isZero()) {
      throw new IllegalArgumentException("reorder: needs a delay, which some packets do without");
    }
    if (rateBits != 0 && (rateBits < LEAST_BITS || rateBits > MOST_BITS)) {
      throw new IllegalArgumentException(
          "rate: %s (expected: %s to %s)"
              .formatted(
                  Measure.bitsText(rateBits),
                  Measure.bitsText(LEAST_BITS),
                  Measure.bitsText(MOST_BITS)));
    }
  }

  private static void requireShare(Measure measure, double percent) {
    if (!(percent >= 0 && percent <= 100)) {
      throw new IllegalArgumentException(
          measure.word() + ": " + percent + " (expected: 0 to 100 percent)");
    }
  }

  /// What texts such as `20ms`, `1%` and `50mbit` say; what is not there is none. Throws
  /// IllegalArgumentException that names the measure.
  public static Impairment of(Map<Measure, String> texts) {
    return new Impairment(
        duration(texts, Measure.DELAY),
        duration(texts, Measure.JITTER),
        percent(texts, Measure.LOSS),
        texts.containsKey(Measure.RATE)
            ? Measure.bits(Measure.RATE.word(), texts.get(Measure.RATE))
            : 0,
        percent(texts, Measure.DUPLICATE),
        percent(texts, Measure.CORRUPT),
        percent(texts, Measure.REORDER));
  }

  private static Duration duration(Map<Measure, String> texts, Measure measure) {
    return texts.containsKey(measure)
        ? Measure.duration(measure.word(), texts.get(measure))
        : Duration.ZERO;
  }

  private static double percent(Map<Measure, String> texts, Measure measure) {
    return texts.containsKey(measure) ? Measure.percent(measure.word(), texts.get(measure)) : 0;
  }

  /// The measures it has, as [#of] reads them.
  public Map<Measure, String> texts() {
    Map<Measure, String> texts = new EnumMap<>(Measure.class);
    put(texts, Measure.DELAY, delay);
    put(texts, Measure.JITTER, jitter);
    put(texts, Measure.LOSS, lossPercent);
    if (rateBits > 0) {
      texts.put(Measure.RATE, Measure.bitsText(rateBits));
    }
    put(texts, Measure.DUPLICATE, duplicatePercent);
    put(texts, Measure.CORRUPT, corruptPercent);
    put(texts, Measure.REORDER, reorderPercent);
    return texts;
  }

  private static void put(Map<Measure, String> texts, Measure measure, Duration time) {
    if (!time.isZero()) {
      texts.put(measure, Measure.text(time));
    }
  }

  private static void put(Map<Measure, String> texts, Measure measure, double percent) {
    if (percent > 0) {
      texts.put(measure, Measure.percentText(percent));
    }
  }

  /// Such as `delay 20ms loss 1%`; `none` of one that does nothing.
  @Override
  public String toString() {
    return equals(NONE)
        ? "none"
        : texts().entrySet().stream()
            .map(measure -> measure.getKey().word() + " " + measure.getValue())
            .collect(Collectors.joining(" "));
  }
}

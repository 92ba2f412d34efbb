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
    requireShare(ImpairmentKind.LOSS, lossPercent);
    requireShare(ImpairmentKind.DUPLICATE, duplicatePercent);
    requireShare(ImpairmentKind.CORRUPT, corruptPercent);
    requireShare(ImpairmentKind.REORDER, reorderPercent);
    if (delay.compareTo(LONGEST) > 0) {
      throw new IllegalArgumentException(
          "delay: "
              + ImpairmentKind.text(delay)
              + " (expected: at most "
              + ImpairmentKind.text(LONGEST)
              + ")");
    }
    if (jitter.compareTo(delay) > 0) {
      throw new IllegalArgumentException(
          "jitter: %s (expected: at most the delay, %s)"
              .formatted(ImpairmentKind.text(jitter), ImpairmentKind.text(delay)));
    }
    if (reorderPercent > 0 && delay.isZero()) {
      throw new IllegalArgumentException("reorder: needs a delay, which some packets do without");
    }
    if (rateBits != 0 && (rateBits < LEAST_BITS || rateBits > MOST_BITS)) {
      throw new IllegalArgumentException(
          "rate: %s (expected: %s to %s)"
              .formatted(
                  ImpairmentKind.bitsText(rateBits),
                  ImpairmentKind.bitsText(LEAST_BITS),
                  ImpairmentKind.bitsText(MOST_BITS)));
    }
  }

  private static void requireShare(ImpairmentKind measure, double percent) {
    if (!(percent >= 0 && percent <= 100)) {
      throw new IllegalArgumentException(
          measure.word() + ": " + percent + " (expected: 0 to 100 percent)");
    }
  }

  /// What texts such as `20ms`, `1%` and `50mbit` say; what is not there is none. Throws
  /// IllegalArgumentException that names the measure.
  public static Impairment of(Map<ImpairmentKind, String> texts) {
    return new Impairment(
        duration(texts, ImpairmentKind.DELAY),
        duration(texts, ImpairmentKind.JITTER),
        percent(texts, ImpairmentKind.LOSS),
        texts.containsKey(ImpairmentKind.RATE)
            ? ImpairmentKind.bits(ImpairmentKind.RATE.word(), texts.get(ImpairmentKind.RATE))
            : 0,
        percent(texts, ImpairmentKind.DUPLICATE),
        percent(texts, ImpairmentKind.CORRUPT),
        percent(texts, ImpairmentKind.REORDER));
  }

  private static Duration duration(Map<ImpairmentKind, String> texts, ImpairmentKind measure) {
    return texts.containsKey(measure)
        ? ImpairmentKind.duration(measure.word(), texts.get(measure))
        : Duration.ZERO;
  }

  private static double percent(Map<ImpairmentKind, String> texts, ImpairmentKind measure) {
    return texts.containsKey(measure)
        ? ImpairmentKind.percent(measure.word(), texts.get(measure))
        : 0;
  }

  /// The measures it has, as [#of] reads them.
  public Map<ImpairmentKind, String> texts() {
    Map<ImpairmentKind, String> texts = new EnumMap<>(ImpairmentKind.class);
    put(texts, ImpairmentKind.DELAY, delay);
    put(texts, ImpairmentKind.JITTER, jitter);
    put(texts, ImpairmentKind.LOSS, lossPercent);
    if (rateBits > 0) {
      texts.put(ImpairmentKind.RATE, ImpairmentKind.bitsText(rateBits));
    }
    put(texts, ImpairmentKind.DUPLICATE, duplicatePercent);
    put(texts, ImpairmentKind.CORRUPT, corruptPercent);
    put(texts, ImpairmentKind.REORDER, reorderPercent);
    return texts;
  }

  private static void put(
      Map<ImpairmentKind, String> texts, ImpairmentKind measure, Duration time) {
    if (!time.isZero()) {
      texts.put(measure, ImpairmentKind.text(time));
    }
  }

  private static void put(
      Map<ImpairmentKind, String> texts, ImpairmentKind measure, double percent) {
    if (percent > 0) {
      texts.put(measure, ImpairmentKind.percentText(percent));
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

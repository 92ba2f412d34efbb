package net.donut.lab.net;

import java.math.BigDecimal;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// One thing that an impairment says of a link, with the word for it in files and options, as `tc`
/// and netlab have them.
public enum ImpairmentKind {
  DELAY,
  JITTER,
  LOSS,
  RATE,
  DUPLICATE,
  CORRUPT,
  REORDER;

  private static final Pattern TIME = Pattern.compile("([0-9]{1,9}(?:\\.[0-9]{1,6})?)(us|ms|s)");
  private static final Pattern SHARE = Pattern.compile("([0-9]{1,3}(?:\\.[0-9]{1,6})?)%?");
  private static final Pattern BITS = Pattern.compile("([0-9]{1,9}(?:\\.[0-9]{1,6})?)([kmg]?)bit");

  public String word() {
    return name().toLowerCase(Locale.ROOT);
  }

  public static List<String> words() {
    return Arrays.stream(values()).map(ImpairmentKind::word).toList();
  }

  /// A time such as `20ms` or `1.5s`. Throws IllegalArgumentException that begins with `what`.
  public static Duration duration(String what, String text) {
    Matcher matcher = match(what, TIME, text, "such as 20ms or 1.5s");
    long unit =
        switch (matcher.group(2)) {
          case "us" -> 1_000;
          case "ms" -> 1_000_000;
          default -> 1_000_000_000;
        };
    return Duration.ofNanos(
        new BigDecimal(matcher.group(1)).multiply(BigDecimal.valueOf(unit)).longValue());
  }

  /// Percent such as `1%` or `0.1`.
  public static double percent(String what, String text) {
    return Double.parseDouble(match(what, SHARE, text, "such as 1% or 0.1%").group(1));
  }

  /// Bits a second of text such as `50mbit` or `1gbit`.
  static long bits(String what, String text) {
    Matcher matcher = match(what, BITS, text, "such as 50mbit or 1gbit");
    long unit =
        switch (matcher.group(2)) {
          case "k" -> 1_000;
          case "m" -> 1_000_000;
          case "g" -> 1_000_000_000;
          default -> 1;
        };
    return new BigDecimal(matcher.group(1)).multiply(BigDecimal.valueOf(unit)).longValue();
  }

  private static Matcher match(String what, Pattern pattern, String text, String expected) {
    Matcher matcher = pattern.matcher(text.strip().toLowerCase(Locale.ROOT));
    if (!matcher.matches()) {
      throw new IllegalArgumentException(what + ": '" + text + "' (expected: " + expected + ")");
    }
    return matcher;
  }

  /// The shortest text that [#duration] reads as this.
  public static String text(Duration time) {
    long nanos = time.toNanos();
    return nanos % 1_000_000_000 == 0
        ? nanos / 1_000_000_000 + "s"
        : nanos >= 1_000_000
            ? number(BigDecimal.valueOf(nanos, 6)) + "ms"
            : number(BigDecimal.valueOf(nanos, 3)) + "us";
  }

  static String percentText(double percent) {
    return number(BigDecimal.valueOf(percent)) + "%";
  }

  /// The shortest text that [#bits] reads as this.
  public static String bitsText(long bits) {
    if (bits % 1_000_000_000 == 0) {
      return bits / 1_000_000_000 + "gbit";
    }
    return bits >= 1_000_000
        ? number(BigDecimal.valueOf(bits, 6)) + "mbit"
        : number(BigDecimal.valueOf(bits, 3)) + "kbit";
  }

  private static String number(BigDecimal number) {
    return number.stripTrailingZeros().toPlainString();
  }
}

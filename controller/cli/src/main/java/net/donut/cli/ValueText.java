package net.donut.cli;

import java.math.BigDecimal;
import java.math.RoundingMode;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.time.format.DateTimeParseException;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import net.donut.model.IpAddress;
import net.donut.model.Prefix;
import net.donut.model.Relation;

/// Text of values that several commands print, and checks of what operators type.
final class ValueText {
  /// The relation of those who sell us the rest of the internet.
  static final String TRANSIT = "transit";

  private static final Duration A_DAY = Duration.ofDays(1);

  private ValueText() {}

  /// A time of day in UTC: `11:58Z`, with the date when it is a day ago or more.
  static String moment(long unixMillis) {
    Instant moment = Instant.ofEpochMilli(unixMillis);
    boolean today = Duration.between(moment, Instant.now()).compareTo(A_DAY) < 0;
    return DateTimeFormatter.ofPattern(today ? "HH:mm'Z'" : "uuuu-MM-dd HH:mm'Z'", Locale.ROOT)
        .withZone(ZoneOffset.UTC)
        .format(moment);
  }

  /// Time since an instant in milliseconds of the Unix epoch: `12s`, `3m04s`, `2h05m`, `4d03h`; `-`
  /// for 0.
  static String since(long unixMillis) {
    if (unixMillis == 0) {
      return "-";
    }
    return span(Duration.between(Instant.ofEpochMilli(unixMillis), Instant.now()));
  }

  /// As [#since].
  static String span(Duration age) {
    if (age.isNegative()) {
      return "0s";
    }
    if (age.toDays() > 0) {
      return String.format("%dd%02dh", age.toDays(), age.toHoursPart());
    }
    if (age.toHours() > 0) {
      return String.format("%dh%02dm", age.toHours(), age.toMinutesPart());
    }
    return age.toMinutes() > 0
        ? String.format("%dm%02ds", age.toMinutes(), age.toSecondsPart())
        : age.toSeconds() + "s";
  }

  static String percent(double share) {
    return String.format(Locale.ROOT, "%.1f %%", 100 * share);
  }

  /// A number as people read it: `1,012,402`. Unsigned.
  static String number(long value) {
    return value >= 0 ? String.format(Locale.ROOT, "%,d", value) : Long.toUnsignedString(value);
  }

  /// A price of a Mbit/s a month: `0.30`, `free` for none.
  static String price(double price) {
    if (price == 0) {
      return "free";
    }
    BigDecimal exact = BigDecimal.valueOf(price).stripTrailingZeros();
    return exact.setScale(Math.max(2, exact.scale()), RoundingMode.UNNECESSARY).toPlainString();
  }

  static String yes(boolean value) {
    return value ? "yes" : "no";
  }

  /// A time such as `90s`, `30m` or `1h30m`; throws [Failures.Refused] with what is expected.
  static Duration time(String option, String text) {
    try {
      Duration time = Duration.parse("PT" + text);
      if (time.toSeconds() > 0) {
        return time;
      }
    } catch (DateTimeParseException e) {
      // Refused below.
    }
    throw new Failures.Refused(
        Failures.USAGE,
        "%s: '%s' (expected: a time of a second or more, such as 90s, 30m, 2h)"
            .formatted(option, text));
  }

  /// The word of a relation as it is; throws [Failures.Refused] with those there are.
  static String relation(String word) {
    String known = word.equals("peer") ? Relation.PRIVATE_PEER.word() : word;
    List<String> words = Arrays.stream(Relation.values()).map(Relation::word).toList();
    if (!words.contains(known)) {
      throw new Failures.Refused(
          Failures.USAGE,
          "--relation: '%s' (expected: %s)".formatted(word, String.join(", ", words)));
    }
    return known;
  }

  /// The address as it is; throws [Failures.Refused] with what is expected.
  static String address(String text) {
    try {
      return IpAddress.parse(text).toString();
    } catch (IllegalArgumentException e) {
      throw new Failures.Refused(Failures.USAGE, String.valueOf(e.getMessage()));
    }
  }

  /// The prefix as it is; throws [Failures.Refused] with what is expected.
  static String prefix(String text) {
    try {
      return Prefix.parse(text).toString();
    } catch (IllegalArgumentException e) {
      throw new Failures.Refused(Failures.USAGE, String.valueOf(e.getMessage()));
    }
  }
}

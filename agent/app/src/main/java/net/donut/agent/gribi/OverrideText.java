package net.donut.agent.gribi;

import com.google.protobuf.ByteString;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// What the metadata of a prefix says of an override: `override ms=MILLIS then=GROUP`. Pure.
sealed interface OverrideText {
  /// Nothing: it means something else, or there is none.
  record Absent() implements OverrideText {}

  /// The prefix stands on its group for a time, and then on another.
  ///
  /// @param millis from the arrival of the operation, 1..[#MOST_MILLIS]
  /// @param then the group after that, of the prefix's network instance, unsigned
  record Terms(long millis, long then) implements OverrideText {}

  /// Meant as an override, and wrong.
  ///
  /// @param why value and expectation, for the client
  record Unreadable(String why) implements OverrideText {}

  /// A week.
  long MOST_MILLIS = 604_800_000;

  ByteString START = ByteString.copyFromUtf8("override ");
  Pattern FORM = Pattern.compile("override ms=([0-9]+) then=([0-9]+)");
  int LONGEST = 64;
  OverrideText ABSENT = new Absent();

  /// Reads metadata as it came, of any length and content.
  static OverrideText read(ByteString metadata) {
    if (metadata.isEmpty() || !metadata.startsWith(START)) {
      return ABSENT;
    }
    if (metadata.size() > LONGEST) {
      return new Unreadable(
          "override: text of %d bytes (expected: at most %d)".formatted(metadata.size(), LONGEST));
    }
    String text = metadata.toStringUtf8();
    Matcher form = FORM.matcher(text);
    return form.matches()
        ? terms(form.group(1), form.group(2))
        : new Unreadable("'" + text + "' (expected: override ms=MILLIS then=GROUP)");
  }

  private static OverrideText terms(String millisDigits, String thenDigits) {
    long millis = unsigned(millisDigits);
    if (millis < 1 || millis > MOST_MILLIS) {
      return new Unreadable(
          "override ms: %s (expected: 1..%d)".formatted(millisDigits, MOST_MILLIS));
    }
    long then = unsigned(thenDigits);
    if (then == 0) {
      return new Unreadable(
          "override then: %s (expected: 1..%s, the id of a next-hop group)"
              .formatted(thenDigits, Long.toUnsignedString(-1)));
    }
    return new Terms(millis, then);
  }

  /// The value of digits, 0 when they are beyond 64 bits.
  private static long unsigned(String digits) {
    try {
      return Long.parseUnsignedLong(digits);
    } catch (NumberFormatException e) {
      return 0;
    }
  }
}

package net.donut.lab.clab.model;

import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// An amount of memory, as Docker writes it: `64m`, `256MB`, `1.5gb`; units are powers of 1024.
public record ByteSize(long bytes) {
  private static final Pattern FORM =
      Pattern.compile("(?<number>[0-9]{1,12}(\\.[0-9]{1,3})?) ?(?<unit>[kmgt]?)i?b?");
  private static final String UNITS = "kmgt";

  /// Throws IllegalArgumentException for another text.
  public static ByteSize parse(String text) {
    Matcher matcher = FORM.matcher(text.toLowerCase(Locale.ROOT));
    if (!matcher.matches()) {
      throw new IllegalArgumentException("'" + text + "' (expected: a size such as 64m or 1gb)");
    }
    String unit = matcher.group("unit");
    int power = unit.isEmpty() ? 0 : 1 + UNITS.indexOf(unit);
    return new ByteSize(
        (long) (Double.parseDouble(matcher.group("number")) * Math.pow(1024, power)));
  }
}

package net.donut.lab.clab.template;

import java.math.BigDecimal;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/// Numbers of templates: `Long` and `Double`, and what Go and containerlab take for one.
final class Numbers {
  private static final Pattern WHOLE =
      Pattern.compile(
          "(?<sign>[+-]?)(?:0[xX](?<x>[0-9a-fA-F_]+)|0[oO]?(?<o>[0-7_]+)|0[bB](?<b>[01_]+)"
              + "|(?<d>[0-9][0-9_]*))");
  private static final Pattern DECIMAL =
      Pattern.compile("[+-]?(?:[0-9]+\\.?[0-9]*|\\.[0-9]+)(?:[eE][+-]?[0-9]{1,4})?");
  private static final int LEAST_PLAIN_EXPONENT = -4;
  private static final int MOST_PLAIN_EXPONENT = 20;

  private Numbers() {}

  /// A number as a template writes it. Throws IllegalArgumentException.
  static Object literal(String text) {
    return WHOLE.matcher(text).matches() ? (Object) whole(text) : (Object) decimal(text);
  }

  /// Throws IllegalArgumentException for a text that is no whole number of 64 bits.
  private static long whole(String text) {
    Matcher matcher = WHOLE.matcher(text);
    if (!matcher.matches()) {
      throw notOne(text);
    }
    String sign = matcher.group("sign");
    for (Base base : Base.values()) {
      String digits = matcher.group(base.name());
      if (digits != null) {
        return parsed(text, sign + digits.replace("_", ""), base.radix);
      }
    }
    throw notOne(text);
  }

  private static long parsed(String text, String digits, int radix) {
    try {
      return Long.parseLong(digits, radix);
    } catch (NumberFormatException e) {
      IllegalArgumentException fault = notOne(text);
      fault.initCause(e);
      throw fault;
    }
  }

  /// The groups of [#WHOLE].
  private enum Base {
    x(16),
    o(8),
    b(2),
    d(10);

    private final int radix;

    Base(int radix) {
      this.radix = radix;
    }
  }

  private static double decimal(String text) {
    if (!DECIMAL.matcher(text).matches()) {
      throw notOne(text);
    }
    return Double.parseDouble(text);
  }

  private static IllegalArgumentException notOne(Object value) {
    return new IllegalArgumentException("'" + value + "' (expected: a number of at most 64 bits)");
  }

  /// A whole number; a fraction is cut off. Throws IllegalArgumentException.
  static long whole(@Nullable Object value) {
    return switch (value) {
      case Long number -> number;
      case Double number -> number.longValue();
      case Boolean truth -> truth ? 1 : 0;
      case String text -> {
        Object number = literal(text.replace(",", ""));
        yield number instanceof Double fraction ? fraction.longValue() : (long) number;
      }
      case null, default -> throw notOne(Values.text(value));
    };
  }

  /// Throws IllegalArgumentException.
  static double fraction(@Nullable Object value) {
    return switch (value) {
      case Double number -> number;
      case String text ->
          literal(text.replace(",", "")) instanceof Double number ? number : (double) whole(text);
      case null, default -> (double) whole(value);
    };
  }

  /// Whether a sum with it is one of fractions.
  static boolean isFraction(@Nullable Object value) {
    return value instanceof Double
        || (value instanceof String text
            && DECIMAL.matcher(text).matches()
            && !WHOLE.matcher(text).matches());
  }

  /// As Go prints it: the shortest that is the same number, with an exponent where it is long.
  static String text(double number) {
    if (Double.isNaN(number) || Double.isInfinite(number)) {
      return Double.isNaN(number) ? "NaN" : number > 0 ? "+Inf" : "-Inf";
    }
    if (number == 0) {
      return 1 / number < 0 ? "-0" : "0";
    }
    BigDecimal shortest = new BigDecimal(Double.toString(number)).stripTrailingZeros();
    int exponent = shortest.precision() - shortest.scale() - 1;
    if (exponent >= LEAST_PLAIN_EXPONENT && exponent <= MOST_PLAIN_EXPONENT) {
      return shortest.toPlainString();
    }
    String digits = shortest.unscaledValue().abs().toString();
    String point = digits.length() > 1 ? "." + digits.substring(1) : "";
    return "%s%s%se%s%02d"
        .formatted(
            number < 0 ? "-" : "",
            digits.charAt(0),
            point,
            exponent < 0 ? "-" : "+",
            Math.abs(exponent));
  }
}

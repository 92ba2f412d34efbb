package net.donut.lab.clab.template;

import java.util.Iterator;
import java.util.List;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/// Go's `printf`: `%v %s %q %d %b %o %x %X %c %t %f %e`, with width and precision. Where Go writes
/// a complaint into its output, this throws IllegalArgumentException.
final class Printf {
  private static final Pattern FORM =
      Pattern.compile("%(?<flags>[-+ 0]*)(?<width>[0-9]*)(?:\\.(?<precision>[0-9]*))?(?<verb>.)?");
  private static final int MOST_WIDTH = 1000;
  private static final int PRECISION = 6;

  private Printf() {}

  static String of(String format, List<? extends @Nullable Object> arguments) {
    Iterator<? extends @Nullable Object> left = arguments.iterator();
    StringBuilder out = new StringBuilder();
    Matcher form = FORM.matcher(format);
    int end = 0;
    while (form.find()) {
      out.append(format, end, form.start());
      end = form.end();
      if ("%".equals(form.group("verb"))) {
        out.append('%');
      } else if (left.hasNext()) {
        out.append(padded(form, left.next()));
      } else {
        throw new IllegalArgumentException("nothing is left for " + form.group());
      }
    }
    if (left.hasNext()) {
      throw new IllegalArgumentException(
          "'%s' has no place for %s".formatted(format, Values.text(left.next())));
    }
    return out.append(format.substring(end)).toString();
  }

  private static String padded(Matcher form, @Nullable Object value) {
    String text = text(form, value);
    String flags = form.group("flags");
    boolean isNumber = value instanceof Long || value instanceof Double;
    if (isNumber && !text.startsWith("-")) {
      text = (flags.contains("+") ? "+" : flags.contains(" ") ? " " : "") + text;
    }
    int missing = number(form, "width", 0) - text.codePointCount(0, text.length());
    if (missing <= 0) {
      return text;
    }
    if (flags.contains("-")) {
      return text + " ".repeat(missing);
    }
    if (flags.contains("0")) {
      int sign = isNumber && "+- ".indexOf(text.charAt(0)) >= 0 ? 1 : 0;
      return text.substring(0, sign) + "0".repeat(missing) + text.substring(sign);
    }
    return " ".repeat(missing) + text;
  }

  private static int number(Matcher form, String group, int absent) {
    String digits = form.group(group);
    if (digits == null || digits.isEmpty()) {
      return digits == null ? absent : 0;
    }
    int number = digits.length() > 4 ? Integer.MAX_VALUE : Integer.parseInt(digits);
    if (number > MOST_WIDTH) {
      throw new IllegalArgumentException(
          "%s of %s (expected: at most %d)".formatted(group, form.group(), MOST_WIDTH));
    }
    return number;
  }

  private static String text(Matcher form, @Nullable Object value) {
    String verb = form.group("verb");
    return switch (verb == null ? "" : verb) {
      case "v" -> cut(form, Values.text(value));
      case "s" ->
          cut(form, value instanceof List<?> ? Values.text(value) : as(String.class, form, value));
      case "q" -> GoJson.quoted(as(String.class, form, value));
      case "d" -> Long.toString(as(Long.class, form, value));
      case "b" -> Long.toString(as(Long.class, form, value), 2);
      case "o" -> Long.toString(as(Long.class, form, value), 8);
      case "x" -> Long.toString(as(Long.class, form, value), 16);
      case "X" -> Long.toString(as(Long.class, form, value), 16).toUpperCase(Locale.ROOT);
      case "c" -> character(form, as(Long.class, form, value));
      case "t" -> as(Boolean.class, form, value).toString();
      case "f", "F" -> fraction(form, "f", value);
      case "e" -> fraction(form, "e", value);
      default ->
          throw new IllegalArgumentException(
              "%s is not known (expected: %%v %%s %%q %%d %%b %%o %%x %%X %%c %%t %%f %%e)"
                  .formatted(form.group()));
    };
  }

  private static String cut(Matcher form, String text) {
    int most = number(form, "precision", Integer.MAX_VALUE);
    int length = text.codePointCount(0, text.length());
    return most >= length ? text : text.substring(0, text.offsetByCodePoints(0, most));
  }

  private static String character(Matcher form, long code) {
    if (!Character.isValidCodePoint((int) code) || code != (int) code) {
      throw new IllegalArgumentException(form.group() + " of " + code + " (expected: a character)");
    }
    return Character.toString((int) code);
  }

  private static String fraction(Matcher form, String verb, @Nullable Object value) {
    double number = as(Double.class, form, value);
    if (Double.isNaN(number) || Double.isInfinite(number)) {
      return Numbers.text(number);
    }
    String one = "%." + number(form, "precision", PRECISION) + verb;
    return String.format(Locale.ROOT, one, number);
  }

  /// What a verb is for.
  private static <T> T as(Class<T> type, Matcher form, @Nullable Object value) {
    if (value != null && type.isInstance(value)) {
      return type.cast(value);
    }
    throw new IllegalArgumentException(
        "%s of %s, which is %s (expected: what the verb is for; %%v takes anything)"
            .formatted(form.group(), Values.text(value), Values.kind(value)));
  }
}

package net.donut.lab.clab.template;

/// The escapes of Go's quoted texts and characters.
final class Escapes {
  private static final String PLAIN = "abfnrtv\\'\"";
  private static final String MEANT = "\u0007\b\f\n\r\t\u000b\\'\"";

  private Escapes() {}

  /// What stands between quotes, with its escapes resolved. Throws IllegalArgumentException for one
  /// that Go does not know.
  static String resolve(String text) {
    StringBuilder out = new StringBuilder();
    int at = 0;
    while (at < text.length()) {
      char c = text.charAt(at++);
      if (c != '\\') {
        out.append(c);
        continue;
      }
      char kind = at < text.length() ? text.charAt(at++) : ' ';
      int plain = PLAIN.indexOf(kind);
      if (plain >= 0) {
        out.append(MEANT.charAt(plain));
      } else {
        int digits = digits(kind);
        out.appendCodePoint(code(text, at, digits));
        at += digits;
      }
    }
    return out.toString();
  }

  private static int digits(char kind) {
    return switch (kind) {
      case 'x' -> 2;
      case 'u' -> 4;
      case 'U' -> 8;
      default ->
          throw new IllegalArgumentException(
              "escape \\" + kind + " (expected: one of " + PLAIN + "xuU)");
    };
  }

  private static int code(String text, int at, int digits) {
    String number = text.substring(at, Math.min(text.length(), at + digits));
    if (!number.matches("[0-9a-fA-F]{" + digits + "}")) {
      throw new IllegalArgumentException(
          "escape of '" + number + "' (expected: " + digits + " hexadecimal digits)");
    }
    long code = Long.parseLong(number, 16);
    if (code > Character.MAX_CODE_POINT) {
      throw new IllegalArgumentException("escape of '" + number + "' (expected: a character)");
    }
    return (int) code;
  }

  /// The number of the character that stands between single quotes.
  static long character(String text) {
    String resolved = resolve(text);
    if (resolved.codePointCount(0, resolved.length()) != 1) {
      throw new IllegalArgumentException("'" + text + "' (expected: one character)");
    }
    return resolved.codePointAt(0);
  }
}

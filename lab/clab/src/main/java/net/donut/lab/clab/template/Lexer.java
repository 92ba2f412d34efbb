package net.donut.lab.clab.template;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import net.donut.lab.clab.model.FilePlace;
import org.jspecify.annotations.Nullable;

/// Cuts a template into texts and actions. Owned by the thread that reads the template.
final class Lexer {
  private static final String SPACE = " \t\r\n";
  private static final String OPEN = "{{";
  private static final String CLOSE = "}}";

  private final String file;
  private final String text;
  private final int[] lines;
  private int at;

  private Lexer(String file, String text) {
    this.file = file;
    this.text = text;
    int[] starts = new int[(int) text.chars().filter(c -> c == '\n').count() + 1];
    for (int line = 1; line < starts.length; line++) {
      starts[line] = text.indexOf('\n', starts[line - 1]) + 1;
    }
    this.lines = starts;
  }

  /// Throws TemplateException where the text is no template.
  static List<TemplatePiece> pieces(String file, String text) {
    return new Lexer(file, text).pieces();
  }

  private List<TemplatePiece> pieces() {
    List<TemplatePiece> pieces = new ArrayList<>();
    while (at < text.length()) {
      int open = text.indexOf(OPEN, at);
      int end = open < 0 ? text.length() : open;
      boolean trims = open >= 0 && text.startsWith("-", open + 2) && isSpace(open + 3);
      String plain = text.substring(at, trims ? backOverSpace(end) : end);
      if (!plain.isEmpty()) {
        pieces.add(new TemplatePiece.Text(plain, place(at)));
      }
      at = end;
      if (open >= 0) {
        at += trims ? 3 : 2;
        if (!comment(open)) {
          pieces.add(new TemplatePiece.Action(tokens(open), place(open)));
        }
      }
    }
    return pieces;
  }

  private int backOverSpace(int end) {
    int kept = end;
    while (kept > at && isSpace(kept - 1)) {
      kept--;
    }
    return kept;
  }

  private boolean isSpace(int offset) {
    return offset < text.length() && SPACE.indexOf(text.charAt(offset)) >= 0;
  }

  private void skipSpace() {
    while (isSpace(at)) {
      at++;
    }
  }

  private FilePlace place(int offset) {
    int found = Arrays.binarySearch(lines, offset);
    int line = found >= 0 ? found : -found - 2;
    return new FilePlace(file, line + 1, offset - lines[line] + 1);
  }

  private boolean comment(int open) {
    int begin = at;
    skipSpace();
    if (!text.startsWith("/*", at)) {
      at = begin;
      return false;
    }
    int end = text.indexOf("*/", at + 2);
    at = end + 2;
    if (end < 0 || !closes()) {
      throw new TemplateException(place(open), "a comment is not closed (expected: */}})");
    }
    return true;
  }

  /// Whether the action ends here; goes over its end, and over the space that it trims.
  private boolean closes() {
    if (text.startsWith(CLOSE, at)) {
      at += 2;
      return true;
    }
    int dash = at;
    while (isSpace(dash)) {
      dash++;
    }
    if ((dash > at || isSpace(at - 1)) && text.startsWith("-" + CLOSE, dash)) {
      at = dash + 3;
      skipSpace();
      return true;
    }
    return false;
  }

  private List<Token> tokens(int open) {
    List<Token> tokens = new ArrayList<>();
    while (true) {
      int before = at;
      skipSpace();
      if (closes()) {
        return tokens;
      }
      if (at >= text.length()) {
        throw new TemplateException(place(open), "an action is not closed (expected: }})");
      }
      tokens.add(token(at > before));
    }
  }

  private Token token(boolean isSpaced) {
    int begin = at;
    char c = text.charAt(at);
    if (isLetter(c)) {
      return new Token(Token.Kind.WORD, word(), null, isSpaced, place(begin));
    }
    if (c == '.' && at + 1 < text.length() && isLetter(text.charAt(at + 1))) {
      at++;
      return new Token(Token.Kind.FIELD, word(), null, isSpaced, place(begin));
    }
    if (c == '$') {
      at++;
      return new Token(Token.Kind.VARIABLE, "$" + word(), null, isSpaced, place(begin));
    }
    Object literal = literal();
    if (literal != null) {
      return new Token(
          Token.Kind.LITERAL, text.substring(begin, at), literal, isSpaced, place(begin));
    }
    String sign = text.startsWith(":=", at) ? ":=" : String.valueOf(c);
    if (!sign.equals(":=") && "()|=,.".indexOf(c) < 0) {
      throw new TemplateException(place(begin), "'" + c + "' has no meaning in an action");
    }
    at += sign.length();
    return new Token(Token.Kind.SIGN, sign, null, isSpaced, place(begin));
  }

  private static boolean isLetter(char c) {
    return Character.isLetter(c) || c == '_';
  }

  private String word() {
    int begin = at;
    while (at < text.length()
        && (isLetter(text.charAt(at)) || Character.isDigit(text.charAt(at)))) {
      at++;
    }
    return text.substring(begin, at);
  }

  private @Nullable Object literal() {
    char c = text.charAt(at);
    return c == '"' || c == '\'' || c == '`' ? quoted(at, c) : number(at);
  }

  /// Null where no number begins.
  private @Nullable Object number(int begin) {
    char c = text.charAt(begin);
    int digit = c == '+' || c == '-' ? begin + 1 : begin;
    if (digit < text.length() && text.charAt(digit) == '.') {
      digit++;
    }
    if (digit >= text.length() || text.charAt(digit) < '0' || text.charAt(digit) > '9') {
      return null;
    }
    at = digit;
    while (at < text.length() && isOfNumber(at)) {
      at++;
    }
    String number = text.substring(begin, at);
    try {
      return Numbers.literal(number);
    } catch (IllegalArgumentException e) {
      throw new TemplateException(place(begin), "'" + number + "' (expected: a number)");
    }
  }

  private boolean isOfNumber(int offset) {
    char c = text.charAt(offset);
    boolean sign = (c == '+' || c == '-') && "eEpP".indexOf(text.charAt(offset - 1)) >= 0;
    return isLetter(c) || Character.isDigit(c) || c == '.' || sign;
  }

  private boolean isLineEnd(int offset) {
    return text.charAt(offset) == '\n';
  }

  private Object quoted(int begin, char quote) {
    int end = begin + 1;
    boolean isRaw = quote == '`';
    while (end < text.length() && text.charAt(end) != quote && (isRaw || !isLineEnd(end))) {
      end += text.charAt(end) == '\\' && !isRaw ? 2 : 1;
    }
    if (end >= text.length() || text.charAt(end) != quote) {
      throw new TemplateException(place(begin), "a text is not closed (expected: " + quote + ")");
    }
    at = end + 1;
    String inner = text.substring(begin + 1, end);
    try {
      return switch (quote) {
        case '"' -> Escapes.resolve(inner);
        case '\'' -> Escapes.character(inner);
        default -> inner;
      };
    } catch (IllegalArgumentException e) {
      throw new TemplateException(place(begin), String.valueOf(e.getMessage()));
    }
  }
}

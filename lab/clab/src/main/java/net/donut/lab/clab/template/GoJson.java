package net.donut.lab.clab.template;

import com.fasterxml.jackson.core.io.JsonStringEncoder;
import java.util.List;
import java.util.Map;
import java.util.StringJoiner;
import org.jspecify.annotations.Nullable;

/// A value as JSON the way Go writes it: mappings by key, and nothing that HTML takes for a sign.
///
/// @param isPretty whether each entry has a line of its own
/// @param prefix what every line but the first begins with
/// @param indent of each level
record GoJson(boolean isPretty, String prefix, String indent) {
  static final GoJson COMPACT = new GoJson(false, "", "");

  String of(@Nullable Object value) {
    return text(value, 0);
  }

  private String text(@Nullable Object value, int level) {
    return switch (value) {
      case null -> "null";
      case String text -> escaped(text);
      case Double number -> Numbers.text(number);
      case List<?> list -> {
        StringJoiner out = joiner("[", "]", level, list.isEmpty());
        list.forEach(item -> Values.add(out, text(item, level + 1)));
        yield out.toString();
      }
      case Map<?, ?> map -> {
        StringJoiner out = joiner("{", "}", level, map.isEmpty());
        String colon = isPretty ? ": " : ":";
        Values.sorted(map)
            .forEach((key, item) -> Values.add(out, escaped(key) + colon + text(item, level + 1)));
        yield out.toString();
      }
      default -> value.toString();
    };
  }

  private StringJoiner joiner(String open, String close, int level, boolean isEmpty) {
    if (!isPretty || isEmpty) {
      return new StringJoiner(",", open, close);
    }
    Budget.requireText((long) indent.length() * (level + 1));
    String line = "\n" + prefix + indent.repeat(level);
    return new StringJoiner("," + line + indent, open + line + indent, line + close);
  }

  /// A text between quotes.
  static String quoted(String text) {
    return "\"" + new String(JsonStringEncoder.getInstance().quoteAsString(text)) + "\"";
  }

  private static String escaped(String text) {
    return quoted(text).replace("<", "\\u003c").replace(">", "\\u003e").replace("&", "\\u0026");
  }
}

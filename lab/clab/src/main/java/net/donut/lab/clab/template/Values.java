package net.donut.lab.clab.template;

import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.StringJoiner;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/// Values of templates: null, `Boolean`, `Long`, `Double`, `String`, `List` and `Map`.
final class Values {
  private static final String NUMBER = "[0-9]{1,18}";

  /// Keys that are numbers first and as such.
  private static final Comparator<String> KEYS =
      Comparator.<String>comparingLong(
              key -> key.matches(NUMBER) ? Long.parseLong(key) : Long.MAX_VALUE)
          .thenComparing(Comparator.naturalOrder());

  private Values() {}

  /// Whether `if` goes its first way.
  static boolean isTrue(@Nullable Object value) {
    return switch (value) {
      case null -> false;
      case Boolean truth -> truth;
      case Long number -> number != 0;
      case Double number -> number != 0;
      case String text -> !text.isEmpty();
      case List<?> list -> !list.isEmpty();
      case Map<?, ?> map -> !map.isEmpty();
      default -> true;
    };
  }

  /// As Go prints it inside of others; what is printed by itself is [#printed].
  static String text(@Nullable Object value) {
    return switch (value) {
      case null -> "<nil>";
      case Double number -> Numbers.text(number);
      case List<?> list -> {
        StringJoiner out = new StringJoiner(" ", "[", "]");
        list.forEach(item -> add(out, text(item)));
        yield out.toString();
      }
      case Map<?, ?> map -> {
        StringJoiner out = new StringJoiner(" ", "map[", "]");
        sorted(map).forEach((key, item) -> add(out, key + ":" + text(item)));
        yield out.toString();
      }
      default -> value.toString();
    };
  }

  /// Throws IllegalArgumentException when a text becomes too long.
  static void add(StringJoiner out, String text) {
    Budget.requireText((long) out.length() + text.length());
    out.add(text);
  }

  /// What an action writes.
  static String printed(@Nullable Object value) {
    return value == null ? "<no value>" : text(value);
  }

  /// In the order in which `range` takes it.
  static Map<String, @Nullable Object> sorted(Map<?, ?> map) {
    Map<String, @Nullable Object> sorted = new TreeMap<>(KEYS);
    map.forEach((key, item) -> sorted.put(text(key), item));
    return sorted;
  }

  /// What it is, for messages.
  static String kind(@Nullable Object value) {
    return switch (value) {
      case null -> "nothing";
      case Boolean _ -> "a truth value";
      case Long _, Double _ -> "a number";
      case String _ -> "a text";
      case List<?> _ -> "a list";
      case Map<?, ?> _ -> "a mapping";
      default -> value.getClass().getSimpleName();
    };
  }

  /// About how much work it is to go through it.
  static long size(@Nullable Object value) {
    return switch (value) {
      case String text -> text.length();
      case List<?> list -> list.size();
      case Map<?, ?> map -> map.size();
      case null, default -> 1;
    };
  }
}

package net.donut.lab.clab.template;

import static java.util.Map.entry;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.DoubleBinaryOperator;
import java.util.function.LongBinaryOperator;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.LongStream;
import org.jspecify.annotations.Nullable;

/// The functions of templates: Go's own, and those that containerlab adds. `and` and `or` are among
/// the names only: they do not evaluate all of their arguments.
final class Functions {
  /// How long a list of a template gets.
  private static final int MOST_ITEMS = 100_000;

  private static final int MANY = Integer.MAX_VALUE;

  /// A function and how many arguments it takes. It throws IllegalArgumentException for others than
  /// it can use.
  record Function(int least, int most, Body body) {
    /// What it does.
    interface Body {
      @Nullable Object of(List<? extends @Nullable Object> arguments);
    }

    @Nullable Object of(List<? extends @Nullable Object> arguments) {
      int given = arguments.size();
      if (given < least || given > most) {
        throw new IllegalArgumentException(
            "%d arguments (expected: %s)"
                .formatted(
                    given,
                    least == most ? least : least + (most == MANY ? " or more" : ".." + most)));
      }
      return body.of(arguments);
    }
  }

  private static final Map<String, Function> GO =
      Map.ofEntries(
          entry("eq", new Function(2, MANY, Comparison::equalsAny)),
          entry("ne", new Function(2, 2, list -> !Comparison.equalsAny(list))),
          entry("lt", new Function(2, 2, list -> order(list) < 0)),
          entry("le", new Function(2, 2, list -> order(list) <= 0)),
          entry("gt", new Function(2, 2, list -> order(list) > 0)),
          entry("ge", new Function(2, 2, list -> order(list) >= 0)),
          entry("not", new Function(1, 1, list -> !Values.isTrue(list.getFirst()))),
          entry("len", new Function(1, 1, list -> length(list.getFirst()))),
          entry("index", new Function(1, MANY, Functions::index)),
          entry("print", new Function(0, MANY, Functions::print)),
          entry("println", new Function(0, MANY, Functions::printLine)),
          entry(
              "printf",
              new Function(
                  1,
                  MANY,
                  list -> Printf.of(text(list.getFirst()), list.subList(1, list.size())))));

  /// `until` and `add1` are of containerlab's first releases, with which its examples were written.
  private static final Map<String, Function> CONTAINERLAB =
      Map.ofEntries(
          entry("add", new Function(2, 2, list -> calculated(list, Math::addExact, Double::sum))),
          entry("add1", new Function(1, 1, list -> Math.addExact(Numbers.whole(list.get(0)), 1))),
          entry(
              "subtract",
              new Function(2, 2, list -> calculated(list, Math::subtractExact, (a, b) -> a - b))),
          entry(
              "mul",
              new Function(2, 2, list -> calculated(list, Math::multiplyExact, (a, b) -> a * b))),
          entry("div", new Function(2, 2, Functions::quotient)),
          entry("rem", new Function(2, 2, Functions::remainder)),
          entry("seq", new Function(1, 3, Functions::sequence)),
          entry("until", new Function(1, 1, Functions::until)),
          entry("ToJSON", new Function(1, 1, list -> GoJson.COMPACT.of(list.getFirst()))),
          entry(
              "ToJSONPretty",
              new Function(
                  3,
                  3,
                  list ->
                      new GoJson(true, text(list.get(1)), text(list.get(2))).of(list.getFirst()))),
          entry("strings.Split", new Function(2, 2, Functions::split)),
          entry("strings.ReplaceAll", new Function(3, 3, Functions::replaceAll)),
          entry("conv.Join", new Function(2, 2, Functions::join)),
          entry("conv.ToInt", new Function(1, 1, list -> Numbers.whole(list.getFirst()))));

  private static final Set<String> LAZY = Set.of("and", "or");

  private Functions() {}

  static boolean knows(String name) {
    return LAZY.contains(name) || GO.containsKey(name) || CONTAINERLAB.containsKey(name);
  }

  /// All names, by the alphabet.
  static Set<String> names() {
    Set<String> names = new TreeSet<>(LAZY);
    names.addAll(GO.keySet());
    names.addAll(CONTAINERLAB.keySet());
    return names;
  }

  /// One that [#knows] and that is neither `and` nor `or`.
  static @Nullable Object call(String name, List<? extends @Nullable Object> arguments) {
    Function function = GO.containsKey(name) ? GO.get(name) : CONTAINERLAB.get(name);
    if (function == null) {
      throw new IllegalArgumentException("no such function");
    }
    try {
      return function.of(arguments);
    } catch (ArithmeticException e) {
      throw new IllegalArgumentException("the result has more than 64 bits", e);
    }
  }

  private static int order(List<? extends @Nullable Object> list) {
    return Comparison.order(list.get(0), list.get(1));
  }

  private static Object length(@Nullable Object value) {
    return switch (value) {
      case String text -> (long) text.getBytes(StandardCharsets.UTF_8).length;
      case List<?> list -> (long) list.size();
      case Map<?, ?> map -> (long) map.size();
      case null, default ->
          throw new IllegalArgumentException(
              Values.kind(value) + " (expected: a text, a list or a mapping)");
    };
  }

  private static @Nullable Object index(List<? extends @Nullable Object> list) {
    Object value = list.getFirst();
    for (Object key : list.subList(1, list.size())) {
      value =
          switch (value) {
            case Map<?, ?> map -> map.get(Values.text(key));
            case List<?> items -> items.get(position(items, key));
            case null, default ->
                throw new IllegalArgumentException(
                    "%s of %s (expected: a list or a mapping)"
                        .formatted(Values.text(key), Values.kind(value)));
          };
    }
    return value;
  }

  private static int position(List<?> items, @Nullable Object key) {
    if (!(key instanceof Long number) || number < 0 || number >= items.size()) {
      throw new IllegalArgumentException(
          "%s of a list of %d (expected: a whole number from 0 below that)"
              .formatted(Values.text(key), items.size()));
    }
    return number.intValue();
  }

  /// With a space between two of which neither is a text.
  private static String print(List<? extends @Nullable Object> list) {
    StringBuilder out = new StringBuilder();
    for (int i = 0; i < list.size(); i++) {
      Object value = list.get(i);
      if (i > 0 && !(value instanceof String) && !(list.get(i - 1) instanceof String)) {
        out.append(' ');
      }
      out.append(Values.text(value));
    }
    return out.toString();
  }

  private static String printLine(List<? extends @Nullable Object> list) {
    return list.stream().map(Values::text).collect(Collectors.joining(" ", "", "\n"));
  }

  /// Of fractions when one of the two is, otherwise of whole numbers.
  private static Object calculated(
      List<? extends @Nullable Object> list, LongBinaryOperator whole, DoubleBinaryOperator any) {
    return list.stream().anyMatch(Numbers::isFraction)
        ? (Object) any.applyAsDouble(Numbers.fraction(list.get(0)), Numbers.fraction(list.get(1)))
        : (Object) whole.applyAsLong(Numbers.whole(list.get(0)), Numbers.whole(list.get(1)));
  }

  /// Always one of fractions: 5 by 2 is 2.5.
  private static Object quotient(List<? extends @Nullable Object> list) {
    double divisor = Numbers.fraction(list.get(1));
    if (divisor == 0) {
      throw new IllegalArgumentException("a division by 0");
    }
    return Numbers.fraction(list.get(0)) / divisor;
  }

  private static Object remainder(List<? extends @Nullable Object> list) {
    long divisor = Numbers.whole(list.get(1));
    if (divisor == 0) {
      throw new IllegalArgumentException("a division by 0");
    }
    return Numbers.whole(list.get(0)) % divisor;
  }

  /// From 1, or the first of two, to the other in steps of 1 or of the third, up or down.
  private static Object sequence(List<? extends @Nullable Object> list) {
    long start = list.size() == 1 ? 1 : Numbers.whole(list.get(0));
    long end = Numbers.whole(list.get(list.size() == 1 ? 0 : 1));
    long step = list.size() == 3 ? Math.absExact(Numbers.whole(list.get(2))) : 1;
    if (step == 0) {
      return List.of();
    }
    long count = Math.absExact(Math.subtractExact(end, start)) / step + 1;
    requireItems(count);
    long change = end < start ? -step : step;
    return LongStream.range(0, count).mapToObj(i -> start + i * change).toList();
  }

  private static Object until(List<? extends @Nullable Object> list) {
    long count = Math.max(0, Numbers.whole(list.getFirst()));
    requireItems(count);
    return LongStream.range(0, count).boxed().toList();
  }

  private static void requireItems(long count) {
    if (count > MOST_ITEMS) {
      throw new IllegalArgumentException(
          "a list of %d (expected: at most %d items)".formatted(count, MOST_ITEMS));
    }
  }

  private static Object split(List<? extends @Nullable Object> list) {
    String text = coerced(list.get(1));
    String separator = text(list.get(0));
    List<Object> parts = new ArrayList<>();
    if (separator.isEmpty()) {
      requireItems(text.length());
      text.codePoints().mapToObj(Character::toString).forEach(parts::add);
    } else {
      Collections.addAll(parts, (Object[]) text.split(Pattern.quote(separator), MOST_ITEMS + 1));
      requireItems(parts.size());
    }
    return Collections.unmodifiableList(parts);
  }

  private static Object replaceAll(List<? extends @Nullable Object> list) {
    String old = text(list.get(0));
    String by = text(list.get(1));
    String text = list.get(2) == null ? "" : coerced(list.get(2));
    if (old.isEmpty()) {
      return text;
    }
    Budget.requireText((long) text.length() / old.length() * by.length() + text.length());
    return text.replace(old, by);
  }

  private static Object join(List<? extends @Nullable Object> list) {
    if (!(list.getFirst() instanceof List<?> items)) {
      throw new IllegalArgumentException(
          Values.kind(list.getFirst()) + " (expected: a list to join)");
    }
    String separator = text(list.get(1));
    StringBuilder out = new StringBuilder();
    for (int i = 0; i < items.size(); i++) {
      out.append(i == 0 ? "" : separator).append(coerced(items.get(i)));
      Budget.requireText(out.length());
    }
    return out.toString();
  }

  private static String coerced(@Nullable Object value) {
    return value == null ? "nil" : Values.text(value);
  }

  private static String text(@Nullable Object value) {
    if (value instanceof String text) {
      return text;
    }
    throw new IllegalArgumentException(
        "%s, which is %s (expected: a text)".formatted(Values.text(value), Values.kind(value)));
  }
}

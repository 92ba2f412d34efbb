package net.donut.lab.clab.template;

import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// Go's comparisons of two values of one kind. All throw IllegalArgumentException for two kinds.
final class Comparison {
  private Comparison() {}

  /// Nothing is equal to nothing only.
  static boolean equal(@Nullable Object a, @Nullable Object b) {
    if (a == null || b == null) {
      return a == null && b == null;
    }
    requireOneKind(a, b);
    return a.equals(b);
  }

  /// Whether the first value is one of the others.
  static boolean equalsAny(List<? extends @Nullable Object> values) {
    Object first = values.getFirst();
    return values.stream().skip(1).anyMatch(other -> equal(first, other));
  }

  /// Less than, equal to or greater than 0, for numbers and texts.
  static int order(@Nullable Object a, @Nullable Object b) {
    if (a == null || b == null || a instanceof Boolean) {
      throw new IllegalArgumentException(
          Values.kind(a == null || b == null ? null : a) + " (expected: numbers or texts)");
    }
    requireOneKind(a, b);
    return switch (a) {
      case Long number -> number.compareTo((Long) b);
      case Double number -> number.compareTo((Double) b);
      default -> a.toString().compareTo(b.toString());
    };
  }

  private static void requireOneKind(Object a, Object b) {
    boolean isBasic = !(a instanceof List || a instanceof Map);
    if (!isBasic || a.getClass() != b.getClass()) {
      throw new IllegalArgumentException(
          "%s '%s' and %s '%s' (expected: two of one basic kind)"
              .formatted(Values.kind(a), Values.text(a), Values.kind(b), Values.text(b)));
    }
  }
}

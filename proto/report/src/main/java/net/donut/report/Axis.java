package net.donut.report;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/// One axis of a chart: what it shows, in which unit, and how values lie on it.
public record Axis(String label, Scale scale) {

  /// How values lie on an axis.
  public enum Scale {
    LINEAR,
    /// By powers of ten; values of 0 and less stand at the lower end.
    LOG
  }

  public static Axis linear(String label) {
    return new Axis(label, Scale.LINEAR);
  }

  public static Axis log(String label) {
    return new Axis(label, Scale.LOG);
  }

  /// The span of an axis, widened to round numbers, and its marks.
  record Range(Scale scale, double low, double high, List<Double> marks) {
    /// Where a value lies, 0..1.
    double at(double value) {
      double place =
          scale == Scale.LINEAR
              ? (value - low) / (high - low)
              : (Math.log10(Math.max(value, low)) - Math.log10(low))
                  / (Math.log10(high) - Math.log10(low));
      return Math.clamp(place, 0, 1);
    }
  }

  Range range(double least, double most) {
    return scale == Scale.LINEAR ? linear(Math.min(0, least), most) : powers(least, most);
  }

  private static Range linear(double least, double most) {
    double top = most > least ? most : least + 1;
    double step = step((top - least) / 5);
    double low = Math.floor(least / step) * step;
    double high = Math.ceil(top / step - 1e-9) * step;
    List<Double> marks = new ArrayList<>();
    for (int i = 0; low + i * step <= high + step / 2; i++) {
      marks.add(low + i * step);
    }
    return new Range(Scale.LINEAR, low, high, marks);
  }

  /// The next of 1, 2, 5 times a power of ten.
  private static double step(double wanted) {
    double power = Math.pow(10, Math.floor(Math.log10(wanted)));
    double factor = wanted / power;
    return power * (factor <= 1 ? 1 : factor <= 2 ? 2 : factor <= 5 ? 5 : 10);
  }

  private static Range powers(double least, double most) {
    double top = most > 0 ? most : 1;
    double bottom = least > 0 ? least : top / 1000;
    int first = (int) Math.floor(Math.log10(bottom) + 1e-9);
    int last = Math.max(first + 1, (int) Math.ceil(Math.log10(top) - 1e-9));
    List<Double> marks = new ArrayList<>();
    for (int power = first; power <= last; power++) {
      marks.add(Math.pow(10, power));
    }
    return new Range(Scale.LOG, Math.pow(10, first), Math.pow(10, last), marks);
  }

  /// A value as short as it can be read: `1.5M`, `20k`, `0.3`.
  static String text(double value) {
    double size = Math.abs(value);
    if (size >= 1e9) {
      return trimmed(value / 1e9) + "G";
    }
    if (size >= 1e6) {
      return trimmed(value / 1e6) + "M";
    }
    return size >= 1e4 ? trimmed(value / 1e3) + "k" : trimmed(value);
  }

  private static String trimmed(double value) {
    String text = String.format(Locale.ROOT, Math.abs(value) < 0.1 ? "%.4f" : "%.2f", value);
    String shorter = text.replaceAll("0+$", "").replaceAll("\\.$", "");
    return shorter.isEmpty() || shorter.equals("-0") ? "0" : shorter;
  }
}

package net.donut.simulate;

import java.util.Locale;

/// Numbers as the reports write them.
final class ReportNumbers {
  private ReportNumbers() {}

  static String number(long value) {
    return String.format(Locale.ROOT, "%,d", value);
  }

  /// A share 0..1 in percent.
  static String share(double share) {
    double percent = 100 * share;
    String form = percent > 0 && percent < 0.1 ? "%.3f %%" : "%.1f %%";
    return String.format(Locale.ROOT, form, percent);
  }

  static String seconds(double seconds) {
    return String.format(Locale.ROOT, seconds < 10 ? "%.2f s" : "%.0f s", seconds);
  }

  static String millis(double millis) {
    return String.format(Locale.ROOT, "%.1f ms", millis);
  }

  /// A difference with its sign, `0` for none.
  static String change(long before, long after) {
    return after == before ? "0" : String.format(Locale.ROOT, "%+,d", after - before);
  }
}

package net.donut.report.text;

import java.util.Locale;

/// Numbers as people read them.
///
/// The rule for every text that a person reads: what is counted (routes, packets, bytes) has
/// thousands marks; what is a name or a value on the wire (AS numbers, ids, ports, MED, process
/// numbers) has none. JSON has none at all.
public final class Thousands {
  private Thousands() {}

  /// `15,562` for 15562.
  public static String marked(long count) {
    return String.format(Locale.ROOT, "%,d", count);
  }

  /// `1 prefix`, `15,562 prefixes`.
  public static String of(long count, String one, String more) {
    return marked(count) + " " + (count == 1 ? one : more);
  }
}

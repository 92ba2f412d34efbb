package net.donut.lab.net;

import java.util.Arrays;
import java.util.Locale;
import java.util.stream.Collectors;

/// The ways a link dies. Interfaces of routers are never touched: everything happens between the
/// wire ends.
public enum CutKind {
  /// Carrier goes at both ends.
  FIBRE,
  /// Both ends keep their carrier, and nothing arrives: a provider's switch between them has
  /// failed.
  SILENT,
  /// What the first end sends is lost, what the second sends arrives; carrier stays.
  ONE_WAY;

  /// As on the command line, such as `one-way`.
  public String word() {
    return name().toLowerCase(Locale.ROOT).replace('_', '-');
  }

  /// Throws IllegalArgumentException that names all kinds.
  public static CutKind parse(String word) {
    return Arrays.stream(values())
        .filter(kind -> kind.word().equals(word))
        .findFirst()
        .orElseThrow(
            () -> new IllegalArgumentException("kind: '" + word + "' (expected: " + words() + ")"));
  }

  private static String words() {
    return Arrays.stream(values()).map(CutKind::word).collect(Collectors.joining(", "));
  }
}

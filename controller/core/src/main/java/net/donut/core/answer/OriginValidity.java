package net.donut.core.answer;

import java.util.Locale;

/// What the RPKI says of a route's origin (RFC 6811 §2).
public enum OriginValidity {
  /// No payload covers the prefix.
  NOT_FOUND,
  /// A payload matches prefix, length and origin.
  VALID,
  /// Payloads cover the prefix and none matches.
  INVALID;

  /// The word used in output: `not-found`, `valid`, `invalid`.
  public String word() {
    return name().toLowerCase(Locale.ROOT).replace('_', '-');
  }
}

package net.donut.core.policy;

import java.util.Locale;

/// What a neighbor is told of our routes.
public enum ExportRule {
  /// Valley-free by learned relation.
  DEFAULT_RULES,
  /// Nothing.
  NONE,
  /// A default route only, while its router can reach a transit.
  DEFAULT_ROUTE;

  /// The word used in policy files: `default-rules`, `none`, `default-route`.
  public String word() {
    return name().toLowerCase(Locale.ROOT).replace('_', '-');
  }
}

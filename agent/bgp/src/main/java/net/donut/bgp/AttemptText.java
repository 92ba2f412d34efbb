package net.donut.bgp;

import org.jspecify.annotations.Nullable;

/// Why an attempt to establish a session failed, with what its settings have to do with it.
final class AttemptText {
  private AttemptText() {}

  /// `failure` is what happened; `dropped` counts what the kernel dropped for its MD5 signature
  /// since the attempts began, null when it does not tell.
  static String of(BgpNeighborConfig config, String failure, @Nullable Md5Counts dropped) {
    // The kernel drops segments with a wrong signature without a word: it looks like silence.
    if (!failure.startsWith("no answer")) {
      return failure;
    }
    if (config.md5Key() != null) {
      return failure
          + "; an md5 key is configured, and a wrong or missing one at either end looks like this"
          + (dropped == null
              ? ""
              : " (dropped by this router since: %d with another key, %d without one)"
                  .formatted(dropped.failure(), dropped.notFound()));
    }
    return dropped != null && dropped.unexpected() > 0
        ? failure
            + "; no md5 key is configured, and this router dropped %d segments signed with one"
                .formatted(dropped.unexpected())
        : failure;
  }
}

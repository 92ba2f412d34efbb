package net.donut.netlink;

/// What a write does about an object that already stands in its place.
public enum WriteMode {
  /// Creates; an object that is there already is a refusal with EEXIST. For a route this is the
  /// mode that never touches what another program put there.
  CREATE(RtNetlink.NLM_F_CREATE | RtNetlink.NLM_F_EXCL),

  /// Creates or replaces. For a route this replaces whoever's route has the same prefix, table and
  /// metric: the caller must know that it is ours.
  CREATE_OR_REPLACE(RtNetlink.NLM_F_CREATE | RtNetlink.NLM_F_REPLACE),

  /// Replaces; a missing object is a refusal with ENOENT.
  REPLACE(RtNetlink.NLM_F_REPLACE);

  private final int flags;

  WriteMode(int flags) {
    this.flags = flags;
  }

  int flags() {
    return flags;
  }
}

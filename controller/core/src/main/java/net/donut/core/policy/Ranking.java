package net.donut.core.policy;

/// What the decision looks at before AS_PATH length.
public enum Ranking {
  /// Drain, relation, graceful shutdown, operator preference.
  BANDS,
  /// LOCAL_PREF only (100 where absent): the plain decision of RFC 4271 §9.1. Every path is
  /// accepted, nothing is announced.
  LOCAL_PREF
}
